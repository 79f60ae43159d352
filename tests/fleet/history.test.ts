// History by the `postern` command: who saved what, what differs, what ran, and bringing it back. No gateway is asked.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFleetFolder, type FleetFolder } from '../../electron/store/fleet-folder.ts';
import { installPosternCommand } from '../support/postern-command.ts';
import { type Ran, runWithInput } from '../support/ssh-client.ts';
import { sampleRecord, saveDenyText, tester, valueOf } from '../support/temporary-fleet.ts';

let folder: string;
let fleet: FleetFolder;
let postern: (...args: string[]) => Promise<Ran>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-history-'));
  const command = await installPosternCommand(folder);
  fleet = valueOf(await openFleetFolder(join(folder, 'fleet'), tester));
  postern = (...args) => command(...args, '--fleet', fleet.path);
  valueOf(await fleet.add('mx1', sampleRecord()));
  valueOf(await fleet.add('mx2', sampleRecord('mx2.example.test')));
  valueOf(await saveDenyText(fleet, '192.0.2.1\n'));
  valueOf(await saveDenyText(fleet, '192.0.2.1\n192.0.2.2\n', 'Deny the other one too'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const deny = async () => valueOf(await fleet.loadList('mx1-deny')).text;
const json = (ran: Ran): unknown => JSON.parse(ran.stdout);

describe('postern log', () => {
  it('shows the saves of one gateway, in words and as JSON', async () => {
    const [shown, read] = [await postern('log', 'mx1'), await postern('log', 'mx1', '--json')];

    expect(shown).toMatchObject({ status: 0, stderr: '' });
    expect(shown.stdout).toMatch(/^COMMIT .*\n[0-9a-f]{7} .*Ada Tester +mx1 +Deny the other one too\n/);
    expect(shown.stdout).not.toContain('mx2');
    expect(json(read)).toMatchObject({
      ok: true,
      entries: [{ words: 'Deny the other one too' }, {}, { words: 'Add mx1' }],
    });
  });

  it('says that it knows no gateway of that name', async () => {
    const ran = await postern('log', 'mx9');

    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(ran.stderr).toContain('knows no gateway named mx9');
  });
});

describe('postern diff', () => {
  it('shows what differs between two states, gateway by gateway', async () => {
    const ran = await postern('diff', '--from', 'HEAD~1', '--to', 'HEAD');

    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^mx1\n[^]*Deny list[^]*\+ 192\.0\.2\.2\n$/);
  });

  it('says that nothing differs from the last save', async () => {
    expect(await postern('diff', 'mx1')).toMatchObject({ status: 0, stdout: 'No gateway is given anything else.\n' });
  });
});

describe('postern restore', () => {
  it('shows what it would do and does nothing until somebody agrees', async () => {
    const before = await deny();

    const ran = await postern('restore', 'mx1', '--to', 'HEAD~1');

    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('- 192.0.2.2');
    expect(ran.stderr).toContain('--yes');
    expect(await deny()).toBe(before);
  });

  it('brings a gateway back, records it, and leaves a repository in order', async () => {
    const ran = await postern('restore', 'mx1', '--to', 'HEAD~1', '--yes');
    const audit = await postern('audit', 'list', '--json');
    const git = await runWithInput(['git', '-C', fleet.path, 'log', '-2', '--format=%s']);
    const fsck = await runWithInput(['git', '-C', fleet.path, 'fsck', '--strict']);
    const status = await runWithInput(['git', '-C', fleet.path, 'status', '--porcelain']);

    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('postern push --gateway mx1');
    expect(await deny()).toBe('192.0.2.1\n');
    expect(json(audit)).toMatchObject({ entries: [{ action: 'restore', target: 'mx1', outcome: 'done' }] });
    expect(git.stdout).toContain('Restore mx1 as of ');
    expect([fsck.status, status.stdout]).toEqual([0, '']);
  });

  it('needs to be told what, and to which state', async () => {
    expect(await postern('restore', '--to', 'HEAD', '--yes')).toMatchObject({ status: 2 });
    expect(await postern('restore', 'mx1', '--yes')).toMatchObject({ status: 2 });
    expect(await postern('restore', 'mx1', '--at', 'Tuesday', '--yes')).toMatchObject({ status: 2 });
    expect(await postern('restore', 'mx1', '--at', '2001-01-01', '--yes')).toMatchObject({ status: 1 });
  });
});

describe('postern ran', () => {
  it('tells the last push before that time', async () => {
    const push = { revision: 'ab'.repeat(32), at: '2026-02-02T10:00:00.000Z', by: 'Ada', pushId: 'p' };
    valueOf(await fleet.recordPush('mx1', push));

    const [then, before] = [
      await postern('ran', 'mx1', '--at', '2026-02-03T00:00:00Z'),
      await postern('ran', 'mx1', '--at', '2026-02-01'),
    ];

    expect(then).toMatchObject({ status: 0 });
    expect(then.stdout).toContain('mx1 ran r abababab');
    expect(before).toMatchObject({ status: 0, stdout: 'mx1: Nothing was pushed to it by then.\n' });
  });
});
