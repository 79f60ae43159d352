// Host keys that OpenSSH's known_hosts files hold for a name (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): plain names, lists,
// patterns, hashed names, `[host]:port`, revoked keys. Compared with `ssh-keygen -F` in its test.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HostKey } from '#contract/fleet';
import { readHostKey } from '../host-key.ts';
import { errorCodeOf } from '../ssh-failure.ts';
import type { SshFiles } from './load-config.ts';
import { matchesPatterns } from './match-pattern.ts';

/** What is known of one name. A key in `revoked` is refused whatever else says yes. */
export type KnownKeys = { keys: HostKey[]; revoked: HostKey[]; notes: string[] };

/** One file, parsed. */
export type KnownHosts = { find(name: string): KnownKeys };

type Entry = { names: string[]; marker: 'none' | 'revoked' | 'cert-authority'; key: HostKey };

/** 64 MiB: half a million hashed entries. */
const maxFileBytes = 64 * 1024 * 1024;

/** The name under which OpenSSH looks a host up. */
export function knownHostName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** Where OpenSSH looks unless a host says otherwise. */
export function ownKnownHosts({ home, systemConfig }: SshFiles): string[] {
  const folders: [string, string][] = [
    [join(home, '.ssh'), 'known_hosts'],
    [dirname(systemConfig), 'ssh_known_hosts'],
  ];
  return folders.flatMap(([folder, name]) => [join(folder, name), join(folder, `${name}2`)]);
}

/** Parses the text; lines that make no sense are skipped, as OpenSSH skips them. */
export function parseKnownHosts(text: string): KnownHosts {
  const entries = text.split('\n').flatMap((line) => parseEntry(line) ?? []);
  const found = new Map<string, KnownKeys>(); // hashed names cost 2 µs an entry
  return {
    find(name) {
      const before = found.get(name);
      if (before !== undefined) return before;
      const matching = entries.filter(({ names }) => matchesNames(name, names));
      const of = (marker: Entry['marker']) => matching.filter((entry) => entry.marker === marker).map(({ key }) => key);
      const authorities = of('cert-authority').length;
      const notes =
        authorities === 0
          ? []
          : [`known_hosts trusts a certificate authority for ${name}, which Postern does not use.`];
      const known = { keys: of('none'), revoked: of('revoked'), notes };
      found.set(name, known);
      return known;
    },
  };
}

function parseEntry(rawLine: string): Entry | null {
  const line = rawLine.trim();
  if (line === '' || line.startsWith('#')) return null;
  const words = line.split(/[ \t]+/);
  const [first = ''] = words;
  const marker = first.startsWith('@') ? first.slice(1) : 'none';
  if (marker !== 'none') words.shift();
  if (marker !== 'none' && marker !== 'revoked' && marker !== 'cert-authority') return null;
  const [names = '', type = '', base64 = ''] = words;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const key = readHostKey(Buffer.from(base64, 'base64'));
  if (key.type !== type) return null;
  return { names: names.startsWith('|') ? [names] : names.split(','), marker, key };
}

function matchesNames(name: string, names: readonly string[]): boolean {
  const [first = ''] = names;
  if (first.startsWith('|1|')) return matchesHash(name, first);
  return matchesPatterns(
    name,
    names.map((each) => each.toLowerCase()),
  );
}

/** `|1|salt|HMAC-SHA1(salt, name)`: what HashKnownHosts writes. */
function matchesHash(name: string, hashed: string): boolean {
  const [, , salt = '', digest = ''] = hashed.split('|');
  const wanted = Buffer.from(digest, 'base64');
  const own = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return wanted.length === own.length && timingSafeEqual(wanted, own);
}

const parsedFiles = new Map<string, { version: string; hosts: KnownHosts }>();

/** Looks the host up in all files. A key known for the name without its port counts too, as for OpenSSH. */
export async function findKnownKeys(
  paths: readonly string[],
  at: { host: string; port: number; alias: string | null },
): Promise<KnownKeys> {
  const all: KnownKeys = { keys: [], revoked: [], notes: [] };
  const name = at.alias?.toLowerCase() ?? knownHostName(at.host, at.port);
  const files = await Promise.all(paths.map((path) => loadKnownHosts(path, all.notes)));
  const collect = (wanted: string) => {
    for (const file of files) {
      const { keys, revoked, notes } = file.find(wanted);
      all.keys.push(...keys);
      all.revoked.push(...revoked);
      all.notes.push(...notes);
    }
  };
  collect(name);
  if (all.keys.length === 0 && at.alias === null && at.port !== 22) collect(knownHostName(at.host, 22));
  return { ...all, keys: all.keys.filter((key) => !all.revoked.some((revoked) => revoked.key === key.key)) };
}

async function loadKnownHosts(path: string, notes: string[]): Promise<KnownHosts> {
  try {
    const { mtimeMs, size } = await stat(path);
    const version = `${mtimeMs} ${size}`;
    const parsed = parsedFiles.get(path);
    if (parsed?.version === version) return parsed.hosts;
    if (size > maxFileBytes) throw new Error('larger than any list of hosts');
    const hosts = parseKnownHosts(await readFile(path, 'utf8'));
    parsedFiles.set(path, { version, hosts });
    return hosts;
  } catch (error) {
    const code = errorCodeOf(error);
    if (code !== 'ENOENT') notes.push(`${path} cannot be read (${code === '' ? 'too large' : code}).`);
    return parseKnownHosts('');
  }
}
