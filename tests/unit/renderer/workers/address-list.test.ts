// One list as the worker holds it: edits, undo, view, text.
import { describe, expect, it } from 'vitest';
import { parseList } from '#contract/addresses';
import { createAddressList } from '../../../../renderer/workers/address-list.ts';
import { createIds } from '../../../../renderer/workers/list-entries.ts';
import type { ListView } from '../../../../renderer/workers/list-protocol.ts';

function listOf(text: string) {
  const list = createAddressList(createIds());
  list.load(text);
  return list;
}

const texts = (list: ReturnType<typeof listOf>): string[] => list.rows(0, 1000).rows.map((row) => row.text);
const view = (part: Partial<ListView>): ListView => ({ filter: '', sort: 'order', descending: false, ...part });

describe('createAddressList', () => {
  it('gives the stored text back untouched until something is edited', () => {
    const text = '# offices\r\n192.0.2.7   #  printer\r\n\r\n2001:DB8::/32\r\n';
    const list = listOf(text);

    expect(list.text()).toBe(text);
    list.add('10.0.0.1');
    expect(list.text()).toBe('# offices\n192.0.2.7 # printer\n2001:db8::/32\n10.0.0.1\n');
    list.undo();
    expect(list.text()).toBe(text);
  });

  it('writes what the list parser reads back to the same entries', () => {
    const list = listOf('');
    list.add('192.168.3.1:255.255.255.128 # floor 3\n::ffff:192.0.2.1\n2001:db8::/32');

    const read = parseList(list.text());

    expect(read.refused).toEqual([]);
    expect(read.entries).toEqual(list.entries().map(({ block, note }) => ({ block, note })));
  });

  it('adds an entry once, in whatever spelling it comes', () => {
    const list = listOf('192.0.2.1\n');

    const { report } = list.add('::ffff:192.0.2.1');

    expect(report).toMatchObject({ added: 0, already: 1, words: '192.0.2.1 is in the list already.' });
    expect(list.summary().undo).toBeNull();
  });

  it('keeps lines that it cannot read until they are removed, and brings them back', () => {
    const list = listOf('192.0.2.1\nmail.example.net\n');

    expect(list.summary()).toMatchObject({ count: 1, unreadableCount: 1, unreadable: [{ line: 2 }] });
    list.add('192.0.2.2');
    expect(list.text()).toContain('mail.example.net\n');
    list.dropUnreadable();
    expect(list.text()).toBe('192.0.2.1\n192.0.2.2\n');
    list.undo();
    expect(list.summary().unreadableCount).toBe(1);
  });

  it('removes what is marked and undo brings it back, note and place included', () => {
    const list = listOf('10.0.0.1\n10.0.0.2 # keep me\n10.0.0.3\n');
    const [, second] = list.rows(0, 3).rows;

    expect(list.remove({ all: false, ids: [second?.id ?? 0] })).toBe('Removed 10.0.0.2');
    expect(texts(list)).toEqual(['10.0.0.1', '10.0.0.3']);
    list.undo();
    expect(list.text()).toBe('10.0.0.1\n10.0.0.2 # keep me\n10.0.0.3\n');
    list.redo();
    expect(texts(list)).toEqual(['10.0.0.1', '10.0.0.3']);
  });

  it('removes all that is shown but the exceptions, and nothing that is filtered away', () => {
    const list = listOf('10.0.0.1\n10.0.0.2\n10.0.0.3\n192.0.2.1\n');
    list.look(view({ filter: '10.0.0.' }));
    const [first] = list.rows(0, 1).rows;

    list.remove({ all: true, ids: [first?.id ?? 0] });
    list.look(view({}));

    expect(texts(list)).toEqual(['10.0.0.1', '192.0.2.1']);
  });

  it('counts a note typed in several pauses as one step', () => {
    const list = listOf('10.0.0.1\n');
    const id = list.rows(0, 1).rows[0]?.id ?? 0;

    list.setNote(id, 'pri');
    list.setNote(id, 'printer\n2nd floor');

    expect(list.text()).toBe('10.0.0.1 # printer 2nd floor\n');
    list.undo();
    expect(list.text()).toBe('10.0.0.1\n');
    expect(list.summary().undo).toBeNull();
  });

  it('answers which entry matches an address, the narrowest one', () => {
    const list = listOf('192.0.2.0/24 # net\n192.0.2.0/28 # narrow\n2001:db8::/32\n');

    list.look(view({ filter: '::ffff:192.0.2.7' }));
    expect(list.summary().match).toEqual({ address: '192.0.2.7', entry: '192.0.2.0/28', note: 'narrow' });
    expect(texts(list)).toEqual(['192.0.2.0/24', '192.0.2.0/28']);

    list.look(view({ filter: '198.51.100.1' }));
    expect(list.summary()).toMatchObject({ shown: 0, match: { address: '198.51.100.1', entry: null } });
  });

  it('filters by note and by network', () => {
    const list = listOf('192.0.2.0/24 # Office\n192.0.2.9\n198.51.100.1 # office too\n');

    list.look(view({ filter: 'OFFICE' }));
    expect(texts(list)).toEqual(['192.0.2.0/24', '198.51.100.1']);
    list.look(view({ filter: '192.0.2.0/25' }));
    expect(texts(list)).toEqual(['192.0.2.0/24', '192.0.2.9']);
  });

  it('sorts by number, size, note and cover, and back', () => {
    const list = listOf('10.0.0.10\n10.0.0.9 # b\n10.0.0.0/24 # a\n2001:db8::1\n');

    list.look(view({ sort: 'entry' }));
    expect(texts(list)).toEqual(['10.0.0.0/24', '10.0.0.9', '10.0.0.10', '2001:db8::1']);
    list.look(view({ sort: 'size', descending: true }));
    expect(texts(list)[0]).toBe('10.0.0.0/24');
    list.look(view({ sort: 'note' }));
    expect(texts(list).slice(0, 2)).toEqual(['10.0.0.0/24', '10.0.0.9']);
    list.look(view({ sort: 'covered' }));
    expect(texts(list).slice(0, 2)).toEqual(['10.0.0.10', '10.0.0.9']);
    list.look(view({}));
    expect(texts(list)[0]).toBe('10.0.0.10');
  });

  it('marks what a wider entry covers', () => {
    const list = listOf('10.0.0.9\n10.0.0.0/24\n');

    expect(list.rows(0, 2).rows.map((row) => row.coveredBy)).toEqual(['10.0.0.0/24', null]);
    expect(list.summary().covered).toBe(1);
  });

  it('leaves the marks of a long list for later and says so', () => {
    const long = Array.from({ length: 20_001 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`).join('\n');
    const list = listOf(`${long}\n10.0.0.0/24\n`);

    expect(list.summary().covered).toBeNull();
    expect(list.analyse()).toBe(true);
    expect(list.summary().covered).toBe(256);
    expect(list.analyse()).toBe(false);
  });
});
