// Who holds a TCP port, as far as the system tells: the program where its descriptors may be read, else its user.
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

type Listening = { inode: string; uid: string };

/** State of a listening socket in /proc/net/tcp. */
const listening = '0A';

/** For people: `master (user postfix)`, `a program of user postfix`, or null where the system does not tell. */
export async function findPortHolder(port: number): Promise<string | null> {
  const sockets = await listListening(port);
  for (const { inode, uid } of sockets) {
    const program = await findProgram(inode);
    const user = await findUserName(uid);
    if (program !== null) return `${program} (user ${user})`;
    return `a program of user ${user}`;
  }
  return null;
}

async function listListening(port: number): Promise<Listening[]> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  return tables.flatMap((table) =>
    table.split('\n').flatMap((line) => {
      const columns = line.trim().split(/\s+/);
      const isHolder = columns[1]?.endsWith(wanted) && columns[3] === listening;
      return isHolder ? [{ uid: columns[7] ?? '', inode: columns[9] ?? '' }] : [];
    }),
  );
}

async function findProgram(inode: string): Promise<string | null> {
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const process of processes) {
    const descriptors = await readdir(`/proc/${process}/fd`).catch(() => []); // other users' are closed to us
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${process}/fd/${descriptor}`).catch(() => '');
      if (target !== `socket:[${inode}]`) continue;
      // Not `comm`: Node calls its main thread MainThread there.
      const program = await readlink(`/proc/${process}/exe`).catch(() => 'a program');
      return `${basename(program)}, process ${process}`;
    }
  }
  return null;
}

async function findUserName(uid: string): Promise<string> {
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = accounts.split('\n').find((each) => each.split(':')[2] === uid);
  return line?.split(':')[0] ?? uid;
}
