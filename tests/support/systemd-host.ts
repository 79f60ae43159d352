// A Debian that a real systemd runs as PID 1: namespaces and a control group of its own, a root folder that lies over
// a clean one, the network of this computer. It can be switched off without a warning and on again.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostKey } from '../../gateway-agent/contract/fleet.ts';
import { runAsRoot } from './as-root.ts';
import { findFreePort } from './free-port.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';
import { makeHostKey, makeKeyPair } from './ssh-keys.ts';

export type SystemdHost = {
  host: '127.0.0.1';
  port: number;
  hostKey: HostKey;
  /** Signs in as root. */
  rootKeyFile: string;
  /** Runs a shell text in it as root; gives its output, throws when it fails. */
  run(script: string): Promise<string>;
  /** As if the power were cut, and on again; resolves when sshd answers. */
  reset(): Promise<void>;
  stop(): Promise<void>;
};

/** `$1` folder, `$2` lower, `$3` node. Holds the root folder while it lives. */
const hold = `set -e
cd "$1"
mkdir cow root
mount -t tmpfs -o size=1024m tmpfs cow
mkdir cow/up cow/work
mount -t overlay overlay -o lowerdir="$2",upperdir=cow/up,workdir=cow/work root
touch root/usr/local/bin/node
mount --bind "$3" root/usr/local/bin/node
mkdir -p -m 700 root/root/.ssh
cp "$1/sshd_config" "$1/host_key" root/etc/ssh/
cp "$1/root_key.pub" root/root/.ssh/authorized_keys
chown -R 0:0 root/root/.ssh root/etc/ssh/sshd_config root/etc/ssh/host_key
chmod 600 root/root/.ssh/authorized_keys root/etc/ssh/host_key
# What belongs to this computer's kernel is not theirs to set.
for unit in systemd-sysctl systemd-modules-load systemd-udevd systemd-random-seed console-getty; do ln -sf /dev/null root/etc/systemd/system/$unit.service; done
echo holding
exec sleep infinity`;

/** `$1` the new root. Becomes systemd. */
const boot = `set -e
mount --make-rprivate /
mount --rbind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t tmpfs tmpfs sys/fs/cgroup
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do touch dev/$name; mount --bind /dev/$name dev/$name; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mkdir -p .old
pivot_root . .old
umount -l /.old
exec env -i container=postern-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=console --unit=multi-user.target </dev/null`;

/** `$1` the control group, `$2` the holder, the rest: what is run in it. */
const inOwnGroup = `mkdir -p "$1"
echo $$ > "$1/cgroup.procs"
holder=$2
shift 2
exec nsenter -t "$holder" -m unshare --pid --mount --uts --ipc --cgroup --fork --kill-child "$@"`;

/** Starts one over a root that has systemd, with this node. Needs root or `sudo -n`. */
export async function startSystemdHost(lower: string, node: string): Promise<SystemdHost> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-systemd-'));
  await chmod(folder, 0o755);
  const port = await findFreePort();
  const rootKeyFile = await makeKeyPair(join(folder, 'root_key'));
  const hostKey = await makeHostKey(folder, port);
  const sshd = [`Port ${port}`, 'ListenAddress 127.0.0.1', 'HostKey /etc/ssh/host_key', 'PermitRootLogin yes'];
  await writeFile(join(folder, 'sshd_config'), `${[...sshd, 'UsePAM yes', ''].join('\n')}`);
  const dies = ['setpriv', '--pdeathsig=KILL'];
  const own = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', hold, 'sh', folder, lower, node];
  const holder = await startServerProcess([...dies, ...own]);
  await until(() => Promise.resolve(holder.output().includes('holding')), holder);
  const groups = (await runAsRoot('findmnt', '-n', '-t', 'cgroup2', '-o', 'TARGET')).trim().split('\n')[0] ?? '';
  const group = join(groups, basename(folder));

  let outer: ServerProcess;
  let init = '';
  const run = (script: string): Promise<string> =>
    runAsRoot('nsenter', '-t', init, '-m', '-u', '-i', '-p', '-C', 'sh', '-ec', script);
  const switchOn = async (): Promise<void> => {
    const command = ['sh', '-c', boot, 'sh', join(folder, 'root')];
    outer = await startServerProcess([...dies, 'sh', '-c', inOwnGroup, 'sh', group, String(holder.pid), ...command]);
    await until(async () => {
      init = (await runAsRoot('ps', '-o', 'pid=', '--ppid', String(outer.pid)).catch(() => '')).trim();
      return init !== '' && (await run('systemctl is-active ssh').catch(() => '')).startsWith('active');
    }, outer);
  };
  const switchOff = async (): Promise<void> => {
    await runAsRoot('kill', '-KILL', init).catch(() => undefined); // PID 1 of its namespace: all end with it
    await outer.end('SIGKILL').catch(() => undefined);
  };
  await switchOn();
  return {
    host: '127.0.0.1',
    port,
    hostKey,
    rootKeyFile,
    run,
    async reset() {
      await switchOff();
      await switchOn();
    },
    async stop() {
      await switchOff();
      await holder.end('SIGKILL').catch(() => undefined);
      await runAsRoot('find', group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';').catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function until(isTrue: () => Promise<boolean>, server: ServerProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (await isTrue()) return;
    await delay(100);
  }
  throw new Error(`The host did not start: ${server.output()}`);
}
