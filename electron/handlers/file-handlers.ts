// `file:*`: certificates and private keys, picked with the system's dialog and checked where they are stored.
import { basename } from 'node:path';
import type { FilePurpose } from '#ipc';
import { done, failed } from '#contract/outcome';
import { storeUpload } from '../store/store-upload.ts';
import { createPickedFiles } from './picked-files.ts';
import { readChosenFile } from './read-chosen-file.ts';
import type { Filter, Handle, Services } from './services.ts';

/** 1 MiB: a chain of four RSA-4096 certificates has 8 KB. */
const maxBytes = 1024 * 1024;

/** Registers the calls about files. */
export function registerFileHandlers(handle: Handle, services: Services): void {
  const picked = createPickedFiles();

  handle('file:browse', async ({ purpose }) => {
    const path = await services.dialogs.openFile(filtersFor(purpose));
    if (path === null) return done(null);
    const content = await readChosenFile(path, maxBytes);
    return content.ok ? done({ token: picked.keep(content.value), fileName: basename(path) }) : content;
  });

  handle('file:browse-key', async () => {
    // Keys for SSH mostly have no extension.
    const path = await services.dialogs.openFile([{ name: 'All files', extensions: ['*'] }]);
    return done(path === null ? null : { path });
  });

  handle('file:upload', async ({ purpose, token, passphrase }) => {
    const content = picked.peek(token);
    if (content === null) return failed('not-found', 'The picked file is no longer known.', 'Choose it again.');
    const stored = await storeUpload(services, { purpose, content, passphrase });
    if (stored.ok) picked.drop(token); // kept until then: an encrypted key asks for its passphrase
    return stored;
  });
}

function filtersFor(purpose: FilePurpose): Filter[] {
  const all = { name: 'All files', extensions: ['*'] };
  return purpose === 'privateKey'
    ? [{ name: 'Private keys', extensions: ['pem', 'key'] }, all]
    : [{ name: 'Certificates', extensions: ['pem', 'crt', 'cer'] }, all];
}
