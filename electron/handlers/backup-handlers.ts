// `backup:*`: the whole fleet into one encrypted file, and back into an empty folder.
import { basename, dirname } from 'node:path';
import { done } from '#contract/outcome';
import { exportFleet, importFleet } from '../store/backup-export.ts';
import { writeDurably } from '../store/durable-files.ts';
import { reportingDisk } from '../store/folder-writer.ts';
import { readChosenFile } from './read-chosen-file.ts';
import type { Handle, Services } from './services.ts';

/** 1 GiB: a fleet of thousands with years of history; read into memory as a whole. */
const maxBytes = 1024 * 1024 * 1024;

const filters = [
  { name: 'Postern exports', extensions: ['age'] },
  { name: 'All files', extensions: ['*'] },
];

/** Registers the calls about exports. */
export function registerBackupHandlers(handle: Handle, services: Services): void {
  handle('backup:export', async ({ passphrase, withPrivateKeys }) => {
    const path = await services.dialogs.saveFile('postern-fleet.tar.gz.age');
    if (path === null) return done(null);
    const { folder, vault, audit } = services;
    const made = await exportFleet({ fleetFolder: folder.path, vault, passphrase, withPrivateKeys });
    if (!made.ok) return made;
    const { content, gateways, privateKeys } = made.value;
    const written = await reportingDisk(dirname(path), async () => done(await writeDurably(path, content, 0o600)));
    if (!written.ok) return written;
    const words = `Export the fleet: ${gateways} gateways, ${privateKeys} private keys`;
    await audit.record({ action: 'export', target: 'fleet', outcome: 'done', words });
    return done({ fileName: basename(path), gateways, privateKeys });
  });

  handle('backup:import', async ({ passphrase }) => {
    const path = await services.dialogs.openFile(filters);
    if (path === null) return done(null);
    const content = await readChosenFile(path, maxBytes);
    if (!content.ok) return content;
    const into = await services.dialogs.openFolder();
    if (into === null) return done(null);
    const imported = await importFleet({ content: content.value, passphrase, into, vault: services.vault });
    if (!imported.ok) return imported;
    const opened = await services.openFolder(into);
    if (!opened.ok) return opened;
    const words = `Import a fleet: ${imported.value.gateways} gateways`;
    await services.audit.record({ action: 'import', target: 'fleet', outcome: 'done', words });
    services.emit('fleet:changed', { name: null });
    return done({ fleetFolder: into, ...imported.value });
  });
}
