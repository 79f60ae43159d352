// IP addresses and blocks of them: reading every spelling, writing one, comparing as numbers; and the list format.
// What one address looks like as text is in address-text.ts.
import { formatAddress, quote, readIpv4, readIpv6, tryIpv4, type Refused } from './address-text.ts';

export { formatAddress };

/** An address as numbers. Version 4 has one 32-bit word, version 6 four; `::ffff:192.0.2.1` is version 4. */
export type Address = { version: 4 | 6; words: readonly number[] };

/** All addresses that share the first `prefix` bits; host bits are zero. A single computer has prefix 32 or 128. */
export type Block = { address: Address; prefix: number };

/** One line of a list. `note` holds what stands behind `#`. */
export type ListEntry = { block: Block; note: string | null };

/** One line read: nothing, an entry (with a notice when it was normalised), or a refusal that says why. */
export type ReadLine =
  { kind: 'blank' } | { kind: 'entry'; entry: ListEntry; notice: string | null } | { kind: 'refused'; reason: string };

/** A whole list read. Line numbers start at 1. */
export type ReadList = {
  entries: ListEntry[];
  notices: { line: number; text: string; became: string }[];
  refused: { line: number; text: string; reason: string }[];
};

/** Reads an address in any spelling. IPv4-mapped IPv6 becomes the IPv4 address that it is. */
export function parseAddress(raw: string): Address | Refused {
  const read = readAsWritten(raw.trim());
  if ('reason' in read) return read;
  return isMapped(read) ? mappedToIpv4(read) : read;
}

/** The peer of a socket: as parseAddress, but the zone that a system adds to link-local addresses is dropped. */
export function parsePeerAddress(raw: string): Address | Refused {
  const zoneAt = raw.indexOf('%');
  return parseAddress(zoneAt < 0 ? raw : raw.slice(0, zoneAt));
}

/** Reads an address, `address/prefix` or, for IPv4, `address:mask`; host bits are cleared and mentioned. */
export function parseBlock(raw: string): { block: Block; notice: string | null } | Refused {
  const text = raw.trim();
  const word = tryIpv4(text);
  if (word >= 0) return { block: { address: { version: 4, words: [word] }, prefix: 32 }, notice: null };
  const slash = text.indexOf('/');
  const dot = text.indexOf('.');
  const colon = text.indexOf(':');
  if (slash >= 0) return finishBlock(text, text.slice(0, slash), readPrefix(text, text.slice(slash + 1)));
  if (dot >= 0 && colon > dot && text.indexOf(':', colon + 1) < 0) {
    return finishBlock(text, text.slice(0, colon), readMask(text.slice(colon + 1)));
  }
  const read = readAsWritten(text);
  if ('reason' in read) return read;
  if (!isMapped(read)) return { block: { address: read, prefix: read.version === 4 ? 32 : 128 }, notice: null };
  return mappedBlock({ address: mappedToIpv4(read), prefix: 32 });
}

/** Reads one line: a block, then perhaps `# note`. A line that starts with `#` is blank. */
export function parseListLine(raw: string): ReadLine {
  const hash = raw.indexOf('#');
  const text = (hash < 0 ? raw : raw.slice(0, hash)).trim();
  if (text === '') return { kind: 'blank' };
  const read = parseBlock(text);
  if ('reason' in read) {
    const [first, ...rest] = text.split(/\s+/);
    const reason =
      rest.length === 0 ? read.reason : `There is text after ${quote(first ?? '')}. A note starts with '#'.`;
    return { kind: 'refused', reason };
  }
  const note = hash < 0 ? null : cleanNote(raw.slice(hash + 1));
  return { kind: 'entry', entry: { block: read.block, note }, notice: read.notice };
}

/** Reads a list, one entry a line. Nothing is dropped silently: every line not taken is in `refused`. */
export function parseList(text: string): ReadList {
  const list: ReadList = { entries: [], notices: [], refused: [] };
  readListLines(text, (read, rawLine, line) => {
    if (read.kind === 'refused') {
      list.refused.push({ line, text: rawLine.trim(), reason: read.reason });
    } else if (read.kind === 'entry') {
      list.entries.push(read.entry);
      if (read.notice === null) return;
      list.notices.push({ line, text: rawLine.trim(), became: formatBlock(read.entry.block) });
    }
  });
  return list;
}

/** Reads a list line by line without keeping it, for those who need less than parseList returns. */
export function readListLines(text: string, take: (read: ReadLine, rawLine: string, line: number) => void): void {
  const withoutMark = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const lines = withoutMark.includes('\r') ? withoutMark.replace(/\r\n?/g, '\n') : withoutMark;
  let line = 1;
  for (let start = 0; start <= lines.length; line++) {
    const newline = lines.indexOf('\n', start);
    const end = newline < 0 ? lines.length : newline;
    const rawLine = lines.slice(start, end);
    take(parseListLine(rawLine), rawLine, line);
    start = end + 1;
  }
}

/** For screens and messages: `192.0.2.0/24`; a single computer stands without prefix. */
export function formatBlock(block: Block): string {
  const address = formatAddress(block.address);
  return block.prefix === bitsOf(block.address) ? address : `${address}/${block.prefix}`;
}

/** The list format that parseList reads back to the same entries: IPv4 groups in the classic form `address:mask`. */
export function formatList(entries: readonly ListEntry[]): string {
  return entries.map((entry) => `${formatListLine(entry)}\n`).join('');
}

