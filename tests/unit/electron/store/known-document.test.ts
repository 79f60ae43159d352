// How often a large file is parsed on its way from a look to a save and back, and that nothing else changes by it.
import { parseDocument } from 'yaml';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { GatewayRecord } from '#contract/fleet';
import { forgetDocument } from '../../../../electron/store/known-document.ts';
import { formatRecord, parseRecord } from '../../../../electron/store/record-text.ts';
import { parseYaml } from '../../../../electron/store/yaml-text.ts';

// The real parser, counted.
vi.mock(import('yaml'), async (original) => {
  const real = await original();
  return { ...real, parseDocument: vi.fn<typeof real.parseDocument>(real.parseDocument) as typeof real.parseDocument };
});

function parses(): number {
  return vi.mocked(parseDocument).mock.calls.length;
}

/** Names as long as they may be: much text of few values is read quickly. */
function withDomains(record: GatewayRecord, count: number): GatewayRecord {
  const label = 'x'.repeat(60);
  const relayDomains = Array.from({ length: count }, (_, row) => `c${row}.${label}.${label}.${label}.example`);
  return { ...record, settings: { ...record.settings, messageRule: { relayDomains } } };
}

const written =
  '# our first\nssh:\n  host: mx1.test # the door\n\n# ours\ntags: [a, b]\nsettings:\n  # nothing yet\n  {}\n';
const bare = GatewayRecord.parse({ ssh: { host: 'mx1.test' }, tags: ['a', 'b'] });
const large = withDomains(bare, 300);

beforeEach(() => {
  forgetDocument();
  vi.mocked(parseDocument).mockClear();
});

describe('a large file', () => {
  it('is parsed once to be read and written into, and what was written is parsed no more', () => {
    const text = formatRecord(large, written);
    forgetDocument();
    vi.mocked(parseDocument).mockClear();

    const read = parseRecord(text);
    const changed = formatRecord(withDomains(bare, 290), text);
    const back = parseRecord(changed);
    const again = formatRecord(withDomains(bare, 280), changed);

    expect(parses()).toBe(1);
    expect(read).toEqual({ ok: true, value: large });
    expect(back).toEqual({ ok: true, value: withDomains(bare, 290) });
    expect(again).toContain('# the door');
  });

  it('reads and is written as one that was parsed anew each time', () => {
    const steps = [
      large,
      withDomains({ ...bare, tags: ['c'] }, 295),
      withDomains(bare, 301),
      { ...large, group: 'edge' },
    ];
    const kept = steps.reduce<string[]>((texts, step) => [...texts, formatRecord(step, texts.at(-1) ?? written)], []);

    const anew = steps.map((step, at) => {
      forgetDocument();
      return formatRecord(step, kept[at - 1] ?? written);
    });

    expect(kept).toEqual(anew);
    for (const [at, text] of kept.entries()) {
      forgetDocument();
      expect(parseRecord(text)).toEqual({ ok: true, value: steps[at] });
    }
  });

  it('names the line of what another schema refuses in it', () => {
    const text = formatRecord(large, written);

    expect(parseYaml(text, z.object({ ssh: z.object({ host: z.literal('mx2.test') }) }))).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^Line 3: ssh\.host: /) as string,
    });
  });

  it('is not taken for another text', () => {
    const text = formatRecord(large, written);

    expect(parseRecord(text.replace('mx1.test', 'mx2.test'))).toMatchObject({ value: { ssh: { host: 'mx2.test' } } });
    expect(parseRecord(text)).toMatchObject({ value: { ssh: { host: 'mx1.test' } } });
  });
});

describe('a small file', () => {
  it('is parsed each time, and nothing of it stays in memory', () => {
    parseRecord(written);
    parseRecord(written);

    expect(parses()).toBe(2);
  });
});
