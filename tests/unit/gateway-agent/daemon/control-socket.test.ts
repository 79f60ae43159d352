import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { done } from '../../../../gateway-agent/contract/outcome.ts';
import { openControlSocket } from '../../../../gateway-agent/daemon/control-socket.ts';
import { daemonSocketPath } from '../../../../gateway-agent/store/socket-path.ts';

describe('openControlSocket', () => {
  let root: string;
  let whileAnswering: () => void;
  let opened: Awaited<ReturnType<typeof openControlSocket>>;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'postern-control-'));
    await mkdir(join(root, 'run'));
    whileAnswering = () => undefined;
    const answer = (): Promise<ReturnType<typeof done<string>>> => {
      whileAnswering();
      return Promise.resolve(done('here'));
    };
    opened = await openControlSocket(root, { answer, leave: () => undefined });
  });
  afterEach(async () => {
    await opened.close();
    await rm(root, { recursive: true });
  });

  async function asked(): Promise<Socket> {
    const socket = connect(daemonSocketPath(root));
    await once(socket, 'connect');
    socket.write('{"ask":"status"}\n');
    return socket;
  }

  it('outlives an asker who leaves before its answer, and answers the next one', async () => {
    const crashes: unknown[] = [];
    const note = (error: unknown): void => void crashes.push(error);
    process.once('uncaughtException', note);
    const leaver = await asked();
    const hasLeft = once(leaver, 'close');
    // At once, so that the answer is written to a socket whose other end is gone: EPIPE.
    whileAnswering = () => leaver.destroy();
    await hasLeft;
    whileAnswering = () => undefined;

    const [line] = (await once(await asked(), 'data')) as [Buffer];

    process.off('uncaughtException', note);
    expect(line.toString()).toBe('{"ok":true,"value":"here"}\n');
    expect(crashes).toEqual([]);
  });
});
