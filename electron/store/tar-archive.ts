// A tar archive (ustar, POSIX.1-1988) in memory: what every system can open without Postern. Plain files only.
import { failed, done, type Outcome } from '#contract/outcome';

export type ArchivedFile = { path: string; content: Buffer };

const block = 512;

/** Paths need `/` and fit into ustar's two fields: 155 before a slash, 100 behind it. */
export function packTar(files: readonly ArchivedFile[], at: Date): Buffer {
  const parts: Buffer[] = [];
  for (const { path, content } of files) {
    parts.push(headerOf(path, content.length, at), content, Buffer.alloc(-content.length & (block - 1)));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function headerOf(path: string, size: number, at: Date): Buffer {
  const header = Buffer.alloc(block);
  const { name, prefix } = splitPath(path);
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
  header.write('0', 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(prefix, 345, 155, 'utf8');
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

function splitPath(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' };
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return { name, prefix };
  }
  throw new Error(`${path} is too long for an archive.`);
}

/** The files of an archive that `packTar` made; anything else in it, or a path that leads out of it, is refused. */
export function unpackTar(archive: Buffer): Outcome<ArchivedFile[]> {
  const files: ArchivedFile[] = [];
  for (let at = 0; at + block <= archive.length;) {
    const header = archive.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return done(files);
    const [path, size] = [pathIn(header), parseInt(textIn(header, 124, 12), 8)];
    const isSound = parseInt(textIn(header, 148, 8), 8) === checksumOf(blankChecksum(header));
    if (!isSound || textIn(header, 156, 1) !== '0' || !isInside(path) || !(size >= 0)) return broken;
    const start = at + block;
    if (start + size > archive.length) return broken;
    files.push({ path, content: archive.subarray(start, start + size) });
    at = start + size + (-size & (block - 1));
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
