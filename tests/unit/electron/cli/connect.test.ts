import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FleetFolder } from '../../../../electron/store/fleet-folder.ts';
import { type RanPostern, runPostern } from '../../../support/run-postern.ts';
import { startSsh2Server } from '../../../support/ssh2-server.ts';
import { messagesOf, sampleRecord, temporaryFleet, valueOf } from '../../../support/temporary-fleet.ts';

let folder: FleetFolder;
let home: string;

beforeEach(async () => {
  folder = await temporaryFleet();
  home = join(dirname(folder.path), 'home');
  await mkdir(join(home, '.ssh'), { recursive: true });
  vi.stubEnv('HOME', home); // where ~/.ssh lies
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const postern = (...args: string[]): Promise<RanPostern> =>
  runPostern({ fleet: folder.path, appFolder: join(home, 'app') }, ...args);

async function auditOf(): Promise<string[]> {
  const { out } = await postern('audit', 'list', '--json');
  const { entries } = JSON.parse(out) as { entries: { action: string; target: string; outcome: string }[] };
  return entries.map(({ action, target, outcome }) => `${action} ${target} ${outcome}`).toReversed();
}

describe('postern credentials', () => {
  it('sets, lists and removes one; it is in the folder, in git and in the log', async () => {
    const set = await postern('credentials', 'set', 'edge', '--user', 'deploy', '--identity', '/keys/edge');
    const listed = await postern('credentials', 'list');
    const removed = await postern('credentials', 'remove', 'edge');

    expect(set).toMatchObject({ status: 0, out: 'The credential edge is saved.\n' });
    expect(listed.out.split('\n')[1]).toMatch(/^edge +deploy +key +0$/);
    expect(removed).toMatchObject({ status: 0, out: 'The credential edge is removed.\n' });
    expect(await messagesOf(folder)).toEqual(
      expect.arrayContaining(['Remove the credential edge', 'Add the credential edge']),
    );
    expect(await auditOf()).toEqual([
      'sign-in credential edge done',
      'sign-in credential edge done',
      'sign-in credential edge done', // its secret is forgotten too
    ]);
  });

  it('keeps one that is used, and says by whom', async () => {
    await postern('credentials', 'set', 'edge');
    const record = sampleRecord();
    valueOf(await folder.add('mx2', { ...record, ssh: { ...record.ssh, credential: 'edge' } }));

    const removed = await postern('credentials', 'remove', 'edge', '--json');

    expect(removed.status).toBe(1);
    expect(JSON.parse(removed.out)).toMatchObject({
      command: 'credentials',
      ok: false,
      problem: { code: 'exists', message: 'The credential edge is used by mx2.' },
    });
  });

  it('asks for a password at the terminal only, and says where none can be given', async () => {
    const nobody = await postern('credentials', 'set', 'edge', '--password');
    const misnamed = await postern('credentials', 'set', '../edge');

    expect(nobody).toMatchObject({ status: 3, told: expect.stringMatching(/Password of postern-deploy/) });
    expect(misnamed.status).not.toBe(0);
    expect((await postern('credentials', 'list', '--json')).out).toContain('"result": []');
  });
});

describe('postern jump-hosts', () => {
  it('pins the host key that was shown and accepted, by its fingerprint or at the terminal', async () => {
    const server = await startSsh2Server();
    const { fingerprint } = server.hostKey;
    const port = String(server.port);
    const set = ['jump-hosts', 'set', 'bastion', '127.0.0.1', '--port', port];

    const unasked = await postern(...set);
    const wrong = await postern(...set, '--accept-host-key', `SHA256:${'A'.repeat(43)}`);
    const right = await postern(...set, '--accept-host-key', fingerprint);
    const listed = await postern('jump-hosts', 'list');
    await server.stop();

    expect([unasked.status === 0, wrong.status === 0, right.status]).toEqual([false, false, 0]);
    expect(listed.out).toContain(fingerprint);
    const text = await readFile(join(folder.path, 'jump-hosts/bastion.yaml'), 'utf8');
    expect(text).toMatch(/^host: 127\.0\.0\.1$/m);
    expect(await auditOf()).toEqual(['jump-host jump host bastion done']);
  });

  it('says that nobody answers there, and saves nothing', async () => {
    const set = await postern('jump-hosts', 'set', 'bastion', '127.0.0.1', '--port', '1');

    expect(set.status).toBe(3);
    expect((await postern('jump-hosts', 'list', '--json')).out).toContain('"result": []');
  });
});

describe('postern import-ssh', () => {
  beforeEach(async () => {
    const config = 'Host mx7 mx8\n  HostName %h.example.test\n  User deploy\nHost odd\n  ProxyCommand nc %h %p\n';
    await writeFile(join(home, '.ssh/config'), config);
  });

  it('shows what it finds without touching the folder', async () => {
    const shown = await postern('import-ssh');

    expect(shown.status).toBe(0);
    expect(shown.out).toMatch(/^mx7 +mx7\.example\.test:22 +deploy/m);
    expect(shown.out).toMatch(/^odd .*ProxyCommand/m);
    expect(valueOf(await folder.list())).toHaveLength(1);
  });

  it('takes hosts into a group, names those without a known key, and all or none of them', async () => {
    valueOf(await folder.addGroup('edge', null));

    const some = await postern('import-ssh', 'mx7', 'odd', '--into', 'edge');
    const both = await postern('import-ssh', 'mx7', 'mx8', '--into', 'edge');

    expect(some.status).not.toBe(0);
    expect(both).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^2 taken into the fleet: mx7, mx8\.\n.*no key for mx7, mx8/),
    });
    expect(valueOf(await folder.load('mx7'))).toMatchObject({
      group: 'edge',
      ssh: { host: 'mx7', readsSshConfig: true },
    });
    expect(await auditOf()).toEqual(['add mx7 done', 'add mx8 done']);
  });
});
