// A small file system of its own, to be filled up. Mounting needs root; without it the test fails and says so.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A tmpfs with these mount options, for example `size=8m`; `using` takes it away. */
export function smallDisk(options: string): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'postern-disk-'));
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const call = (...words: string[]) => {
    const [program = '', ...args] = [...asRoot, ...words];
    execFileSync(program, args, { stdio: 'pipe' });
  };
  try {
    call('mount', '-t', 'tmpfs', '-o', `${options},mode=0777`, 'postern-test', path);
  } catch (error) {
    rmSync(path, { recursive: true });
    throw new Error('This test fills a disk of its own: run it as root, or where sudo -n may mount a tmpfs.', {
      cause: error,
    });
  }
  return {
    path,
    [Symbol.dispose]: () => {
      call('umount', '-l', path);
      rmSync(path, { recursive: true });
    },
  };
}
