import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectDaemon, type DaemonConnection } from '../../../../gateway-agent/store/daemon-client.ts';
import { daemonSocketPath } from '../../../../gateway-agent/store/socket-path.ts';

let root: string;
let daemon: Server | null = null;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-client-'));
});
afterEach(async () => {
  daemon?.close();
  daemon = null;
  await rm(root, { recursive: true, force: true });
});

/** A daemon that answers each line so; null closes the connection. */
async function answerWith(answer: (line: string) => string | null): Promise<DaemonConnection> {
  await mkdir(dirname(daemonSocketPath(root)), { recursive: true });
  daemon = createServer((socket) => {
    socket.on('data', (chunk: Buffer) => {
      const reply = answer(chunk.toString());
      if (reply === null) socket.destroy();
      else socket.write(reply);
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => daemon?.listen(daemonSocketPath(root), resolve));
  const connection = await connectDaemon(root);
  if (!connection.ok) throw new Error(connection.problem.message);
  return connection.value;
}

describe('connectDaemon', () => {
  it('says that no daemon runs', async () => {
    expect(await connectDaemon(root)).toMatchObject({ ok: false, problem: { code: 'daemon-down' } });
  });

  it('says the same of a socket that a killed daemon left behind', async () => {
    const connection = await answerWith(() => null);
    connection.close();
    daemon?.close();

    expect(await connectDaemon(root)).toMatchObject({ ok: false, problem: { code: 'daemon-down' } });
  });

  it('gives each question its own answer, also one that arrives in pieces', async () => {
    const connection = await answerWith((line) => {
      const { ask } = JSON.parse(line) as { ask: string };
      return ask === 'status'
        ? '{"ok":true,"value":"a"}\n'
        : '{"ok":false,"problem":{"code":"busy","message":"b"}}\r\n';
    });

    expect(await connection.ask({ ask: 'status' })).toEqual({ ok: true, value: 'a' });
    expect(await connection.ask({ ask: 'prove' })).toEqual({ ok: false, problem: { code: 'busy', message: 'b' } });
    connection.close();
  });

  it('says that the daemon stopped in the middle of a question', async () => {
    const connection = await answerWith(() => null);

    expect(await connection.ask({ ask: 'obey' })).toMatchObject({ ok: false, problem: { code: 'daemon-down' } });
  });

  it('does not wait for a second answer after the connection ended', async () => {
    const connection = await answerWith(() => null);
    await connection.ask({ ask: 'obey' });

    expect(await connection.ask({ ask: 'status' })).toMatchObject({ ok: false, problem: { code: 'daemon-down' } });
  });

  it.each(['no JSON\n', '{"ok":"perhaps"}\n', '[]\n'])('takes %j for a daemon of another version', async (line) => {
    const connection = await answerWith(() => line);

    expect(await connection.ask({ ask: 'status' })).toMatchObject({ ok: false, problem: { code: 'internal' } });
    connection.close();
  });
});
