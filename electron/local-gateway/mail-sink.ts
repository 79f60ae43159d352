// A next hop on loopback that takes every message, so that a newcomer's first mail arrives somewhere. It remembers
// the envelopes of the newest messages and no content.
import { createServer, type Server, type Socket } from 'node:net';
import { done, failed, type Outcome } from '#contract/outcome';
import { errorCodeOf } from '../ssh/ssh-failure.ts';

/** Enough for a look at what came; the count goes on. */
const envelopesKept = 100;
const maxLineBytes = 64 * 1024;

export type Envelope = { from: string; to: string[]; bytes: number; at: string };
export type MailSink = {
  port: number;
  count(): number;
  /** Newest last. */
  envelopes(): readonly Envelope[];
  close: () => Promise<void>;
};

/** Listens on 127.0.0.1 and any free port. */
export async function startMailSink(): Promise<Outcome<MailSink>> {
  const kept: Envelope[] = [];
  let count = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    serve(socket, (envelope) => {
      count += 1;
      kept.push(envelope);
      if (kept.length > envelopesKept) kept.shift();
    });
  });
  const port = await listen(server);
  if (!port.ok) return port;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return done({ port: port.value, count: () => count, envelopes: () => kept, close });
}

function listen(server: Server): Promise<Outcome<number>> {
  return new Promise((resolve) => {
    server.once('error', (error) =>
      resolve(failed('internal', `No next hop on this computer: listening failed (${errorCodeOf(error)}).`)),
    );
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function serve(socket: Socket, onMessage: (envelope: Envelope) => void): void {
  let rest = '';
  let envelope: Envelope | null = null;
  let isData = false;
  const say = (reply: string) => socket.write(`${reply}\r\n`);
  say('220 sink.localhost ESMTP');

  const takeData = (line: string) => {
    if (envelope === null) return;
    if (line !== '.') return void (envelope.bytes += line.length + 2);
    isData = false;
    onMessage({ ...envelope, at: new Date().toISOString() });
    envelope = null;
    say('250 2.0.0 Taken');
  };

  const takeCommand = (line: string): unknown => {
    const from = /^MAIL FROM:\s*<([^>]*)>/i.exec(line);
    const to = /^RCPT TO:\s*<([^>]*)>/i.exec(line);
    if (/^EHLO/i.test(line))
      return say('250-sink.localhost\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES');
    if (/^(HELO|NOOP)/i.test(line)) return say('250 2.0.0 sink.localhost');
    if (/^QUIT/i.test(line)) return void socket.end('221 2.0.0 Bye\r\n');
    if (/^RSET/i.test(line)) envelope = null;
    else if (from !== null) envelope = { from: from[1] ?? '', to: [], bytes: 0, at: '' };
    else if (to !== null && envelope !== null) envelope.to.push(to[1] ?? '');
    else if (/^DATA/i.test(line) && envelope !== null && envelope.to.length > 0) {
      isData = true;
      return say('354 Go on');
    } else return say('503 5.5.1 Not now');
    return say('250 2.0.0 OK');
  };

  socket.on('data', (chunk: Buffer) => {
    rest += chunk.toString('latin1');
    const lines = rest.split('\r\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineBytes) socket.destroy();
    for (const line of lines) {
      if (isData) takeData(line);
      else takeCommand(line);
    }
  });
}
