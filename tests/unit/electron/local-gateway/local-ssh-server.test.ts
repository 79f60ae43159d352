// The SSH server of the local gateway does one thing for one key.
import { spawn } from 'node:child_process';
import ssh2, { type Client } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { createFreshKeyPair } from '../../../../electron/ssh/fresh-key-pair.ts';
import { startLocalSshServer, type LocalSshServer } from '../../../../electron/local-gateway/local-ssh-server.ts';
import { connectSsh, type SshConnection } from '../../../../electron/ssh/connect.ts';
import { runCommand } from '../../../../electron/ssh/run-command.ts';
import type { Outcome } from '../../../../gateway-agent/contract/outcome.ts';

let server: LocalSshServer;
const environments: string[] = [];

afterEach(() => server.close());

async function start(): Promise<void> {
  const started = await startLocalSshServer({
    user: 'postern-deploy',
    startRpc: (from) => {
      environments.push(from);
      return spawn('cat');
    },
  });
  if (!started.ok) throw new Error(started.problem.message);
  server = started.value;
}

function connect(privateKey = server.userPrivateKey, user = 'postern-deploy'): Promise<Outcome<SshConnection>> {
  const address = { host: '127.0.0.1', port: server.port, user };
  return connectSsh({ name: 'local', address, hostKeys: [server.hostKey], credentials: { kind: 'key', privateKey } });
}

async function connected(): Promise<SshConnection> {
  const connection = await connect();
  if (!connection.ok) throw new Error(connection.problem.message);
  return connection.value;
}

describe('startLocalSshServer', () => {
  it('runs rpc and tells it where the caller comes from', async () => {
    await start();
    const connection = await connected();
    const lines: string[] = [];

    const result = await runCommand(connection, 'gateway-agent rpc', {
      input: '{"verb":"hello"}\n',
      onLine: (line) => lines.push(line),
      milliseconds: 5000,
    });
    connection.close();

    expect(result).toMatchObject({ kind: 'ended', status: 0 });
    expect(lines).toEqual(['{"verb":"hello"}']);
    expect(environments.at(-1)).toMatch(new RegExp(`^127\\.0\\.0\\.1 \\d+ 127\\.0\\.0\\.1 ${server.port}$`));
  });

  it.each(['gateway-agent rpc --root /tmp', 'sh', 'gateway-agent rpc; id', ''])(
    'refuses the command "%s"',
    async (command) => {
      await start();
      const connection = await connected();

      const result = await runCommand(connection, command, { input: '', onLine: () => undefined, milliseconds: 5000 });
      connection.close();

      expect(result.kind).toBe('not-started');
    },
  );

  it('refuses a shell, SFTP and forwarding', async () => {
    await start();
    const connection = await connected();
    const { client } = connection;

    const shell = await refusal((done) => client.shell(done));
    const sftp = await refusal((done) => client.sftp(done));
    const forward = await refusal((done) => client.forwardOut('127.0.0.1', 1, '127.0.0.1', 25, done));
    const listen = await refusal((done) => client.forwardIn('127.0.0.1', 0, done));
    connection.close();

    expect([shell, sftp, forward, listen]).toEqual([true, true, true, true]);
  });

  it('lets nobody in with another key, or with the key under another name', async () => {
    await start();

    expect(await connect(createFreshKeyPair('stranger').privateKey)).toMatchObject({
      problem: { code: 'sign-in-failed' },
    });
    expect(await connect(server.userPrivateKey, 'root')).toMatchObject({ problem: { code: 'sign-in-failed' } });
  });

  it('offers no weak algorithm', async () => {
    await start();

    const negotiated = await new Promise<string>((resolve) => {
      const client: Client = new ssh2.Client();
      client.on('error', (error) => resolve(error.message));
      client.on('handshake', () => resolve('agreed'));
      client.connect({
        host: '127.0.0.1',
        port: server.port,
        username: 'x',
        hostVerifier: () => true,
        algorithms: { kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group-exchange-sha256'] },
      });
    });

    expect(negotiated).toMatch(/no matching key exchange/i);
  });
});

function refusal(ask: (done: (error: Error | undefined) => void) => unknown): Promise<boolean> {
  return new Promise((resolve) => void ask((error) => resolve(error !== undefined)));
}
