// Reads a file that the user chose in a dialog, up to a limit, and says in words why it cannot.
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';
import { systemCodeOf } from '../store/durable-files.ts';

/** The content, or why it cannot be taken. Links are followed: the user chose this file. */
export async function readChosenFile(path: string, maxBytes: number): Promise<Outcome<Buffer>> {
  const name = basename(path);
  try {
    const facts = await stat(path);
    if (!facts.isFile()) return failed('bad-request', `${name} is not a file.`);
    if (facts.size > maxBytes) {
      return failed(
        'bad-request',
        `${name} is too large: more than ${maxBytes / 1024 / 1024} MiB.`,
        'Choose another file.',
      );
    }
    return done(await readFile(path));
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === '') throw error;
    const reason = { ENOENT: 'it is gone', EACCES: 'you may not read it', EPERM: 'you may not read it' }[code] ?? code;
    return failed('storage-failed', `${name} cannot be read: ${reason}.`);
  }
}
