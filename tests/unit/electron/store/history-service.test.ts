import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Scope } from '../../../../gateway-agent/contract/scope.ts';
import type { SettingPath } from '../../../../gateway-agent/contract/settings-layer.ts';
import { createConfigPlanner } from '../../../../electron/store/build-release.ts';
import type { FleetFolder } from '../../../../electron/store/fleet-folder.ts';
import { openFleetHistory } from '../../../../electron/store/history-service.ts';
import {
  sampleRecord,
  temporaryFleet,
  temporaryFolder,
  tester,
  valueOf,
  yamlOf,
} from '../../../support/temporary-fleet.ts';

const mx1: Scope = { kind: 'gateway', name: 'mx1' };
const edge: Scope = { kind: 'group', name: 'edge' };
const portPath: SettingPath = 'connections.interface.port';

async function savePort(
  folder: FleetFolder,
  scope: Scope,
  { port, denyText = '' }: { port: number; denyText?: string },
): Promise<string> {
  const { draft, savedVersion } = valueOf(await folder.loadDraft(scope));
  const settings = structuredClone(draft.settings);
  settings.connections.interface.port = port;
  const next = { ...draft, settings, overrides: [...new Set([...draft.overrides, portPath])], denyText };
  return valueOf(await folder.saveDraft(scope, { draft: next, savedVersion, words: `Port ${port}` })).commit;
}

async function portOf(folder: FleetFolder, name: string): Promise<number> {
  return valueOf(await folder.resolve(name)).settings.connections.interface.port;
}

async function git(folder: FleetFolder, ...args: string[]): Promise<string> {
  const who = ['-c', 'user.name=Hand', '-c', 'user.email=hand@example.test'];
  return (await promisify(execFile)('git', [...who, ...args], { cwd: folder.path })).stdout;
}

/** mx1 and mx2 below the group edge, one save of each kind. */
async function fleetWithPast() {
  const folder = await temporaryFleet();
  valueOf(await folder.add('mx2', sampleRecord('mx2.example.test')));
  valueOf(await folder.addGroup('edge', null));
  valueOf(await folder.moveGateways(['mx1', 'mx2'], 'edge'));
  const first = await savePort(folder, mx1, { port: 2525, denyText: '192.0.2.1\n' });
  const second = await savePort(folder, mx1, { port: 2626, denyText: '192.0.2.2\n' });
  const ofGroup = await savePort(folder, edge, { port: 2600 });
  return { folder, history: openFleetHistory(folder), commits: { first, second, ofGroup } };
}

const words = (page: { entries: { words: string }[] }) => page.entries.map((entry) => entry.words);

describe('the log', () => {
  it('tells every save with its author and whom it touched, newest first', async () => {
    const { history } = await fleetWithPast();

    const page = valueOf(await history.log({ scope: null, after: null, limit: 100 }));

    expect(words(page).slice(0, 3)).toEqual(['Port 2600', 'Port 2626', 'Port 2525']);
    expect(words(page).slice(-2)).toEqual(['Add mx2', 'Add mx1']);
    expect(page.entries[0]).toMatchObject({ author: tester.name, scopes: [edge], parent: page.entries[1]?.commit });
    expect(page.entries[1]).toMatchObject({ scopes: [mx1] });
    expect(page.next).toBeNull();
  });

  it('of one gateway leaves out what others saved, page by page', async () => {
    const { folder, history } = await fleetWithPast();

    const first = valueOf(await history.log({ scope: mx1, after: null, limit: 2 }));
    const rest = valueOf(await history.log({ scope: mx1, after: first.next, limit: 50 }));
    const again = valueOf(await openFleetHistory(folder).log({ scope: mx1, after: first.next, limit: 50 }));

    expect(words(first)).toEqual(['Port 2626', 'Port 2525']);
    expect(words(rest)).toHaveLength(2);
    expect(words(rest).at(-1)).toBe('Add mx1');
    expect(words(again)).toEqual(words(rest));
  });

  it('of a group holds its own settings and its gateways', async () => {
    const { history } = await fleetWithPast();

    const page = valueOf(await history.log({ scope: edge, after: null, limit: 50 }));

    expect(words(page)).toContain('Port 2600');
    expect(words(page)).toContain('Port 2525');
  });

  it('is empty before the first save', async () => {
    const history = openFleetHistory({ path: join(await temporaryFolder(), 'new'), who: tester });

    expect(valueOf(await history.log({ scope: null, after: null, limit: 5 }))).toEqual({ entries: [], next: null });
  });
});

