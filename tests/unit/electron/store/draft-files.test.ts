import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messagesOf, saveDenyText, temporaryFleet, valueOf } from '../../../support/temporary-fleet.ts';

describe('drafts', () => {
  it('keep lists as files in the import format, in one spelling, with notes and comments', async () => {
    const folder = await temporaryFleet();

    valueOf(
      await saveDenyText(folder, '\uFEFF# scanners\r\n192.168.3.1:255.255.255.128 # lab\r\n\r\n2001:DB8:0::/32\r\n'),
    );

    const text = await readFile(join(folder.path, 'lists', 'mx1-deny.txt'), 'utf8');
    expect(text).toBe('# scanners\n192.168.3.0:255.255.255.128 # lab\n\n2001:db8::/32\n');
    expect(valueOf(await folder.load('mx1')).settings).toEqual({ connections: { control: { denyList: 'mx1-deny' } } });
  });

  it('refuse a list that is not UTF-8: its notes would be mangled, and written back so', async () => {
    const folder = await temporaryFleet();
    valueOf(await saveDenyText(folder, '192.0.2.1 # lab\n'));
    await writeFile(join(folder.path, 'lists', 'mx1-deny.txt'), Buffer.from('192.0.2.1 # B\u00fcro\n', 'latin1'));

    const loaded = await folder.loadDraft({ kind: 'gateway', name: 'mx1' });

    expect(loaded).toMatchObject({ ok: false, problem: { code: 'folder-unreadable' } });
    expect(JSON.stringify(loaded)).toContain('lists/mx1-deny.txt');
    expect(JSON.stringify(loaded)).toContain('UTF-8');
  });

  it('refuse a list with a line that is no entry, by its number, and change nothing', async () => {
    const folder = await temporaryFleet();

    const saved = await saveDenyText(folder, '192.0.2.1\n192.0.2.0/33\nhost.test\n');

    expect(saved).toMatchObject({ ok: false, problem: { code: 'list-rejected' } });
    expect(saved).toMatchObject({ problem: { message: expect.stringMatching(/line 2: .*and 1 more line/) } });
    expect(await messagesOf(folder)).toEqual(['Add mx1']);
  });

  it('conflict when settings or a list were changed meanwhile', async () => {
    const folder = await temporaryFleet();
    valueOf(await saveDenyText(folder, '192.0.2.1\n'));
    const first = valueOf(await folder.loadDraft({ kind: 'gateway', name: 'mx1' }));
    await writeFile(join(folder.path, 'lists', 'mx1-deny.txt'), '192.0.2.1\n192.0.2.2\n');

    const saved = await folder.saveDraft({ kind: 'gateway', name: 'mx1' }, { ...first, words: 'Mine' });

    expect(saved).toMatchObject({ ok: false, problem: { code: 'conflict' } });
    expect(valueOf(await folder.loadDraft({ kind: 'gateway', name: 'mx1' })).draft.denyText).toBe(
      '192.0.2.1\n192.0.2.2\n',
    );
  });

  it('do not conflict with a push or a new host key in between', async () => {
    const folder = await temporaryFleet();
    const before = valueOf(await folder.loadDraft({ kind: 'gateway', name: 'mx1' }));
    const lastPush = { revision: 'a'.repeat(64), at: '2026-11-24T00:00:00.000Z', by: 'ada', pushId: 'p' };

    valueOf(await folder.recordPush('mx1', lastPush));
    const saved = valueOf(
      await folder.saveDraft(
        { kind: 'gateway', name: 'mx1' },
        { ...before, draft: { ...before.draft, denyText: '192.0.2.1\n' }, words: 'x' },
      ),
    );

    expect(valueOf(await folder.load('mx1')).lastPush).toEqual(lastPush);
    expect(valueOf(await folder.loadDraft({ kind: 'gateway', name: 'mx1' })).savedVersion).toBe(saved.savedVersion);
  });

  it('fail when a list that is named is missing, instead of taking it for empty', async () => {
    const folder = await temporaryFleet();
    valueOf(await saveDenyText(folder, '192.0.2.1\n'));
    await rm(join(folder.path, 'lists', 'mx1-deny.txt'));

    expect(await folder.loadDraft({ kind: 'gateway', name: 'mx1' })).toMatchObject({
      ok: false,
      problem: { code: 'not-found' },
    });
  });

  it("leave another list's file alone that happens to have the default name", async () => {
    const folder = await temporaryFleet();
    await mkdir(join(folder.path, 'lists'), { recursive: true });
    await writeFile(join(folder.path, 'lists', 'mx1-deny.txt'), '198.51.100.1\n');

    valueOf(await saveDenyText(folder, '192.0.2.1\n'));

    expect(await readFile(join(folder.path, 'lists', 'mx1-deny.txt'), 'utf8')).toBe('198.51.100.1\n');
    expect(valueOf(await folder.loadDraft({ kind: 'gateway', name: 'mx1' })).draft.denyText).toBe('192.0.2.1\n');
  });

  it('hold a list of 100,000 entries', async () => {
    const folder = await temporaryFleet();
    const entries = Array.from(
      { length: 100_000 },
      (_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}\n`,
    );

    valueOf(await saveDenyText(folder, entries.join('')));

    expect(valueOf(await folder.loadDraft({ kind: 'gateway', name: 'mx1' })).draft.denyText).toBe(entries.join(''));
  });
});

describe('a list that is chosen instead of the one before', () => {
  it('keeps its own entries', async () => {
    const folder = await temporaryFleet();
    valueOf(await saveDenyText(folder, '192.0.2.1\n'));
    await writeFile(join(folder.path, 'lists', 'shared.txt'), '198.51.100.1\n');
    const { draft, savedVersion } = valueOf(await folder.loadDraft({ kind: 'gateway', name: 'mx1' }));
    const control = { ...draft.settings.connections.control, denyList: 'shared' };

    const settings = { ...draft.settings, connections: { ...draft.settings.connections, control } };
    const saved = valueOf(
      await folder.saveDraft(
        { kind: 'gateway', name: 'mx1' },
        { draft: { ...draft, settings }, savedVersion, words: 'x' },
      ),
    );

    const loaded = valueOf(await folder.loadDraft({ kind: 'gateway', name: 'mx1' }));
    expect(loaded.draft.denyText).toBe('198.51.100.1\n');
    expect(loaded.savedVersion).toBe(saved.savedVersion);
  });
});
