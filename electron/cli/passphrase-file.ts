// --passphrase-file: a secret for runs without a terminal. A file that others can read is no secret.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { done, failed, type Outcome } from '#contract/outcome';
import { errorCodeOf } from '../ssh/ssh-failure.ts';

/** As long as the window's own field for a secret. */
const maxBytes = 1024;
const othersMayDoAnything = 0o077;

/** The first line. Refused unless only its owner can read it (mode 0600; on Windows the profile folder's rights hold). */
export async function readPassphraseFile(path: string): Promise<Outcome<string>> {
  try {
    // Opening a pipe would wait for its writer, perhaps for ever.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await file.stat();
      const { mode, size } = stats;
      if (!stats.isFile()) return failed('bad-request', 'The passphrase file is not a plain file.');
      if (process.platform !== 'win32' && (mode & othersMayDoAnything) !== 0) {
        const shown = (mode & 0o777).toString(8).padStart(4, '0');
        return failed(
          'bad-request',
          `The passphrase file has mode ${shown}: others can read it.`,
          'Run: chmod 600 FILE',
        );
      }
      if (size > maxBytes) return failed('bad-request', `The passphrase file is longer than ${maxBytes} bytes.`);
      const [line = ''] = (await file.readFile('utf8')).split(/\r?\n/);
      return line === '' ? failed('bad-request', 'The first line of the passphrase file is empty.') : done(line);
    } finally {
      await file.close();
    }
  } catch (error) {
    return failed('bad-request', `The passphrase file cannot be read (${errorCodeOf(error)}).`);
  }
}
