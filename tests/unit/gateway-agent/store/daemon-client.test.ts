import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectDaemon, type DaemonConnection } from '../../../../gateway-agent/store/daemon-client.ts';
import { daemonSocketPath } from '../../../../gateway-agent/store/socket-path.ts';
import { type AnswerQuestion, startFakeDaemon } from '../../../support/fake-daemon.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-client-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function answerWith(answer: AnswerQuestion): Promise<DaemonConnection> {
  await startFakeDaemon(root, answer);
  const connection = await connectDaemon(root);
  if (!connection.ok) throw new Error(connection.problem.message);
  return connection.value;
}

describe('connectDaemon', () => {
  it('says that no daemon runs', async () => {
    expect(await connectDaemon(root)).toMatchObject({ ok: false, problem: { code: 'daemon-down' } });
  });

  it('says the same of a socket that a killed daemon left behind', async () => {
    await mkdir(join(root, 'run'));
    const program = `require('net').createServer().listen(${JSON.stringify(daemonSocketPath(root))}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', program]);
    expect(existsSync(daemonSocketPath(root))).toBe(true);

    expect(await connectDaemon(root)).toMatchObject({ ok: false, problem: { code: 'daemon-down' } });
  });

  it('gives each question its own answer', async () => {
    const connection = await answerWith(({ ask }) => {
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
