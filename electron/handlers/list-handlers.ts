// `list:*`: address lists from and to files that the user chooses.
import { isUtf8 } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';
import { reportingDisk } from '../store/folder-writer.ts';
import { readChosenFile } from './read-chosen-file.ts';
import type { Handle, Services } from './services.ts';

/** 64 MiB: what the contract lets cross; a million entries with notes. */
const maxBytes = 64 * 1024 * 1024;

const filters = [
  { name: 'Address lists', extensions: ['txt', 'csv', 'lst'] },
  { name: 'All files', extensions: ['*'] },
];

/** Registers the calls about list files. */
export function registerListHandlers(handle: Handle, services: Services): void {
  handle('list:open', async () => {
    const path = await services.dialogs.openFile(filters);
    if (path === null) return done(null);
    const content = await readChosenFile(path, maxBytes);
    if (!content.ok) return content;
    const text = decode(basename(path), content.value);
    return text.ok ? done({ fileName: basename(path), text: text.value }) : text;
  });

  handle('list:save', async ({ suggestedName, text }) => {
    const path = await services.dialogs.saveFile(suggestedName);
    if (path === null) return done(null);
    const write = async () => {
      await writeFile(path, text);
      return done({ fileName: basename(path) });
    };
    return reportingDisk(dirname(path), write, 'Nothing was saved.');
  });
}

/** Windows' editors save "Unicode" as UTF-16, or a byte a letter; whatever else holds NUL is no text. */
function decode(name: string, content: Buffer): Outcome<string> {
  if (content[0] === 0xff && content[1] === 0xfe) return done(content.toString('utf16le').slice(1));
  if (content.includes(0)) return failed('list-rejected', `${name} is not a text file.`, 'Choose a text file.');
  return done(content.toString(isUtf8(content) ? 'utf8' : 'latin1'));
}
