// The `postern` command's first contact, sign-in and refusals, against a real OpenSSH server; tests/fleet holds the rest.
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFleetFolder, type FleetFolder, type ScopeDraft } from '../../electron/store/fleet-folder.ts';
import type { Outcome } from '../../gateway-agent/contract/outcome.ts';
import { GatewaySettings } from '../../gateway-agent/contract/settings.ts';
import { editSettings } from '../../gateway-agent/contract/settings-layer.ts';
import { buildCommand, type BuiltCommand, type Ran } from '../support/built-command.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';

let built: BuiltCommand;
let gateway: SshdGateway;
let fleet: string;
let folder: FleetFolder;

beforeAll(async () => {
  built = await buildCommand();
  gateway = await startSshdGateway();
  fleet = join(built.folder, 'fleet');
  folder = must(await openFleetFolder(fleet, { name: 'tester', email: 'tester@example.test' }));
});
afterAll(async () => {
  await gateway.stop();
  await built.remove();
});

function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}

function run(...args: string[]): Promise<Ran> {
  return built.run([...args, '--fleet', fleet]);
}

function add(name: string, ...args: string[]): Promise<Ran> {
  const { host, port, user, clientKeyFile } = gateway;
  return run('add', name, host, '--port', String(port), '--user', user, '--identity', clientKeyFile, ...args);
}

/** One gateway's part of a JSON document. */
function onlyOf({ stdout }: Ran): unknown {
  const document = JSON.parse(stdout) as { gateways: unknown[] };
  return document.gateways[0];
}

async function save(name: string, change: (draft: ScopeDraft) => ScopeDraft): Promise<void> {
  const scope = { kind: 'gateway', name } as const;
  const { draft, savedVersion } = must(await folder.loadDraft(scope));
  must(await folder.saveDraft(scope, { draft: change(draft), savedVersion, words: 'A change by a test' }));
}

function listenOn(port: number, denyText = ''): (draft: ScopeDraft) => ScopeDraft {
  const settings = GatewaySettings.parse({ connections: { interface: { listenOn: { kind: 'loopback' }, port } } });
  return (draft) => editSettings({ ...draft, denyText, permitText: '' }, settings);
}

describe('postern add', () => {
  it('shows the host key and stops where nobody can accept it', async () => {
    const { status, stderr } = await add('mx1');

    expect(status).toBe(3);
    expect(stderr).toContain(gateway.hostKey.fingerprint);
    expect(await run('list')).toMatchObject({ status: 0, stdout: expect.not.stringContaining('mx1') as string });
  });

  it('stops at another fingerprint than the one that was given', async () => {
    expect(await add('mx1', '--accept-host-key', `SHA256:${'A'.repeat(43)}`)).toMatchObject({ status: 3 });
    expect(gateway.acceptedSignIns()).toBe(0);
  });

  it('signs in once and writes the gateway into the fleet folder', async () => {
    const added = await add('mx1', '--accept-host-key', gateway.hostKey.fingerprint);

    expect(added).toMatchObject({ status: 0, stderr: '' });
    expect(added.stdout).toContain('mx1 is part of the fleet');
    const { stdout } = await run('list');
    expect(stdout).toMatch(new RegExp(`mx1 +127\\.0\\.0\\.1:${gateway.port} +postern-deploy +key +never`));
  });
});

describe('postern push', () => {
  it('applies what is saved, with both proofs, and two handshakes', async () => {
    await save('mx1', listenOn(gateway.smtpPort, '192.0.2.0/24\n'));
    const before = gateway.acceptedSignIns();

    const pushed = await run('push', '--json');

    expect(pushed).toMatchObject({ status: 0, stderr: '' });
    expect(onlyOf(pushed)).toMatchObject({
      gateway: 'mx1',
      result: { kind: 'applied', proofs: { gateway: { result: 'proved' }, desktop: { result: 'proved' } } },
    });
    expect(gateway.acceptedSignIns() - before).toBe(2);
  });

  it('is unchanged the second time, and the gateway is in sync', async () => {
    expect(onlyOf(await run('push', '--json'))).toMatchObject({ result: { kind: 'unchanged' } });

    const status = await run('status');
    expect(status.status).toBe(0);
    expect(status.stdout).toMatch(new RegExp(`mx1 +in-sync +.*127\\.0\\.0\\.1:${gateway.smtpPort}`));
  });

  it('is refused where the port is taken, and what ran goes on', async () => {
    const { server, port } = await holdPort();
    await save('mx1', listenOn(port));

    const checked = await run('check');
    const pushed = await run('push');
    server.close();

    expect(checked.status).toBe(4);
    expect(checked.stdout).toContain(`${gateway.smtpPort} -> ${port}`);
    expect(pushed.status).toBe(4);
    expect(pushed.stdout).toMatch(/mx1 +refused/);
    expect(pushed.stdout).toContain(String(port));
    expect((await run('status')).stdout).toMatch(new RegExp(`changed-here +.*127\\.0\\.0\\.1:${gateway.smtpPort}`));
  });
});

