// Debian and Ubuntu packages that the app and its tests need: installed when this user may, else named in one command.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { run } from './run.ts';

/** What Electron links against, and the keychain's client. */
export const windowPackages = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libsecret-1-0'];

/** Real peers of the tests: OpenSSH, MTAs, a display, a keychain, TLS tools, a validating resolver. */
export const testPackages = [
  ...windowPackages,
  'xvfb',
  'xauth',
  'openssh-server',
  'openssh-client',
  'postfix',
  'swaks',
  'libnet-ssleay-perl',
  'gnome-keyring',
  'dbus',
  'dbus-x11',
  'openssl',
  'unbound',
  'ldnsutils',
  'strace',
  'git',
  'systemd',
  'sudo',
  'debootstrap',
];

function isInstalled(name: string): boolean {
  const query = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' });
  return query.status === 0 && query.stdout === 'installed';
}

/** Ubuntu 24.04 renamed libraries for 64-bit time: libgtk-3-0 is libgtk-3-0t64 there. */
function isPresent(name: string): boolean {
  return isInstalled(name) || isInstalled(`${name}t64`);
}

function existingName(name: string): string {
  const known = spawnSync('apt-cache', ['show', '--no-all-versions', `${name}t64`], { stdio: 'ignore' });
  return known.status === 0 ? `${name}t64` : name;
}

/** Installs what is missing; false when that was not possible, after printing the one command that does it. */
export async function ensurePackages(names: string[]): Promise<boolean> {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) return true;
  if (names.every(isPresent)) return true;
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const mayInstall = prefix.length === 0 || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  if (!mayInstall) {
    const missing = names.filter((name) => !isPresent(name)).join(' ');
    console.error(`System packages are missing. Install them, then try again:\n\n  sudo apt-get install ${missing}\n`);
    return false;
  }
  const apt = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  const [program = 'env', ...args] = apt;
  await run(program, [...args, 'update', '-qq']);
  const missing = names.filter((name) => !isPresent(name)).map(existingName);
  console.log(`Installing system packages: ${missing.join(' ')}`);
  await run(program, [...args, 'install', '-qq', '-y', '--no-install-recommends', ...missing]);
  return true;
}
