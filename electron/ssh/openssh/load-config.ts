// ~/.ssh/config and the system's ssh_config with everything they include, as one tree; what counts for a host is
// decided in resolve-host.ts.
import { readdir, readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { errorCodeOf } from '../ssh-failure.ts';
import { parseConfigLine, type ConfigLine } from './config-line.ts';

/** Where OpenSSH's files lie; a test brings its own. */
export type SshFiles = { home: string; userConfig: string; systemConfig: string; localUser: string };

/** A setting, or the files that an Include names, in their order. */
export type ConfigNode = ConfigLine & { at: string; included: ConfigNode[][] };

export type SshConfig = {
  /** The user's file first: the first value wins. */
  files: ConfigNode[][];
  /** What was left out, and why. */
  notes: string[];
};

/** OpenSSH's READCONF_MAX_DEPTH. */
const maxDepth = 16;
/** Postern's own: a folder included by mistake must not fill the memory. */
const maxFiles = 1_000;
const maxFileBytes = 4 * 1024 * 1024;

/** The files of whoever runs this. */
export function ownSshFiles(): SshFiles {
  const home = homedir();
  const systemFolder =
    process.platform === 'win32' ? join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'ssh') : '/etc/ssh';
  return {
    home,
    userConfig: join(home, '.ssh', 'config'),
    systemConfig: join(systemFolder, 'ssh_config'),
    localUser: nameOfUser(),
  };
}

/** A container may run as a number that has no name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? process.env['LOGNAME'] ?? '';
  }
}

/** Reads both; a missing file counts as empty, as for ssh. */
export async function loadSshConfig(files: SshFiles): Promise<SshConfig> {
  const reading: Reading = { files, notes: [], filesRead: 0 };
  const userFolder = join(files.home, '.ssh');
  const user = await loadFile(reading, files.userConfig, { depth: 0, folder: userFolder });
  const system = await loadFile(reading, files.systemConfig, { depth: 0, folder: dirname(files.systemConfig) });
  return { files: [user, system], notes: reading.notes };
}

type Reading = { files: SshFiles; notes: string[]; filesRead: number };
/** `folder`: where relative paths of an Include begin. */
type Place = { depth: number; folder: string };

async function loadFile(reading: Reading, path: string, place: Place): Promise<ConfigNode[]> {
  const text = await readText(reading, path);
  const nodes: ConfigNode[] = [];
  for (const [index, rawLine] of text.split('\n').entries()) {
    const line = parseConfigLine(rawLine);
    const at = `${path}, line ${index + 1}`;
    if (line === null) continue;
    if ('problem' in line) reading.notes.push(`${at} was skipped: ${line.problem}.`);
    else nodes.push({ ...line, at, included: line.keyword === 'include' ? await include(reading, line, place) : [] });
  }
  return nodes;
}

async function readText(reading: Reading, path: string): Promise<string> {
  try {
    if (++reading.filesRead > maxFiles) {
      if (reading.filesRead === maxFiles + 1) reading.notes.push(`Only the first ${maxFiles} included files count.`);
      return '';
    }
    const text = await readFile(path, 'utf8');
    if (text.length <= maxFileBytes) return text;
    reading.notes.push(`${path} was skipped: it is larger than any configuration.`);
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT') reading.notes.push(`${path} cannot be read (${errorCodeOf(error)}).`);
  }
  return '';
}

async function include(reading: Reading, line: ConfigLine, place: Place): Promise<ConfigNode[][]> {
  if (place.depth >= maxDepth) {
    reading.notes.push(`Include ${line.rest} was skipped: files include each other more than ${maxDepth} deep.`);
    return [];
  }
  const included: ConfigNode[][] = [];
  for (const pattern of line.values) {
    const path = expandHome(pattern, reading.files.home);
    for (const file of await expandGlob(isAbsolute(path) ? path : join(place.folder, path))) {
      included.push(await loadFile(reading, file, { ...place, depth: place.depth + 1 }));
    }
  }
  return included;
}

/** `~` and `~/…`; another user's home is not looked up. */
export function expandHome(path: string, home: string): string {
  return path === '~' || /^~[/\\]/.test(path) ? join(home, path.slice(1)) : path;
}

/** Files that a glob names, sorted; a path without wildcards is itself. */
async function expandGlob(pattern: string): Promise<string[]> {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => /[*?[]/.test(part));
  if (first === -1) return [pattern];
  const folder = parts.slice(0, first).join('/') || '/';
  const wanted = globExpression(parts[first] ?? '');
  const names = await readdir(folder).catch(() => []);
  const found: string[] = [];
  for (const name of names.filter((each) => wanted.test(each)).sort()) {
    const rest = parts.slice(first + 1);
    found.push(...(await expandGlob([...parts.slice(0, first), name, ...rest].join('/'))));
  }
  return found;
}

/** glob(7) for one name: a leading dot must be written. */
function globExpression(part: string): RegExp {
  const body = part.replace(/\[!?[^\]]+\]|[*?]|[^*?[]|\[/g, (piece) => {
    if (piece === '*') return '[^/]*';
    if (piece === '?') return '[^/]';
    if (piece.length > 1) return piece.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return piece.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${part.startsWith('.') ? '' : '(?!\\.)'}${body}$`);
}
