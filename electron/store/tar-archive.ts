// A tar archive (ustar, POSIX.1-1988; long paths by a pax header, POSIX.1-2001) in memory: what every system can open
// without Postern. Plain files only.
import { failed, done, type Outcome } from '#contract/outcome';

export type ArchivedFile = { path: string; content: Buffer };

const block = 512;

/** What an entry is: a file, or what pax says of the file behind it. */
const kinds = { file: '0', pax: 'x' } as const;

/** Paths need `/`. */
export function packTar(files: readonly ArchivedFile[], at: Date): Buffer {
  const parts: Buffer[] = [];
  for (const { path, content } of files) {
    const split = splitPath(path);
    if (split === null) parts.push(...entryOf({ ...paxName, kind: kinds.pax }, paxRecord('path', path), at));
    parts.push(...entryOf({ ...(split ?? paxName), kind: kinds.file }, content, at));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

/** What a reader without pax would see. */
const paxName = { name: 'long-path', prefix: '' };

/** `LENGTH KEY=VALUE`, where the length counts its own digits too. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

type Head = { name: string; prefix: string; kind: (typeof kinds)[keyof typeof kinds] };

function entryOf(head: Head, content: Buffer, at: Date): Buffer[] {
  return [headerOf(head, content.length, at), content, Buffer.alloc(-content.length & (block - 1))];
}

function headerOf({ name, prefix, kind }: Head, size: number, at: Date): Buffer {
  const header = Buffer.alloc(block);
  header.write(name, 0, 100, 'utf8');
  header.write('0000600\0', 100, 'latin1');
  header.write('0000000\0', 108, 'latin1');
  header.write('0000000\0', 116, 'latin1');
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  header.write(
    `${Math.floor(at.getTime() / 1000)
      .toString(8)
      .padStart(11, '0')}\0`,
    136,
    'latin1',
  );
  header.write('        ', 148, 'latin1'); // the checksum counts itself as spaces
  header.write(kind, 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(prefix, 345, 155, 'utf8');
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** ustar's two fields: 155 before a slash, 100 behind it; null: the path fits into neither. */
function splitPath(path: string): { name: string; prefix: string } | null {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' };
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return { name, prefix };
  }
  return null;
}

/** The files of an archive that `packTar` made; anything else in it, or a path that leads out of it, is refused. */
export function unpackTar(archive: Buffer): Outcome<ArchivedFile[]> {
  const files: ArchivedFile[] = [];
  let longPath: string | null = null;
  for (let at = 0; at + block <= archive.length;) {
    const header = archive.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return done(files);
    const size = parseInt(textIn(header, 124, 12), 8);
    const isSound = parseInt(textIn(header, 148, 8), 8) === checksumOf(blankChecksum(header));
    const start = at + block;
    if (!isSound || !(size >= 0) || start + size > archive.length) return broken;
    const content = archive.subarray(start, start + size);
    at = start + size + (-size & (block - 1));
    const kind = textIn(header, 156, 1);
    if (kind === kinds.pax && longPath === null) {
      longPath = /^\d+ path=([^\n]+)\n$/.exec(content.toString('utf8'))?.[1] ?? '';
      continue;
    }
    const path = longPath ?? pathIn(header);
    longPath = null;
    if (kind !== kinds.file || !isInside(path)) return broken;
    files.push({ path, content });
  }
  return broken;
}

const broken = failed('bad-request', 'The archive is damaged, or was not made by Postern.', 'Choose another file.');

function textIn(header: Buffer, start: number, length: number): string {
  return (header.toString('utf8', start, start + length).split('\0')[0] ?? '').trim();
}

function pathIn(header: Buffer): string {
  const prefix = textIn(header, 345, 155);
  return prefix === '' ? textIn(header, 0, 100) : `${prefix}/${textIn(header, 0, 100)}`;
}

function isInside(path: string): boolean {
  return path !== '' && !/[\\:\0]/.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part));
}

function blankChecksum(header: Buffer): Buffer {
  const blank = Buffer.from(header);
  blank.write('        ', 148, 'latin1');
  return blank;
}

function checksumOf(header: Buffer): number {
  return header.reduce((sum, byte) => sum + byte, 0);
}
