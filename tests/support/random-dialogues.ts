// Plays random scripts to a real gateway and holds it to its promise: what it answered with 250 goes on, once and as it
// was sent, and nothing else does. How the bytes were cut makes no difference.
import { fc } from './properties.ts';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { startGateway, type TestGateway } from './smtp-gateway.ts';
import { startNextHop, type TestNextHop } from './smtp-next-hop.ts';
import { chunkLengths, smtpScript } from './smtp-scripts.ts';

/** A session that is not over by then is wedged. */
const patience = 30_000;

/** A script of many bytes is not sent one by one to its end: this many single ones, then larger pieces. */
const singleBytes = 3000;

type Stage = { gateway: TestGateway; hop: TestNextHop };
type Session = { replies: string[]; acknowledged: string[] };

/** `cutAt` ends the connection there, without waiting for an answer. */
type Manner = { chunks: readonly number[]; cutAt?: number };

async function speak(port: number, script: string, { chunks, cutAt }: Manner): Promise<Session> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  let heard = '';
  let isClosed = false;
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve())).then(() => (isClosed = true));
  await once(socket, 'data'); // the greeting
  const bytes = Buffer.from(script.slice(0, cutAt), 'latin1');
  for (let at = 0, turn = 0; at < bytes.length && !isClosed; turn += 1) {
    const length = Math.max(chunks[turn % chunks.length] ?? 1, turn > singleBytes ? 4096 : 1);
    socket.write(bytes.subarray(at, at + length));
    at += length;
    await nextTurn();
  }
  if (cutAt !== undefined) socket.destroy();
  const timer = setTimeout(() => socket.destroy(new Error('wedged')), patience);
  await closed;
  clearTimeout(timer);
  if (socket.errored?.message === 'wedged')
    throw new Error(`The session hangs after ${JSON.stringify(heard.slice(-300))}`);
  const replies = heard.split('\r\n').slice(0, -1);
  const acknowledged = replies.flatMap((reply) => /^250 2\.0\.0 Queued as (\S+)$/.exec(reply)?.[1] ?? []);
  return { replies, acknowledged };
}

/** Line ends made alike and leading dots gone: what a gateway may change on the way. */
function comparable(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\n').replace(/\n\.+/g, '\n');
}

/** References, ids and the rest of the words differ; the codes do not. */
function codesOf({ replies }: Session): string[] {
  return replies.map((reply) => reply.slice(0, 9));
}

/** A session that was cut may still be at work behind our back; then what it brought is passed on. */
async function settle(gateway: TestGateway): Promise<void> {
  const deadline = performance.now() + patience;
  while ((await gateway.status()).connections.now > 0 && performance.now() < deadline) await delay(2);
  await gateway.drained(patience);
}

/** Takes what has arrived and holds it against what was sent, the script before included; gives the ids. */
async function collect({ gateway, hop }: Stage, scripts: readonly string[]): Promise<string[]> {
  await settle(gateway);
  const sent = comparable(scripts.join('\n'));
  return hop.messages.splice(0).map(({ to, content }) => {
    const [, id = '', body = ''] = /^Received: [^]*? id (\w+)[^;]*;\r\n\t[^\r]*\r\n([^]*)$/.exec(content) ?? [];
    expect(to.every((each) => each.toLowerCase().endsWith('@mx.test') || /^postmaster@/i.test(each))).toBe(true);
    expect(sent).toContain(comparable(`\n${body}`).slice(1));
    return id;
  });
}

/** Plays so many scripts, each in one piece, in pieces, and cut off. Throws with the smallest script that fails. */
export async function playRandomDialogues(numRuns: number, seed?: number): Promise<{ played: number }> {
  const hop = await startNextHop();
  const gateway = await startGateway({ asProcess: true, nextHop: hop.address, rule: { maxRecipients: 5 } });
  let hasEnded = false;
  void gateway.ended.then(() => (hasEnded = true));
  const stage = { gateway, hop };
  let before = '';
  const property = fc.asyncProperty(
    smtpScript,
    chunkLengths,
    fc.double({ min: 0, max: 1, noNaN: true }),
    async (script, chunks, share) => {
      const scripts = [before, script];
      before = script;
      const { port } = gateway;
      const whole = await speak(port, script, { chunks: [script.length] });
      expect(await collect(stage, scripts)).toEqual(expect.arrayContaining(whole.acknowledged));
      const inPieces = await speak(port, script, { chunks });
      expect((await collect(stage, [script])).toSorted()).toEqual(inPieces.acknowledged.toSorted());
      expect(codesOf(inPieces)).toEqual(codesOf(whole));
      const cut = await speak(port, script, { chunks, cutAt: Math.floor(share * script.length) });
      expect(await collect(stage, [script])).toEqual(expect.arrayContaining(cut.acknowledged));
      expect(hasEnded).toBe(false);
    },
  );
  try {
    await fc.assert(property, { numRuns, ...(seed === undefined ? {} : { seed }) });
    await expect.poll(async () => (await gateway.status()).connections.now, { timeout: patience }).toBe(0);
    expect((await gateway.status()).queue).toMatchObject({ messages: 0, damaged: 0, stoppedBecause: null });
    expect(gateway.errors).toBe('');
    return { played: numRuns };
  } finally {
    await gateway.close();
    await hop.close();
  }
}
