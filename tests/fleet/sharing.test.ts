// Two administrators and one git remote: what each saved comes together field by field, and nothing is ever lost.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runAsRoot } from '../support/as-root.ts';
import { edit, expectInOrder, git, makeBare, openCopy, read, synced, type Copy } from '../support/shared-fleets.ts';
import { sampleRecord, valueOf } from '../support/temporary-fleet.ts';

let root: string;
let bare: string;
let ada: Copy;
let bert: Copy;

const names = async ({ folder }: Copy) => valueOf(await folder.list()).map(({ name }) => name);
const script = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

/** Ada's fleet with mx1 and mx2 lies on the remote; Bert took it over into an empty folder. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-sharing-'));
  bare = await makeBare(join(root, 'fleet.git'));
  [ada, bert] = [await openCopy(root, 'ada'), await openCopy(root, 'bert')];
  for (const name of ['mx1', 'mx2']) valueOf(await ada.folder.add(name, sampleRecord(`${name}.example.test`)));
  await edit(ada, 'mx1', { denyText: '192.0.2.1\n192.0.2.2\n' });
  for (const { remote } of [ada, bert]) valueOf(await remote.set({ url: bare, token: null }));
  await synced(ada);
  await synced(bert);
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('a shared folder', () => {
  it('is taken over into an empty folder with its whole history', async () => {
    expect(await names(bert)).toEqual(['mx1', 'mx2']);
    expect(await bert.git('rev-parse', 'HEAD')).toBe(await ada.git('rev-parse', 'HEAD'));
    for (const { remote } of [ada, bert]) {
      expect(valueOf(await remote.state())).toMatchObject({ url: bare, branch: 'main', ahead: 0, behind: 0 });
    }
    await expectInOrder(ada, bert);
  });

  it('brings together what two changed in one gateway, in fields and list entries of their own', async () => {
    await edit(ada, 'mx1', { port: 2525, denyText: '192.0.2.1\n192.0.2.2\n198.51.100.1\n' });
    await edit(bert, 'mx1', { maxConnections: 40, denyText: '192.0.2.2\n203.0.113.9 # the scanner\n' });

    const first = await synced(ada);
    const second = await synced(bert);
    await synced(ada);

    expect([first, second]).toEqual([
      { pulled: 0, pushed: 1 },
      { pulled: 1, pushed: 2 },
    ]);
    const together = {
      port: 2525,
      maxConnections: 40,
      denyText: '192.0.2.2\n203.0.113.9 # the scanner\n198.51.100.1\n',
    };
    expect([await read(ada, 'mx1'), await read(bert, 'mx1')]).toEqual([together, together]);
    expect((await ada.git('log', '-1', '--format=%P')).split(' ')).toHaveLength(2);
    await expectInOrder(ada, bert);
  });

  it('keeps what was edited by hand in a commit of its own before it joins', async () => {
    await edit(ada, 'mx2', { port: 2525 });
    await synced(ada);
    const path = join(bert.folder.path, 'gateways/mx1.yaml');
    const edited = `# by hand\n${await readFile(path, 'utf8')}`;
    await writeFile(path, edited);

    await synced(bert);

    expect(await readFile(path, 'utf8')).toBe(edited);
    expect(await bert.git('log', '--format=%s', '-2', '--first-parent')).toMatch(
      /^Join what others saved\nKeep what was edited by hand/,
    );
    expect(await read(bert, 'mx2')).toMatchObject({ port: 2525 });
  });

  it('loses nothing when everybody syncs at once', async () => {
    await Promise.all([edit(ada, 'mx1', { port: 2525 }), edit(bert, 'mx2', { port: 2626 })]);

    await Promise.all([synced(ada), synced(bert)]);
    await synced(ada);
    await synced(bert);

    for (const copy of [ada, bert]) {
      expect([(await read(copy, 'mx1')).port, (await read(copy, 'mx2')).port]).toEqual([2525, 2626]);
    }
    expect(await ada.git('rev-parse', 'HEAD')).toBe(await bert.git('rev-parse', 'HEAD'));
  });

  it('is written by another process while it syncs, and holds both', async () => {
    await edit(ada, 'mx1', { port: 2525 });
    await synced(ada);
    const child = fork(script('save-in-a-loop.ts'), [bert.folder.path, 'gw', '8'], { stdio: 'ignore' });
    const ended = once(child, 'exit');

    for (let round = 0; round < 4; round++) await synced(bert);
    const [status] = await ended;
    await synced(bert);
    await synced(ada);

    expect(status).toBe(0);
    expect(await names(ada)).toHaveLength(10);
    expect((await read(bert, 'mx1')).port).toBe(2525);
    await expectInOrder(ada, bert);
  });

  it('is synced by two programs at once, one after the other', async () => {
    await edit(ada, 'mx1', { port: 2525 });
    await synced(ada);
    await edit(bert, 'mx2', { port: 2626 });
    const again = await openCopy(root, 'bert');

    const pulled = await Promise.all([synced(bert), synced(again)]);

    expect(pulled.map((each) => each.pulled).toSorted((one, other) => one - other)).toEqual([0, 1]);
    expect((await read(bert, 'mx1')).port).toBe(2525);
    await expectInOrder(bert);
  });

  it('survives the death of a sync in its middle', async () => {
    await edit(ada, 'mx1', { port: 2525 });
    await edit(ada, 'mx2', { port: 2626 });
    await synced(ada);
    await edit(bert, 'mx1', { maxConnections: 7 });
    const child = fork(script('sync-and-die.ts'), [bert.folder.path, join(root, 'vault')], { stdio: 'ignore' });
    const [, signal] = await once(child, 'exit');

    const found = await names(bert);
    await synced(bert);

    expect(signal).toBe('SIGKILL');
    expect(found).toEqual(['mx1', 'mx2']);
    expect(await read(bert, 'mx1')).toMatchObject({ port: 2525, maxConnections: 7 });
    expect(await read(bert, 'mx2')).toMatchObject({ port: 2626 });
    await expectInOrder(bert);
  });
});

describe('a field that both changed', () => {
  beforeEach(async () => {
    await edit(ada, 'mx1', { port: 2525 });
    await edit(bert, 'mx1', { port: 2626, maxConnections: 40 });
    await synced(ada);
  });

  it('is shown with what it was, and nothing changes', async () => {
    const before = await bert.git('rev-parse', 'HEAD');

    const { conflicts } = valueOf(await bert.remote.sync());

    expect(conflicts).toEqual([
      {
        id: 'gateways/mx1.yaml#settings.connections.interface.port',
        scope: { kind: 'gateway', name: 'mx1' },
        label: 'Port',
        base: 'Inherited',
        ours: '2626',
        theirs: '2525',
      },
    ]);
    expect(await bert.git('rev-parse', 'HEAD')).toBe(before);
    expect(await read(bert, 'mx1')).toMatchObject({ port: 2626 });
  });

  it.each([
    ['ours', 2626],
    ['theirs', 2525],
  ] as const)('is decided for %s, and the rest comes together', async (side, port) => {
    const { conflicts } = valueOf(await bert.remote.sync());

    const choices = Object.fromEntries(conflicts.map(({ id }) => [id, side]));
    const ended = valueOf(await bert.remote.resolve(choices));
    await synced(ada);

    expect(ended).toMatchObject({ conflicts: [], pulled: 1 });
    expect(await read(ada, 'mx1')).toMatchObject({ port, maxConnections: 40 });
    expect(await read(bert, 'mx1')).toMatchObject({ port, maxConnections: 40 });
  });

  it('is not decided by what was shown before somebody changed it again', async () => {
    const { conflicts } = valueOf(await bert.remote.sync());
    await edit(ada, 'mx1', { port: 2727 });
    await synced(ada);

    const refused = await bert.remote.resolve(Object.fromEntries(conflicts.map(({ id }) => [id, 'theirs'])));

    expect(refused).toMatchObject({ ok: false, problem: { code: 'conflict' } });
    expect(await read(bert, 'mx1')).toMatchObject({ port: 2626 });
  });
});

describe('what cannot be joined', () => {
  it('a gateway removed here and changed there is a conflict', async () => {
    await edit(ada, 'mx2', { port: 2525 });
    await synced(ada);
    valueOf(await bert.folder.remove('mx2'));

    const { conflicts } = valueOf(await bert.remote.sync());

    expect(conflicts).toMatchObject([
      { id: 'gateways/mx2.yaml', base: 'As it was', ours: 'Removed', theirs: 'Changed there' },
    ]);
  });

  it('a file cut off on the remote is refused by name, and nothing changes', async () => {
    const other = join(root, 'other');
    await git(root, 'clone', '-q', bare, other);
    const path = join(other, 'gateways/mx1.yaml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, text.indexOf('host:') + 3));
    await git(other, 'commit', '-qam', 'Cut it');
    await git(other, 'push', '-q');
    const before = await bert.git('rev-parse', 'HEAD');

    const refused = await bert.remote.sync();

    expect(refused).toMatchObject({ ok: false, problem: { code: 'folder-unreadable' } });
    expect(refused.ok ? '' : refused.problem.message).toMatch(
      /^gateways\/mx1\.yaml from the remote cannot be read\. Line \d/,
    );
    expect(await bert.git('rev-parse', 'HEAD')).toBe(before);
    expect(await bert.git('status', '--porcelain')).toBe('');
  });

  it('a gateway moved into a group that the other removed is refused by name', async () => {
    valueOf(await ada.folder.addGroup('edge', null));
    await synced(ada);
    await synced(bert);
    valueOf(await ada.folder.removeGroup('edge'));
    await synced(ada);
    valueOf(await bert.folder.moveGateways(['mx1'], 'edge'));

    const refused = await bert.remote.sync();

    expect(refused.ok ? '' : refused.problem.message).toContain('mx1 makes no sense');
    expect(valueOf(await bert.folder.load('mx1')).group).toBe('edge');
  });

  it('a link that the remote brings is refused', async () => {
    const other = join(root, 'other');
    await git(root, 'clone', '-q', bare, other);
    await git(other, 'rm', '-q', 'gateways/mx1.yaml');
    await runAsRoot('ln', '-s', '/etc/passwd', join(other, 'gateways/mx1.yaml'));
    await git(other, 'add', '.');
    await git(other, 'commit', '-qm', 'Link it');
    await git(other, 'push', '-q');

    const refused = await bert.remote.sync();

    expect(refused.ok ? '' : refused.problem.message).toContain('gateways/mx1.yaml');
    expect(await read(bert, 'mx1')).toMatchObject({ port: 25 });
  });

  it('another fleet is refused', async () => {
    const carl = await openCopy(root, 'carl');
    valueOf(await carl.folder.add('mx9', sampleRecord()));
    valueOf(await carl.remote.set({ url: bare, token: null }));

    const refused = await carl.remote.sync();

    expect(refused.ok ? '' : refused.problem.message).toContain('another history');
    expect(await names(carl)).toEqual(['mx9']);
  });
});
