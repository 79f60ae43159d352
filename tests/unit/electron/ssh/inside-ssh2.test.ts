// What Postern changes behind the public face of ssh2, seen from a server: fewer messages, and nothing else.
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { connectSsh, type SshConnection } from '../../../../electron/ssh/connect.ts';
import { createFreshKeyPair } from '../../../../electron/ssh/fresh-key-pair.ts';
import { runCommand, type RunResult } from '../../../../electron/ssh/run-command.ts';
import { endChannel, startSsh2Server, type Ssh2Server, type Ssh2ServerOptions } from '../../../support/ssh2-server.ts';

const ends: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function connectTo(options: Ssh2ServerOptions): Promise<{ server: Ssh2Server; connection: SshConnection }> {
  const server = await startSsh2Server(options);
  ends.push(server.stop);
  const { host, port, hostKey } = server;
  const connection = await connectSsh({
    name: 'mx1',
    address: { host, port, user: 'u' },
    hostKeys: [hostKey],
    credentials: { kind: 'key', privateKey: createFreshKeyPair('mx1').privateKey },
  });
  if (!connection.ok) throw new Error(connection.problem.message);
  ends.push(connection.value.close);
  return { server, connection: connection.value };
}

function run(connection: SshConnection, input: string, onLine: (line: string) => void = () => undefined) {
  return runCommand(connection, 'gateway-agent rpc', { input, onLine, milliseconds: 2000 });
}

describe('signAtOnce', () => {
  it('signs with the first message that names the only key', async () => {
    const hasSignature: boolean[] = [];

    await connectTo({
      onSignIn: (context) => {
        hasSignature.push(context.method === 'publickey' && context.signature !== undefined);
        context.accept();
      },
    });

    expect(hasSignature).toEqual([true]);
  });
});

describe('sendInputAlong', () => {
  it('runs the command with its input', async () => {
    const events: string[] = [];
    const { connection } = await connectTo({
      onExec: (channel, _command, input) => {
        void input.then((text) => endChannel(channel, `${text}\n`, { status: 0 }));
      },
    });
    const withInput = run(connection, 'hello', (line) => events.push(line));

    expect(await withInput).toEqual({ kind: 'ended', status: 0, errorText: '' });
    expect(events).toEqual(['hello']);
  });

  it('gives two questions at once each its own input', async () => {
    const { connection } = await connectTo({
      onExec: (channel, _command, input) => {
        void input.then((text) => endChannel(channel, `${text}\n`, { status: 0 }));
      },
    });
    const heard: [string, string][] = [];

    await Promise.all(['one', 'two'].map((word) => run(connection, word, (line) => heard.push([word, line]))));

    expect(new Map(heard)).toEqual(
      new Map([
        ['one', 'one'],
        ['two', 'two'],
      ]),
    );
  });

  it('calls a command that the server refuses not started, though its input has left', async () => {
    const { connection } = await connectTo({});

    expect(await run(connection, 'hello')).toMatchObject({ kind: 'not-started' });
  });

  it('calls it broken when the link ends after the input has left', async () => {
    let arrived = (): void => undefined;
    const command = new Promise<void>((resolve) => (arrived = resolve));
    const { server, connection } = await connectTo({ onExec: () => arrived() });
    const result: Promise<RunResult> = run(connection, 'hello');
    await command;

    server.cut();

    expect((await Promise.race([result, pause(1500, null)]))?.kind).toBe('broken');
  });

  it('sends an input that is larger than the window as the server takes it', async () => {
    const { connection } = await connectTo({
      onExec: (channel, _command, input) => {
        void input.then((text) => endChannel(channel, `${text.length}\n`, { status: 0 }));
      },
    });
    const lines: string[] = [];

    await run(connection, 'x'.repeat(3_000_000), (line) => lines.push(line));

    expect(lines).toEqual(['3000000']);
  });
});
