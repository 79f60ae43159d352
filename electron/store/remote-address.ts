// Where a fleet folder is shared: which addresses are understood, and which way leads there.
import { done, failed, type Outcome } from '#contract/outcome';
import { sha256Of } from '#certificates/hash';

/** `https` is spoken here; for `ssh` and `path` the git program is started. `place`: for sentences. */
export type RemoteAddress = { url: string; way: 'https' | 'ssh' | 'path'; place: string; user: string | null };

const hint = 'Write https://host/path.git, ssh://user@host/path.git, user@host:path.git, or the path of a folder.';

/** Refuses what is not encrypted, and what holds a secret: it would lie readable in .git/config. */
export function parseAddress(text: string): Outcome<RemoteAddress> {
  const url = text.trim();
  if (url === '' || url.startsWith('-') || /[\p{Cc}\s]/u.test(url) || url.includes('::')) {
    return failed('bad-request', 'This is no address of a git remote.', hint);
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return parseUrl(url);
  // As git itself tells them apart: a colon before the first slash means ssh.
  const [, user = null, host] = /^(?:([^@/:]+)@)?([^/:@]{2,}):(?!\/\/)./.exec(url) ?? [];
  if (host === undefined) return done({ url, way: 'path', place: url, user: null });
  return host.startsWith('-')
    ? failed('bad-request', 'This is no address of a git remote.', hint)
    : done({ url, way: 'ssh', place: host, user });
}

function parseUrl(url: string): Outcome<RemoteAddress> {
  const parsed = urlOf(url);
  if (parsed === null) return failed('bad-request', 'This is no address of a git remote.', hint);
  const { protocol, host, username, password, hostname } = parsed;
  if (password !== '') {
    const how = 'Leave it out; a token is kept in the keychain.';
    return failed('bad-request', 'The address holds a password, which would lie readable in the folder.', how);
  }
  const user = username === '' ? null : decoded(username);
  if (protocol === 'https:') return done({ url, way: 'https', place: host, user });
  if (protocol === 'ssh:' && !hostname.startsWith('-')) return done({ url, way: 'ssh', place: host, user });
  if (protocol === 'file:') return done({ url, way: 'path', place: url, user: null });
  return failed('bad-request', `${protocol}// is not used: nobody there is verified.`, hint);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is a character like any other
  }
}

/** `URL.canParse` is too new for the Node of the development runtime. */
function urlOf(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** Under which name the vault keeps the token of an https remote: another host never gets it. */
export function tokenOwner({ url }: RemoteAddress): string {
  return `remote:${sha256Of(new URL(url).origin).slice(0, 16)}`;
}