describe('a comparison', () => {
  it('tells in words what a gateway would be given before and after', async () => {
    const { history, commits } = await fleetWithPast();

    const [told, ...others] = valueOf(await history.compare({ scope: mx1, from: commits.first, to: commits.second }));

    expect(others).toEqual([]);
    expect(told?.gateway).toBe('mx1');
    expect(told?.difference.map(({ label, before, after }) => `${label}: ${before} > ${after}`)).toEqual([
      'Port: 2525 > 2626',
      'Deny list: 1 entry > + 1 entry, − 1',
    ]);
  });

  it('names the gateways that a group reaches, and not those that say otherwise', async () => {
    const { history, commits } = await fleetWithPast();

    const told = valueOf(
      await history.compare({ scope: { kind: 'fleet' }, from: commits.second, to: commits.ofGroup }),
    );

    expect(told.map(({ gateway }) => gateway)).toEqual(['mx2']);
  });

  it('with the folder as it lies there holds edits by hand', async () => {
    const { folder, history, commits } = await fleetWithPast();
    const text = await readFile(yamlOf(folder), 'utf8');
    await writeFile(yamlOf(folder), text.replace('port: 2626', 'port: 2727'));

    const told = valueOf(await history.compare({ scope: mx1, from: commits.second, to: null }));

    expect(told[0]?.difference.map(({ after }) => after)).toEqual(['2727']);
  });
});

describe('a restoration', () => {
  it('brings back settings and lists of one gateway as one commit, and keeps what it was last given', async () => {
    const { folder, history, commits } = await fleetWithPast();
    valueOf(
      await folder.recordPush('mx1', {
        revision: 'a'.repeat(64),
        at: '2026-01-02T00:00:00.000Z',
        by: 'x',
        pushId: 'p',
      }),
    );

    const shown = valueOf(await history.previewRestore({ scope: mx1, commit: commits.first }));
    const portBefore = await portOf(folder, 'mx1');
    const restored = valueOf(await history.restore({ scope: mx1, commit: commits.first }));

    expect(shown.differences[0]?.difference.map(({ after }) => after)).toEqual(['2525', '+ 1 entry, − 1']);
    expect(portBefore).toBe(2626);
    expect(restored.touched).toEqual(['mx1']);
    expect(await portOf(folder, 'mx1')).toBe(2525);
    expect(await readFile(join(folder.path, 'lists', 'mx1-deny.txt'), 'utf8')).toBe('192.0.2.1\n');
    expect(valueOf(await folder.load('mx1')).lastPush?.at).toBe('2026-01-02T00:00:00.000Z');
    expect((await git(folder, 'log', '-1', '--format=%H %s')).trim()).toMatch(
      new RegExp(`^${restored.commit} Restore mx1 as of `),
    );
  });

  it('leaves a repository that git finds in order', async () => {
    const { folder, history, commits } = await fleetWithPast();
    valueOf(await history.restore({ scope: { kind: 'fleet' }, commit: commits.first }));

    await git(folder, 'fsck', '--strict'); // fails where anything is wrong

    expect(await git(folder, 'status', '--porcelain')).toBe('');
  });

  it('keeps an edit by hand in a commit of its own first', async () => {
    const { folder, history, commits } = await fleetWithPast();
    const edited = `# by hand\n${await readFile(yamlOf(folder), 'utf8')}`;
    await writeFile(yamlOf(folder), edited);

    valueOf(await history.restore({ scope: mx1, commit: commits.first }));

    expect(await git(folder, 'show', 'HEAD~1:gateways/mx1.yaml')).toBe(edited);
  });

  it('of a group brings its gateways back, and leaves others alone', async () => {
    const { folder, history, commits } = await fleetWithPast();
    valueOf(await folder.add('mx3', sampleRecord('mx3.example.test')));

    const { touched } = valueOf(await history.restore({ scope: edge, commit: commits.first }));

    expect(touched).toEqual(['mx1', 'mx2']); // mx2 follows the group
    expect(await portOf(folder, 'mx1')).toBe(2525);
    expect(await portOf(folder, 'mx2')).toBe(25);
    expect(valueOf(await folder.list())).toHaveLength(3);
  });

  it('of the fleet brings removed gateways back and takes away what was added since', async () => {
    const { folder, history, commits } = await fleetWithPast();
    valueOf(await folder.remove('mx2'));
    valueOf(await folder.add('mx3', sampleRecord('mx3.example.test')));

    const { touched } = valueOf(await history.restore({ scope: { kind: 'fleet' }, commit: commits.second }));

    expect(touched).toEqual(['mx2', 'mx3']);
    expect(valueOf(await folder.list()).map(({ name }) => name)).toEqual(['mx1', 'mx2']);
    expect(await portOf(folder, 'mx2')).toBe(25);
  });

  it('brings back with a gateway the credential that is gone since', async () => {
    const { folder, history } = await fleetWithPast();
    valueOf(await folder.saveCredential('ops', { user: 'ops', signIn: { kind: 'agent' } }));
    const { ssh, ...rest } = valueOf(await folder.load('mx2'));
    valueOf(await folder.save('mx2', { ...rest, ssh: { ...ssh, credential: 'ops' } }, 'Use ops'));
    const then = (await git(folder, 'rev-parse', 'HEAD')).trim();
    valueOf(await folder.remove('mx2'));
    valueOf(await folder.removeCredential('ops'));

    valueOf(await history.restore({ scope: { kind: 'gateway', name: 'mx2' }, commit: then }));

    expect(valueOf(await folder.loadCredential('ops')).user).toBe('ops');
  });

  it('to what it is already makes no commit', async () => {
    const { folder, history, commits } = await fleetWithPast();
    const head = await git(folder, 'rev-parse', 'HEAD');

    const restored = valueOf(await history.restore({ scope: mx1, commit: commits.second }));

    expect(restored).toMatchObject({ commit: null, touched: [] });
    expect(await git(folder, 'rev-parse', 'HEAD')).toBe(head);
  });

  it('is refused where the file could not be read at that time', async () => {
    const { folder, history } = await fleetWithPast();
    await writeFile(yamlOf(folder), 'ssh: [broken');
    await git(folder, 'commit', '-qam', 'Break it');
    const broken = (await git(folder, 'rev-parse', 'HEAD')).trim();

    const refused = await history.restore({ scope: mx1, commit: broken });

    expect(refused).toMatchObject({ ok: false, problem: { code: 'folder-unreadable' } });
    expect(refused.ok ? '' : refused.problem.message).toContain('gateways/mx1.yaml could not be read');
  });
});

