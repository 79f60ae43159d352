// The command as a process: what it does about its streams, its user and its folder before any gateway is asked.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFleet } from '../../support/temporary-fleet.ts';

const source = fileURLToPath(new URL('../../../electron/cli.ts', import.meta.url));
type Ran = { status: number | null; stdout: string; stderr: string };
type Manner = { stdout?: number; closes?: 'stdout' | 'stderr'; uid?: number };

let home: string;
beforeEach(async () => (home = await mkdtemp(join(tmpdir(), 'postern-home-'))));
afterEach(() => rm(home, { recursive: true }));

function postern(args: readonly string[], { stdout, closes, uid }: Manner = {}): Promise<Ran> {
  const child = spawn(process.execPath, [source, ...args], {
    stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: home },
    timeout: 20_000,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  if (closes !== undefined) child[closes]?.destroy();
  const ran: Ran = { status: null, stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (ran.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (ran.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ ...ran, status }));
  });
}

describe('postern and its streams', () => {
  it('ends in peace when the reader of its output has gone', async () => {
    expect(await postern(['--help'], { closes: 'stdout' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('goes on when nobody reads its progress any more', async () => {
    const fleet = await temporaryFleet();

    expect((await postern(['list', '--fleet', fleet.path], { closes: 'stderr' })).status).toBe(0);
    expect((await postern(['list'], { closes: 'stderr' })).status).toBe(2);
  });

  it.runIf(process.platform === 'linux')('exits with 1 when its output cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const ran = await postern(['--help'], { stdout: full });
    closeSync(full);

    expect(ran.status).toBe(1);
    expect(ran.stderr).not.toContain('    at ');
  });
});

describe('postern on a folder', () => {
  it.each(['push', 'check', 'status', 'releases'])('never calls %s of no gateway at all a success', async (command) => {
    const ran = await postern([command, '--fleet', join(home, 'mistyped')]);

    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain('no gateway');
  });

  it('takes an IPv6 address in brackets, as people copy it', async () => {
    const ran = await postern(['add', 'mx6', '[::1]', '--port', '1', '--fleet', join(home, 'fleet')]);

    expect(ran.status).toBe(3);
    expect(ran.stderr).toContain('No connection to ::1, port 1');
  });

  it('goes on with the other gateways where a file is named as none can be', async () => {
    const fleet = await temporaryFleet();
    await writeFile(join(fleet.path, 'gateways/MX9.yaml'), 'ssh:\n  host: mx9.example.test\n');

    const ran = await postern(['push', '--fleet', fleet.path, '--json']);
    const { gateways } = JSON.parse(ran.stdout) as { gateways: { gateway: string; result: { kind: string } }[] };

    expect(gateways.map(({ gateway, result }) => [gateway, result.kind])).toEqual([
      ['MX9.yaml', 'unreachable'],
      ['mx1', 'unreachable'],
    ]);
    expect(ran.stderr).not.toContain('a bug');
  });

  it('prints nothing that a terminal would obey, whatever a teammate wrote into the folder', async () => {
    const fleet = await temporaryFleet();
    const push = `{ revision: ${'a'.repeat(64)}, at: "2026-01-01", by: "\\e]0;owned\\a\\e[31mEve\\x9b", pushId: x }`;
    await writeFile(join(fleet.path, 'gateways/mx2.yaml'), `ssh:\n  host: mx2.example.test\nlastPush: ${push}\n`);

    const shown = await postern(['list', '--fleet', fleet.path]);
    const document = await postern(['list', '--fleet', fleet.path, '--json']);

    expect(shown.stdout).toContain('Eve');
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    expect(shown.stdout + document.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(document.stdout).toContain('\\u001b]0;owned');
    expect(() => JSON.parse(document.stdout) as unknown).not.toThrow();
  });

  it.runIf(process.getuid?.() === 0)('serves a user that the system has no name for, as a container may', async () => {
    const fleet = await temporaryFleet();

    await chmod(dirname(fleet.path), 0o755);

    const ran = await postern(['list', '--fleet', fleet.path], { uid: 54_321 });

    expect(ran).toMatchObject({ status: 0, stderr: '' });
  });

  it.runIf(process.getuid?.() === 0)('says that a folder may not be read, and nothing of saving', async () => {
    const fleet = await temporaryFleet();

    const ran = await postern(['list', '--fleet', fleet.path], { uid: 54_321 });

    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain('no access');
    expect(ran.stderr).not.toContain('saved');
  });
});
