// A clean Debian root made by debootstrap: once, then kept. Hosts lie over it, copy on write, so it stays clean.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { runAsRoot } from './as-root.ts';

const runFile = promisify(execFile);
const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));
const release = 'bookworm';
const packages = ['openssh-server', 'sudo', 'procps'];

/** What enrolment asks of a Debian: a minimal one with an SSH server, and more where asked. Takes a minute the first time. */
export async function makeDebianRoot(more: readonly string[] = []): Promise<string> {
  const root = [`${cache}debian-root-${release}`, ...more].join('-');
  if (existsSync(`${root}/usr/sbin/sshd`) && !existsSync(`${root}/debootstrap`)) return root;
  await runAsRoot('true').catch(() => {
    throw new Error('This suite makes a Debian root and enters it: run it as root, or allow sudo -n.');
  });
  await runFile('debootstrap', ['--version']).catch(() => {
    throw new Error('debootstrap is missing. Run: sudo apt-get install debootstrap debian-archive-keyring');
  });
  const made = `${root}.${process.pid}`;
  const include = `--include=${[...packages, ...more].join(',')}`;
  // From the mirror that debootstrap knows itself.
  await runAsRoot('debootstrap', '--variant=minbase', include, release, made);
  await runAsRoot('rm', '-rf', root);
  await runAsRoot('mv', made, root); // whole or not at all
  return root;
}
