// What an import would do, before it is done.
import { describe, expect, it } from 'vitest';
import { previewImport } from '../../../../renderer/workers/import-preview.ts';
import { createIds, readEntries } from '../../../../renderer/workers/list-entries.ts';

function preview(file: string, current = '') {
  const nextId = createIds();
  return previewImport(file, readEntries(current, nextId).entries, nextId);
}

const documented = [
  '192.168.1.1',
  '192.168.2.0:255.255.255.0',
  '192.168.3.1:255.255.255.128',
  '192.168.4.100',
  '192.168.5.32:255.255.255.192',
  '2001:db8:10ff::ae:44f2',
  '2001:db8::/32',
].join('\r\n');

describe('previewImport', () => {
  it('takes the documented sample as it stands, with two notices', () => {
    const { summary, lines } = preview(`\uFEFF${documented}\r\n`);

    expect(summary).toMatchObject({
      lines: 7,
      counts: { added: 7, already: 0, covered: 1, normalised: 2, refused: 0 },
    });
    expect(lines('normalised', 0, 10).map(({ line, became }) => [line, became])).toEqual([
      [3, '192.168.3.0/25'],
      [5, '192.168.5.0/26'],
    ]);
    expect(lines('covered', 0, 1)[0]).toMatchObject({ line: 6, words: expect.stringContaining('2001:db8::/32') });
  });

  it('names line and reason of every refusal', () => {
    const { summary, lines } = preview('10.0.0.1\n\n# comment\n10.0.0.256\nmail.example.net\n10.0.0.0/33\n');

    expect(summary).toMatchObject({ lines: 6, counts: { added: 1, refused: 3 } });
    expect(lines('refused', 0, 10).map(({ line }) => line)).toEqual([4, 5, 6]);
    expect(lines('refused', 0, 1)[0]?.words).not.toBe('');
  });

  it('tells what is there already, in the list or earlier in the file', () => {
    const { summary, lines } = preview('10.0.0.1\n10.0.0.2\n10.0.0.2/32\n', '10.0.0.1\n');

    expect(summary.counts).toMatchObject({ added: 1, already: 2 });
    expect(lines('already', 0, 10).map(({ words }) => words)).toEqual(['In the list already.', 'The same as line 2.']);
  });

  it('merges: the current note stays, an empty one is filled, nothing is lost', () => {
    const { merged, summary } = preview(
      '10.0.0.1 # theirs\n10.0.0.2 # new note\n10.0.0.3\n',
      '10.0.0.1 # ours\n10.0.0.2\n10.0.0.9\n',
    );

    expect(merged.map(({ text, note }) => [text, note])).toEqual([
      ['10.0.0.1', 'ours'],
      ['10.0.0.2', 'new note'],
      ['10.0.0.9', null],
      ['10.0.0.3', null],
    ]);
    expect(summary.mergedCount).toBe(4);
  });

  it('replaces: only the file remains, and what goes is counted', () => {
    const { replaced, summary } = preview('10.0.0.1 # theirs\n10.0.0.3\n', '10.0.0.1 # ours\n10.0.0.9\n10.0.0.8\n');

    expect(replaced.map(({ text, note }) => [text, note])).toEqual([
      ['10.0.0.1', 'theirs'],
      ['10.0.0.3', null],
    ]);
    expect(summary).toMatchObject({ replacedCount: 2, dropped: 2 });
  });
});