function formatListLine({ block, note }: ListEntry): string {
  const isIpv4Group = block.address.version === 4 && block.prefix < 32;
  const mask = formatAddress({ version: 4, words: [maskOf(block.prefix)] });
  const entry = isIpv4Group ? `${formatAddress(block.address)}:${mask}` : formatBlock(block);
  const cleaned = note === null ? null : cleanNote(note);
  return cleaned === null ? entry : `${entry} # ${cleaned}`;
}

/** How many addresses a block covers, for people: '256', '2^96'. */
export function describeSize(block: Block): string {
  const hostBits = bitsOf(block.address) - block.prefix;
  return hostBits > 32 ? `2^${hostBits}` : String(2 ** hostBits).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Negative, zero, positive; version 4 before version 6, wider before narrower at the same start. */
export function compareBlocks(a: Block, b: Block): number {
  if (a.address.version !== b.address.version) return a.address.version - b.address.version;
  for (let index = 0; index < a.address.words.length; index++) {
    const order = (a.address.words[index] ?? 0) - (b.address.words[index] ?? 0);
    if (order !== 0) return order;
  }
  return a.prefix - b.prefix;
}

/** True when every address of `narrow` is one of `wide`. IPv4 and IPv6 never cover each other. */
export function covers(wide: Block, narrow: Block): boolean {
  if (wide.address.version !== narrow.address.version || wide.prefix > narrow.prefix) return false;
  return wide.address.words.every(
    (word, index) => word === maskWord(narrow.address.words[index] ?? 0, wide.prefix, index),
  );
}

/** A single computer as a block. */
export function blockOf(address: Address): Block {
  return { address, prefix: bitsOf(address) };
}

function bitsOf(address: Address): 32 | 128 {
  return address.version === 4 ? 32 : 128;
}

/** The word with only those bits that the first `prefix` bits of the whole address take from it. */
function maskWord(word: number, prefix: number, index: number): number {
  return (word & maskOf(Math.min(32, Math.max(0, prefix - index * 32)))) >>> 0;
}

/** 24 → 255.255.255.0 as a number. A shift by 32 does nothing in JavaScript, hence the two cases. */
function maskOf(bits: number): number {
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
}

function readAsWritten(text: string): Address | Refused {
  if (text.includes('%'))
    return { reason: `${quote(text)} has a zone id ('%…'), which means nothing on another computer.` };
  if (text.startsWith('[')) return { reason: `Write ${quote(text)} without brackets.` };
  if (text.includes(':')) {
    const words = readIpv6(text);
    return 'reason' in words ? words : { version: 6, words };
  }
  const word = readIpv4(text);
  if (typeof word === 'number') return { version: 4, words: [word] };
  if (/[^\d.]/.test(text)) return { reason: `${quote(text)} is not an IP address; names are not taken.` };
  return word;
}

function isMapped({ version, words }: Address): boolean {
  return version === 6 && words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
}

function mappedToIpv4(mapped: Address): Address {
  return { version: 4, words: [mapped.words[3] ?? 0] };
}

function mappedBlock(block: Block): { block: Block; notice: string } {
  return { block, notice: `An IPv4 address in IPv6 spelling: it became ${formatBlock(block)}.` };
}

/** What stands behind the slash: a number of bits; `a.b.c.d/255.255.255.0` is clear enough to take as well. */
function readPrefix(text: string, rawPrefix: string): number | Refused {
  if (rawPrefix === '') return { reason: `${quote(text)} has '/' without a number behind it.` };
  if (/^\d+(\.\d+){3}$/.test(rawPrefix) && !text.includes(':')) return readMask(rawPrefix);
  if (!/^\d+$/.test(rawPrefix)) return { reason: `${quote(rawPrefix)} is not a prefix length.` };
  if (rawPrefix.length > 1 && rawPrefix.startsWith('0'))
    return { reason: `The prefix ${quote(rawPrefix)} has a leading zero.` };
  return Number(rawPrefix);
}

function readMask(rawMask: string): number | Refused {
  if (rawMask === '') return { reason: "There is ':' without a mask behind it." };
  if (/^\d+$/.test(rawMask))
    return { reason: `${quote(rawMask)} is not a mask such as 255.255.255.0; a prefix is written '/${rawMask}'.` };
  const mask = readIpv4(rawMask);
  if (typeof mask !== 'number') return { reason: `The mask ${quote(rawMask)} is not valid: ${mask.reason}` };
  const bits = Math.clz32(~mask);
  if (mask !== maskOf(bits)) return { reason: `The mask ${quote(rawMask)} has gaps: all its ones must come first.` };
  return bits;
}

function finishBlock(text: string, rawAddress: string, prefix: number | Refused): ReturnType<typeof parseBlock> {
  const read = readAsWritten(rawAddress);
  if ('reason' in read) return read;
  if (typeof prefix !== 'number') return prefix;
  const bits = bitsOf(read);
  if (prefix > bits) return { reason: `'/${prefix}' is too long: IPv${read.version} has ${bits} bits.` };
  if (isMapped(read) && prefix >= 96) {
    const mapped = mappedToIpv4(read);
    return mappedBlock({
      address: { version: 4, words: [maskWord(mapped.words[0] ?? 0, prefix - 96, 0)] },
      prefix: prefix - 96,
    });
  }
  const words = read.words.map((word, index) => maskWord(word, prefix, index));
  const block: Block = { address: { version: read.version, words }, prefix };
  const hasHostBits = words.some((word, index) => word !== read.words[index]);
  return { block, notice: hasHostBits ? `${quote(text)} has host bits set: it became ${formatBlock(block)}.` : null };
}

/** Notes stay on their line; a note of blanks is none. */
function cleanNote(rawNote: string): string | null {
  const note = rawNote.replace(/[\r\n]+/g, ' ').trim();
  return note === '' ? null : note;
}