describe('postern explain', () => {
  it('takes nothing but an address', async () => {
    expect(await run('explain', 'mx.example.net')).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('postern: signing in without a terminal', () => {
  async function encryptedKey(): Promise<string> {
    const file = join(built.folder, 'encrypted_key');
    await copyFile(gateway.clientKeyFile, file);
    await chmod(file, 0o600);
    execFileSync('ssh-keygen', ['-q', '-p', '-f', file, '-P', '', '-N', 'open sesame']);
    return file;
  }

  it('refuses a passphrase file that others can read', async () => {
    const file = join(built.folder, 'loose');
    await writeFile(file, 'open sesame\n', { mode: 0o644 });

    const { status, stderr } = await run('status', '--passphrase-file', file);

    expect(status).toBe(2);
    expect(stderr).toContain('mode 0644');
  });

  it('opens an encrypted key with the passphrase file, and never asks without it', async () => {
    const identity = await encryptedKey();
    const passphraseFile = join(built.folder, 'tight');
    await writeFile(passphraseFile, 'open sesame\n', { mode: 0o600 });

    expect(await run('status', '--identity', identity, '--passphrase-file', passphraseFile)).toMatchObject({
      status: 0,
    });

    const { status, stdout } = await run('status', '--identity', identity, '--json');
    expect(status).toBe(3);
    expect(stdout).toContain('"secret-needed"');
    expect(stdout).not.toContain('sesame');
  });

  it('signs in through an ssh-agent', async () => {
    const socket = join(built.folder, 'agent.sock');
    const said = execFileSync('ssh-agent', ['-s', '-a', socket]).toString();
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1]);
    try {
      execFileSync('ssh-add', ['-q', gateway.clientKeyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      const record = must(await folder.load('mx1'));
      must(await folder.save('mx1', { ...record, ssh: { ...record.ssh, signIn: { kind: 'agent' } } }, 'Use the agent'));

      const args = ['status', '--fleet', fleet];
      expect(await built.run(args, { environment: { SSH_AUTH_SOCK: socket } })).toMatchObject({ status: 0 });
      expect(await built.run(args)).toMatchObject({ status: 3 });
    } finally {
      process.kill(pid);
      await save('mx1', (draft) => draft);
    }
  });
});

describe('postern: the command line', () => {
  it('says what it can do, with examples and exit statuses', async () => {
    const { status, stdout } = await built.run(['--help']);

    expect(status).toBe(0);
    for (const part of ['push', 'check', 'status', 'rollback', 'explain', 'demo', 'Examples:', 'Exit status:']) {
      expect(stdout).toContain(part);
    }
  });

  it('fails with status 2 on what it does not understand', async () => {
    expect(await built.run(['push'])).toMatchObject({ status: 2 });
    expect(await run('push', '--gateway', 'nobody')).toMatchObject({ status: 2 });
    expect(await built.run(['frobnicate'])).toMatchObject({ status: 2 });
  });

  it('stops at a changed host key, with both fingerprints', async () => {
    const pinned = gateway.hostKey.fingerprint;
    const changed = await gateway.changeHostKey();

    const { status, stdout } = await run('push', '--identity', gateway.clientKeyFile);

    expect(status).toBe(3);
    expect(stdout).toContain(pinned);
    expect(stdout).toContain(changed.fingerprint);
  });
});

async function holdPort(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}
