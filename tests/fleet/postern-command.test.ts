// The `postern` command on a fleet folder and real OpenSSH servers: what it prints, and how it exits.
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApply } from '../support/agent-requests.ts';
import { type SshdFleet, makeSshdFleet } from '../support/fleet-of-sshd.ts';
import { findFreePort } from '../support/free-port.ts';
import { installPosternCommand } from '../support/postern-command.ts';
import { askOverSsh, type Ran } from '../support/ssh-client.ts';
import { changePassphrase, makeKeyPair } from '../support/ssh-keys.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';

let gateway: SshdGateway;
let fleet: SshdFleet;
let folder: string;
let postern: (...args: string[]) => Promise<Ran>;

beforeAll(async () => {
  gateway = await startSshdGateway();
  fleet = await makeSshdFleet();
  folder = await mkdtemp(join(tmpdir(), 'postern-cli-'));
  postern = await installPosternCommand(folder);
  await fleet.add('mx1', gateway);
  await fleet.edit('mx1', { port: gateway.smtpPort, denyText: '192.0.2.0/24 # a note\n' });
  await fleet.add('dead', gateway, { port: await findFreePort() });
});
afterAll(async () => {
  await fleet.close();
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
});

const on = (...names: string[]): string[] => ['--fleet', fleet.path, ...names.flatMap((name) => ['--gateway', name])];

describe('postern', () => {
  it('pushes and exits with 0', async () => {
    const ran = await postern('push', ...on('mx1'));

    expect(ran).toMatchObject({ status: 0 });
    expect(ran.stdout + ran.stderr).toContain('mx1');
  });

  it('exits with 0 when there was nothing to push', async () => {
    const ran = await postern('push', ...on('mx1'), '--json');

    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('unchanged');
    expect(() => JSON.parse(ran.stdout) as unknown).not.toThrow();
  });

  it('exits with 3 when one gateway of two cannot be reached', async () => {
    expect((await postern('push', ...on())).status).toBe(3);
  });

  it('answers status, check and explain with 0', async () => {
    const asked = [
      await postern('status', ...on('mx1')),
      await postern('check', ...on('mx1')),
      await postern('explain', '192.0.2.7', ...on('mx1')),
      await postern('explain', '198.51.100.7', '--recipient', 'ada@elsewhere.test', ...on('mx1')),
    ];

    expect(asked.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
    expect(asked[0]?.stdout).toMatch(/QUEUE +OLDEST/);
    expect(asked[2]?.stdout).toMatch(/^mx1: A connection from 192\.0\.2\.7 is refused\n[^]*192\.0\.2\.0\/24/);
    expect(asked[3]?.stdout).toMatch(/^mx1: A message to ada@elsewhere\.test is refused\n[^]*550 5\.7\.1/);
  });

  it('exits with 4 while another push waits, and says whose it is', async () => {
    const { revision } = JSON.parse(await lastPush()) as { revision: string };
    const other = buildApply({ port: gateway.smtpPort, base: revision, maxConnections: 5 });
    await askOverSsh(gateway, other);
    await fleet.edit('mx1', { maxConnections: 6 });

    const ran = await postern('push', ...on('mx1'));

    expect(ran.status).toBe(4);
    expect(ran.stdout + ran.stderr).toContain('tester');
    await askOverSsh(gateway, { verb: 'abandon', protocol: 1, pushId: other.pushId });
  });

  it('signs in with --identity and a passphrase file, and asks nothing without a terminal', async () => {
    const identity = join(folder, 'encrypted');
    await copyFile(gateway.clientKeyFile, identity);
    await changePassphrase(identity, 'correct horse');
    const passphraseFile = join(folder, 'passphrase');
    await writeFile(passphraseFile, 'correct horse\n', { mode: 0o600 });

    const unasked = await postern('push', ...on('mx1'), '--identity', identity);
    const accepted = await postern('push', ...on('mx1'), '--identity', identity, '--passphrase-file', passphraseFile);

    expect(unasked.status).toBe(3);
    expect(accepted.status).toBe(0);
    expect(unasked.stderr + accepted.stdout + accepted.stderr).not.toContain('correct horse');
  });

  it('exits with 3 for a key that the gateway does not know', async () => {
    const identity = await makeKeyPair(join(folder, 'stranger'));

    expect((await postern('push', ...on('mx1'), '--identity', identity)).status).toBe(3);
  });

  it('rolls back to a kept release', async () => {
    const listed = await postern('releases', ...on('mx1'), '--json');
    const revisions = [...listed.stdout.matchAll(/"revision":\s*"([0-9a-f]{64})"/g)].map(
      ([, revision]) => revision ?? '',
    );
    const older = revisions.at(-1) ?? '';

    expect(await postern('rollback', older.slice(0, 12), ...on('mx1'))).toMatchObject({ status: 0 });
  });

  it('exits with 1 for a folder that has no such gateway and with 2 for a command line that makes no sense', async () => {
    expect((await postern('push', ...on('nobody'))).status).toBeGreaterThan(0);
    expect((await postern('push')).status).toBe(2);
    expect((await postern('--help')).status).toBe(0);
  });

  it('leaves no secret in the fleet folder', async () => {
    const key = await readFile(gateway.clientKeyFile, 'utf8');
    const found = await readFile(join(fleet.path, 'gateways/mx1.yaml'), 'utf8');

    expect(found).not.toContain(key.split('\n')[1] ?? 'nothing');
  });
});

async function lastPush(): Promise<string> {
  const record = await fleet.folder.load('mx1');
  return JSON.stringify(record.ok ? record.value.lastPush : null);
}
