// A bare host on loopback: a root folder of its own (copy on write over a lower one), its own processes, its own sshd.
// Everything lives in a mount namespace of one process, so that nothing is left when that process ends.
import { mkdtemp, rm, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostKey } from '../../gateway-agent/contract/fleet.ts';
import { runAsRoot } from './as-root.ts';
import { findFreePort } from './free-port.ts';
import { startServerProcess } from './server-process.ts';
import { makeHostKey, makeKeyPair } from './ssh-keys.ts';

export type BareHostOptions = {
  /** The folder below the copy; `/` is this computer as it is, without what enrolment makes. */
  lower: string;
  /** Room for everything that is written: a small one makes a full disk. */
  megabytes?: number;
  /** Bound to /usr/local/bin/node. */
  node?: string;
  /** Run in the new root before sshd starts, by sh. */
  prepare?: string;
};

export type BareHost = {
  host: '127.0.0.1';
  port: number;
  hostKey: HostKey;
  /** Signs in as root. */
  rootKeyFile: string;
  /** Runs a shell text in it as root; gives its output, throws when it fails. */
  run(script: string): Promise<string>;
  /** Every file, folder and link that is not as the lower folder has it, with owner, mode and content; every user. */
  snapshot(): Promise<string[]>;
  sshdLog(): string;
  stop(): Promise<void>;
};

/** What useradd and userdel themselves leave: their lock, and the files as they were before. */
const leftByUseradd = /^\/etc\/(\.pwd\.lock|(passwd|shadow|group|gshadow|subuid|subgid)-) /;

/** `$1` folder, `$2` lower, `$3` megabytes, `$4` node or nothing. Ends as PID 1 of the namespace: sshd. */
const enter = `set -e
cd "$1"
mkdir cow root
mount -t tmpfs -o size="$3"m tmpfs cow
mkdir cow/up cow/work
mount -t overlay overlay -o lowerdir="$2",upperdir=cow/up,workdir=cow/work root
cd root
mount -t proc proc proc
mount -t tmpfs tmpfs run
mount -t tmpfs -o mode=755 tmpfs dev
mount -t tmpfs -o mode=700 tmpfs root # what this computer's root starts with its shell is not part of it
for name in null zero full random urandom; do touch dev/$name; mount --bind /dev/$name dev/$name; done
mkdir -p -m 0755 run/sshd root/.ssh run/lock
if [ -n "$4" ]; then mkdir -p usr/local/bin; [ -e usr/local/bin/node ] || touch usr/local/bin/node; mount --bind "$4" usr/local/bin/node; fi
for folder in var/lib/postern var/lib/postern-deploy usr/local/lib/postern; do rm -rf $folder; done
rm -f usr/local/bin/gateway-agent
for user in postern-deploy postern; do chroot . userdel $user 2>/dev/null || true; done
chroot . groupdel postern 2>/dev/null || true
cp "$1/sshd_config" "$1/host_key" etc/ssh/
cp "$1/root_key.pub" root/.ssh/authorized_keys
chown -R 0:0 root/.ssh etc/ssh/sshd_config etc/ssh/host_key
chmod 600 root/.ssh/authorized_keys etc/ssh/host_key
chroot . sh -e < "$1/prepare.sh" >&2
exec chroot . /usr/sbin/sshd -D -e`;

/** Starts one. Needs root or `sudo -n`. */
export async function startBareHost(options: BareHostOptions): Promise<BareHost> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bare-'));
  await chmod(folder, 0o755);
  const port = await findFreePort();
  const rootKeyFile = await makeKeyPair(join(folder, 'root_key'));
  const hostKey = await makeHostKey(folder, port);
  await writeFile(join(folder, 'sshd_config'), sshdConfig(port));
  await writeFile(join(folder, 'prepare.sh'), options.prepare ?? '');
  const { lower, megabytes = 1024, node = '' } = options;
  const own = ['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'];
  const parameters = [folder, lower, String(megabytes), node];
  const outer = await startServerProcess([
    'setpriv',
    '--pdeathsig=KILL',
    ...own,
    'sh',
    '-c',
    enter,
    'sh',
    ...parameters,
  ]);
  await waitUntil(
    () => outer.output().includes(`Server listening on 127.0.0.1 port ${port}`),
    () => outer.output(),
  );
  const inner = (await runAsRoot('ps', '-o', 'pid=', '--ppid', String(outer.pid))).trim().split('\n')[0] ?? '';
  const run = (script: string): Promise<string> =>
    runAsRoot('nsenter', '-t', inner.trim(), '-m', '-p', 'chroot', join(folder, 'root'), 'sh', '-ec', script);
  const outside: Outside = (script, ...args) =>
    runAsRoot('nsenter', '-t', inner.trim(), '-m', 'sh', '-c', script, 'sh', ...args);
  return {
    host: '127.0.0.1',
    port,
    hostKey,
    rootKeyFile,
    run,
    snapshot: () => takeSnapshot(folder, lower, { run, outside }),
    sshdLog: () => outer.output(),
    async stop() {
      await runAsRoot('kill', '-KILL', inner.trim()).catch(() => undefined); // PID 1 of its namespace: all end with it
      await outer.end('SIGKILL').catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function sshdConfig(port: number): string {
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    'HostKey /etc/ssh/host_key',
    'PidFile none',
    'PermitRootLogin yes',
    'UsePAM no',
    'Subsystem sftp internal-sftp',
  ];
  return `${lines.join('\n')}\n`;
}

type Outside = (script: string, ...args: string[]) => Promise<string>;

/** The copy holds what was written since the start; what is there as it is in the lower folder does not count. */
const describe = `cd "$1"
find . -mindepth 1 -printf '%P\\n' | LC_ALL=C sort | while IFS= read -r path; do
  [ -d "$path" ] && [ ! -h "$path" ] || sum=$(test -f "$path" && test ! -h "$path" && sha256sum < "$path" || true)
  [ -d "$path" ] && sum=
  now=$(find "./$path" -maxdepth 0 -printf '%y %m %U:%G %l')
  before=$([ -z "$2" ] || find "$2/$path" -maxdepth 0 -printf '%y %m %U:%G %l' 2>/dev/null || true)
  if [ "$now" = "$before" ]; then
    [ -z "$sum" ] && continue
    [ "$sum" = "$(sha256sum < "$2/$path")" ] && continue
  fi
  printf '%s %s %s\\n' "/$path" "$now" "$sum"
done`;

async function takeSnapshot(
  folder: string,
  lower: string,
  { run, outside }: { run: BareHost['run']; outside: Outside },
) {
  const written = await outside(describe, join(folder, 'cow/up'), lower);
  const running = await outside(describe, join(folder, 'root/run'), '');
  const users = await run('getent passwd; getent group');
  const lines = [...written.split('\n'), ...running.split('\n').map((line) => `/run${line}`), ...users.split('\n')];
  return lines.filter((line) => line !== '' && line !== '/run' && !leftByUseradd.test(line)).toSorted();
}

async function waitUntil(isTrue: () => boolean, explain: () => string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    if (isTrue()) return;
    await delay(25);
  }
  throw new Error(`The bare host did not start: ${explain()}`);
}
