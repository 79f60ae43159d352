import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runRpc } from '../../../gateway-agent/rpc.ts';

const hello = JSON.stringify({ verb: 'hello', protocol: 1 });

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-rpc-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function call(input: Readable, environment: NodeJS.ProcessEnv = {}): Promise<{ status: number; last: unknown }> {
  const output = new PassThrough();
  const status = await runRpc({ root, author: 'anna', input, output, environment });
  const lines = String(output.read()).trim().split('\n');
  return { status, last: JSON.parse(lines.at(-1) ?? '') as unknown };
}

describe('runRpc', () => {
  it('answers hello without a daemon and exits with 0', async () => {
    const { status, last } = await call(Readable.from([hello]));

    expect(status).toBe(0);
    expect(last).toMatchObject({ ok: true, value: { daemonAnswers: false, currentRevision: null, author: 'anna' } });
  });

  it('reads a request that comes in pieces, cut inside a character', async () => {
    const bytes = Buffer.from(JSON.stringify({ verb: 'hello', protocol: 1, ü: 1 }));
    const cut = bytes.indexOf(0xc3) + 1;

    const { last } = await call(Readable.from([bytes.subarray(0, cut), bytes.subarray(cut)]));

    expect(last).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining('ü is not known') as string },
    });
  });

  it.each([
    ['192.0.2.7 50000 192.0.2.1 22', '192.0.2.7'],
    ['fe80::1%eth0 50000 fe80::2%eth0 22', 'fe80::1'],
    [undefined, null],
  ])('takes the caller’s address from %s', async (connection, address) => {
    const environment = connection === undefined ? {} : { SSH_CONNECTION: connection };
    const { last } = await call(Readable.from([hello]), environment);

    expect(last).toMatchObject({ value: { clientAddress: address } });
  });

  it('refuses more than 64 MiB and stops reading', async () => {
    const piece = Buffer.alloc(1024 * 1024, ' ');
    let sent = 0;
    const endless = Readable.from(
      (function* () {
        while (sent < 1000) {
          sent += 1;
          yield piece;
        }
      })(),
    );

    const { status, last } = await call(endless);

    expect(status).toBe(1);
    expect(last).toMatchObject({ problem: { code: 'bad-request', message: 'The request is longer than 64 MiB.' } });
    expect(sent).toBeLessThan(200);
  });

  it('finishes although nobody listens any more', async () => {
    const output = new Writable({
      write: (_chunk, _encoding, next) => next(Object.assign(new Error('EPIPE'), { code: 'EPIPE' })),
    });

    expect(await runRpc({ root, author: 'anna', input: Readable.from([hello]), output })).toBe(0);
  });

  it('goes on when its connection hangs up', async () => {
    const input = new PassThrough();
    const answered = call(input);
    input.write(hello.slice(0, 5));
    process.kill(process.pid, 'SIGHUP');
    await delay(50);
    input.end(hello.slice(5));

    expect((await answered).status).toBe(0);
  });

  it('tells what a wrong set-up looks like, without naming a path', async () => {
    await writeFile(join(root, 'releases'), 'a file in place of a folder');

    const { last } = await call(Readable.from([hello]));

    expect(last).toMatchObject({ problem: { code: 'storage-failed' } });
    expect(JSON.stringify(last)).not.toContain(root);
  });

  it('says what is wrong when the caller breaks off', async () => {
    const input = new PassThrough();
    input.write('{"verb":');
    setTimeout(() => input.destroy(new Error('gone')), 10);

    const { last } = await call(input);

    expect(last).toMatchObject({ problem: { code: 'bad-request' } });
  });
});