describe('what a gateway ran', () => {
  it('is told by the push before that time, with the settings it came from', async () => {
    const { folder, history } = await fleetWithPast();
    const planned = valueOf(await createConfigPlanner(folder).plan(valueOf(await folder.resolve('mx1'))));
    const { revision } = planned;
    valueOf(await folder.recordPush('mx1', { revision, at: '2026-02-02T00:00:00.000Z', by: 'Ada', pushId: 'p' }));
    await savePort(folder, mx1, { port: 2828, denyText: '192.0.2.2\n' });

    const before = valueOf(await history.ran('mx1', new Date('2026-02-01T00:00:00Z')));
    const then = valueOf(await history.ran('mx1', new Date('2026-02-03T00:00:00Z')));

    expect(before).toMatchObject({ revision: null, words: 'Nothing was pushed to it by then.' });
    expect(then).toMatchObject({ revision, by: 'Ada', words: null });
    expect(then.difference.map(({ label, before: was, after }) => [label, was, after])).toEqual([
      ['Port', '2626', '2828'],
    ]);
  });

  it('is not known of a gateway that never was in the folder', async () => {
    const { history } = await fleetWithPast();

    expect(await history.ran('mx9', new Date())).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });
});

describe('a state', () => {
  it('is found by its first digits, by steps back, and by time', async () => {
    const { folder, history, commits } = await fleetWithPast();

    const found = [
      valueOf(await history.findCommit(commits.first.slice(0, 8))),
      valueOf(await history.findCommit('HEAD~1')),
      valueOf(await history.commitAt(new Date(Date.now() + 1000))),
    ];

    expect(found).toEqual([commits.first, commits.second, (await git(folder, 'rev-parse', 'HEAD')).trim()]);
    expect(await history.commitAt(new Date(0))).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    expect(await history.findCommit('HEAD~99')).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });
});
