// `postern enrol` and `unenrol` as they ship, without a terminal and without a keychain: output, JSON and exit status.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BareHost, startBareHost } from '../support/bare-host.ts';
import { makeEnrolKit } from '../support/enrolment.ts';
import { findFreePort } from '../support/free-port.ts';
import { installPosternCommand } from '../support/postern-command.ts';

let host: BareHost;
let folder: string;
let postern: Awaited<ReturnType<typeof installPosternCommand>>;
let common: string[];
let signIn: string[];

beforeAll(async () => {
  host = await startBareHost({ lower: '/', node: process.execPath });
  folder = await mkdtemp(join(tmpdir(), 'postern-enrol-command-'));
  const bundle = await makeEnrolKit();
  for (const name of ['gateway-agent.cjs', 'enrol-host.sh', 'postern-gateway-agent.service']) {
    await cp(join(dirname(bundle), name), join(folder, 'gateway-agent', name));
  }
  await rm(dirname(bundle), { recursive: true });
  postern = await installPosternCommand(folder);
  await writeFile(join(folder, 'passphrase'), 'correct horse battery\n', { mode: 0o600 });
  common = [
    '--fleet',
    join(folder, 'fleet'),
    '--app-folder',
    join(folder, 'app'),
    '--passphrase-file',
    join(folder, 'passphrase'),
  ];
  signIn = [...common, '--identity', host.rootKeyFile, '--json'];
});
afterAll(async () => {
  await host.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('postern enrol', () => {
  const enrol = (...more: string[]) =>
    postern('enrol', '127.0.0.1', ...signIn, '--name', 'mx1', '--port', String(host.port), ...more);

  it('signs in nowhere before the host key is accepted', async () => {
    const ran = await enrol('--check');

    expect(ran.status).toBe(3);
    expect(JSON.parse(ran.stdout)).toMatchObject({ ok: false, problem: { code: 'host-key-unknown' } });
    expect(host.sshdLog()).not.toContain('Accepted');
  });

  it('only looks with --check', async () => {
    const before = await host.snapshot();

    const ran = await enrol('--check', '--accept-host-key', host.hostKey.fingerprint);

    expect(ran.status).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      command: 'enrol --check',
      ok: true,
      isFit: true,
      isEnrolled: false,
    });
    expect(await host.snapshot()).toEqual(before);
  });

  it('makes a gateway that the other commands know, and unenrol removes it', async () => {
    const accepted = ['--accept-host-key', host.hostKey.fingerprint];

    const ran = await enrol(...accepted, '--smtp-port', String(await findFreePort()));

    expect(ran).toMatchObject({ status: 0 });
    expect(JSON.parse(ran.stdout)).toMatchObject({ command: 'enrol', ok: true, isEnrolled: true });
    const status = await postern('status', ...common, '--json');
    expect(status.status).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({ gateways: [{ gateway: 'mx1', value: { state: 'in-sync' } }] });

    const gone = await postern('unenrol', 'mx1', ...signIn);

    expect(gone).toMatchObject({ status: 0 });
    expect(JSON.parse(gone.stdout)).toMatchObject({ command: 'unenrol', ok: true, isEnrolled: false });
    expect(await host.run('getent passwd postern-deploy || echo none')).toContain('none');
  });
});
