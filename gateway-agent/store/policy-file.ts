// The MTA-STS policies that the daemon has learned, in one file beside the queue: what a restart must not forget.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Reads and replaces the file; both reject when the disk does not allow it. */
export function openPolicyFile(root: string): { load(): Promise<string>; save(text: string): Promise<void> } {
  const path = join(root, 'queue', 'mta-sts.json'); // queue/ is a folder that the daemon may write everywhere
  return {
    load: () => readFile(path, 'utf8'),
    async save(text) {
      await writeFile(`${path}.next`, text, { mode: 0o600, flush: true });
      await rename(`${path}.next`, path);
    },
  };
}
