// What the entry form would add: its fields put together into one line of a list, judged while one types.
import { describeSize, formatBlock, parseAddress, parseBlock, parseListLine, type Block } from '#contract/addresses';

/** The form's three faces: recognise anything, and the two classic forms. */
export type EntryForm =
  | { kind: 'any'; text: string }
  | { kind: 'single'; address: string }
  | { kind: 'group'; version: '4' | '6'; subnet: string; mask: string };

/** What Add would do now. `line` goes to the list as it stands. */
export type ComposedEntry =
  { kind: 'empty' } | { kind: 'refused'; reason: string } | { kind: 'entry'; line: string; words: string };

/** Judges the form. Pure, cheap enough for every key. */
export function composeEntry(form: EntryForm): ComposedEntry {
  switch (form.kind) {
    case 'any':
      return composeAny(form.text);
    case 'single':
      return composeSingle(form.address.trim());
    case 'group':
      return composeGroup({ ...form, subnet: form.subnet.trim(), mask: form.mask.trim() });
  }
}

function composeAny(text: string): ComposedEntry {
  const read = parseListLine(text);
  if (read.kind === 'blank') return { kind: 'empty' };
  if (read.kind === 'refused') return read;
  return { kind: 'entry', line: text, words: describeEntry(read.entry.block, read.notice) };
}

function composeSingle(address: string): ComposedEntry {
  if (address === '') return { kind: 'empty' };
  const parsed = parseAddress(address);
  if ('reason' in parsed) return { kind: 'refused', reason: parsed.reason };
  return composeAny(address);
}

function composeGroup({ version, subnet, mask }: { version: '4' | '6'; subnet: string; mask: string }): ComposedEntry {
  if (subnet === '') return { kind: 'empty' };
  const address = parseAddress(subnet);
  if ('reason' in address) return { kind: 'refused', reason: address.reason };
  if (String(address.version) !== version) {
    return { kind: 'refused', reason: `${subnet} is an IPv${address.version} address. Choose IPv${address.version}.` };
  }
  if (mask === '')
    return { kind: 'refused', reason: version === '4' ? 'The subnet mask is missing.' : 'The prefix is missing.' };
  const bare = mask.startsWith('/') ? mask.slice(1) : mask;
  const line = bare.includes('.') ? `${subnet}:${bare}` : `${subnet}/${bare}`;
  const parsed = parseBlock(line);
  if ('reason' in parsed) return { kind: 'refused', reason: parsed.reason };
  return { kind: 'entry', line, words: describeEntry(parsed.block, parsed.notice) };
}

function describeEntry(block: Block, notice: string | null): string {
  const { version } = block.address;
  const isSingle = block.prefix === (version === 4 ? 32 : 128);
  const what = isSingle
    ? `IPv${version} address ${formatBlock(block)}`
    : `IPv${version} network ${formatBlock(block)}, ${describeSize(block)} addresses`;
  return notice === null ? what : `${what}. ${notice}`;
}
