import { describe, expect, it } from 'vitest';
import { mergeFile, reasonAgainst, refusePath } from '../../../../electron/store/merge-files.ts';
import type { Choices } from '../../../../electron/store/merge-values.ts';
import { parseRecord } from '../../../../electron/store/record-text.ts';
import { valueOf } from '../../../support/temporary-fleet.ts';

type Texts = { base: string | null; ours: string | null; theirs: string | null; choices?: Choices };

async function merge(path: string, { base, ours, theirs, choices = {} }: Texts) {
  const content = (text: string | null) => (text === null ? null : Buffer.from(text));
  const files = { base: content(base), ours: content(ours), theirs: content(theirs) };
  const { content: joined, conflicts } = valueOf(
    await mergeFile({ path, files, choices, onSome: () => Promise.resolve() }),
  );
  return { text: joined?.toString('utf8') ?? null, conflicts };
}

const gateway = 'gateways/mx1.yaml';
const hash = (digit: string) => digit.repeat(64);
const push = (digit: string, at: string) =>
  `lastPush:\n  revision: ${hash(digit)}\n  at: ${at}\n  by: ada\n  pushId: ${digit}\n`;

describe('a file of settings', () => {
  it('takes each field from the side that changed it, and keeps our comments', async () => {
    const { text, conflicts } = await merge(gateway, {
      base: 'ssh:\n  host: a.example.test\ntags: [one]\n',
      ours: '# ours\nssh:\n  host: a.example.test # where\ntags: [one, two]\n',
      theirs: 'ssh:\n  host: b.example.test\n  port: 2222\ntags: [one]\ngroup: edge\n',
    });

    const read = parseRecord(text ?? '');
    expect(conflicts).toEqual([]);
    expect(text).toMatch(/^# ours\n[^]*# where\n/);
    expect(read.ok ? read.value : null).toMatchObject({
      ssh: { host: 'b.example.test', port: 2222 },
      tags: ['one', 'two'],
      group: 'edge',
    });
  });

  it('knows the later push as the one that holds', async () => {
    const ssh = 'ssh:\n  host: a.example.test\n';

    const { text, conflicts } = await merge(gateway, {
      base: ssh + push('a', '2026-01-01T00:00:00.000Z'),
      ours: ssh + push('b', '2026-01-03T00:00:00.000Z'),
      theirs: ssh + push('c', '2026-01-02T00:00:00.000Z'),
    });

    expect(conflicts).toEqual([]);
    expect(text).toContain(hash('b'));
  });

  it('tells of private keys that both changed, and never which', async () => {
    const withKey = (digit: string) =>
      `ssh:\n  host: a.example.test\nsettings:\n  connections:\n    tls:\n      privateKey: ${hash(digit)}\n`;

    const { conflicts } = await merge(gateway, { base: withKey('a'), ours: withKey('b'), theirs: withKey('c') });

    expect(conflicts).toMatchObject([{ ours: 'Changed here', theirs: 'Changed there' }]);
    expect(JSON.stringify(conflicts)).not.toContain(hash('b').slice(0, 12));
  });

  it('in a group or the fleet is joined the same way', async () => {
    const limit = (number: number) => `settings:\n  connections:\n    interface:\n      maxConnections: ${number}\n`;

    const { text } = await merge('fleet.yaml', {
      base: limit(1),
      ours: `${limit(1)}      port: 2525\n`,
      theirs: limit(2),
    });
    const asked = await merge('groups/edge.yaml', { base: limit(1), ours: limit(2), theirs: limit(3) });

    expect(text).toContain('port: 2525');
    expect(text).toContain('maxConnections: 2');
    expect(asked.conflicts).toMatchObject([
      { scope: { kind: 'group', name: 'edge' }, label: 'Simultaneous connections', base: '1', ours: '2', theirs: '3' },
    ]);
  });
});

describe('a list', () => {
  const base = '# head\n192.0.2.1\n192.0.2.2 # b\n\n192.0.2.3\n';

  it('holds what both added, and lacks what either removed', async () => {
    const { text, conflicts } = await merge('lists/bad.txt', {
      base,
      ours: '# head\n192.0.2.2 # b\n\n192.0.2.3\n192.0.2.4\n',
      theirs: '# head\n192.0.2.1\n192.0.2.2 # b\n\n192.0.2.9\n192.0.2.4\n',
    });

    expect(conflicts).toEqual([]);
    expect(text).toBe('# head\n192.0.2.2 # b\n\n192.0.2.4\n192.0.2.9\n');
  });

  it('asks where the note of an entry differs, or one removed what the other noted', async () => {
    const texts = {
      base,
      ours: base.replace('# b', '# ours').replace('192.0.2.1\n', ''),
      theirs: base.replace('# b', '# theirs').replace('192.0.2.1\n', '192.0.2.1 # scanner\n'),
    };

    const { conflicts } = await merge('lists/mx1-deny.txt', texts);
    const choices = Object.fromEntries(conflicts.map(({ id }) => [id, 'theirs' as const]));
    const { text } = await merge('lists/mx1-deny.txt', { ...texts, choices });

    expect(conflicts.map(({ label, ours, theirs }) => `${label}: ${ours} | ${theirs}`).toSorted()).toEqual([
      'Deny list: 192.0.2.1: Not in the list | 192.0.2.1 # scanner',
      'Deny list: 192.0.2.2: 192.0.2.2 # ours | 192.0.2.2 # theirs',
    ]);
    expect(conflicts[0]?.scope).toEqual({ kind: 'gateway', name: 'mx1' });
    expect(text).toContain('192.0.2.2 # theirs\n');
    expect(text).toContain('192.0.2.1 # scanner\n');
  });
});

describe('every other file', () => {
  it('is asked about as a whole', async () => {
    const texts = { base: 'a', ours: 'b', theirs: 'c' };

    const { text, conflicts } = await merge('README.md', texts);

    expect(text).toBe('b');
    expect(conflicts).toMatchObject([{ id: 'README.md', scope: { kind: 'fleet' }, label: 'README.md' }]);
    expect(await merge('README.md', { ...texts, choices: { 'README.md': 'theirs' } })).toEqual({
      text: 'c',
      conflicts: [],
    });
  });

  it('goes on behind the other where it is an audit log', async () => {
    expect(await merge('audit/x-1.jsonl', { base: 'a\n', ours: 'a\nb\n', theirs: 'a\nb\nc\n' })).toEqual({
      text: 'a\nb\nc\n',
      conflicts: [],
    });
    expect((await merge('audit/x-1.jsonl', { base: 'a\n', ours: 'a\nb\n', theirs: 'a\nx\n' })).conflicts).toHaveLength(
      1,
    );
  });
});

describe('what comes from elsewhere', () => {
  it.each([
    ['.git/hooks/post-checkout', '100644'],
    ['gateways/.GIT/config', '100644'],
    ['../outside.yaml', '100644'],
    ['lists/a\\b.txt', '100644'],
    ['git~1/config', '100644'],
    ['.postern.lock', '100644'],
    ['gateways/mx1.yaml', '120000'],
    ['module', '160000'],
  ])('is refused as %s with mode %s', (path, mode) => {
    expect(refusePath(path, mode)).toMatchObject({ ok: false, problem: { code: 'folder-unreadable' } });
  });

  it('may be any ordinary file', () => {
    for (const path of ['gateways/mx1.yaml', 'README.md', '.gitignore', '.gitattributes', 'docs/a b.md']) {
      expect(refusePath(path, '100644')).toMatchObject({ ok: true });
    }
  });

  it('is read as what its place says', async () => {
    const cases = [
      ['gateways/mx1.yaml', 'ssh: [broken'],
      ['groups/edge.yaml', 'settngs: {}'],
      ['fleet.yaml', 'settings: 7'],
      ['credentials/ops.yaml', 'user: [1]'],
      ['lists/bad.txt', 'not an address'],
    ] as const;

    for (const [path, text] of cases) expect(await reasonAgainst(path, Buffer.from(text))).not.toBeNull();
    expect(await reasonAgainst('README.md', Buffer.from([0xff, 0xfe]))).toBeNull();
    expect(await reasonAgainst('gateways/mx1.yaml', Buffer.from('ssh:\n  host: a.example.test\n'))).toBeNull();
  });
});
