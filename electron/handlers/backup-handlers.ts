// `backup:*`: the copies of the days, and the whole fleet in one encrypted file.
import { basename } from 'node:path';
import { done } from '#contract/outcome';
import { exportFact, importFact } from '../fleet/audit-archives.ts';
import { exportToFile, importFleet } from '../store/backup-export.ts';
import { readChosenFile } from './read-chosen-file.ts';
import type { Handle, Services } from './services.ts';
import type { Sights } from './sights.ts';

/** 1 GiB: a fleet of thousands with years of history; read into memory as a whole. */
const maxBytes = 1024 * 1024 * 1024;

const filters = [
  { name: 'Postern exports', extensions: ['age'] },
  { name: 'All files', extensions: ['*'] },
];

/** Registers the calls about backups and exports. */
export function registerBackupHandlers(handle: Handle, services: Services, sights: Sights): void {
  handle('backup:list', () => services.backups.list());

  handle('backup:preview-restore', ({ day }) => services.backups.preview(day));

  registerRestore(handle, services);
  registerExport(handle, services, sights);
}

function registerRestore(handle: Handle, services: Services): void {
  let running: AbortController | null = null;

  handle('backup:restore', async ({ day }) => {
    const controller = new AbortController();
    running = controller;
    const restored = await services.backups.restoreHere(day, {
      signal: controller.signal,
      onWords: (words, canStop = true) => services.emit('backup:progress', { words, canStop }),
    });
    running = null;
    if (!restored.ok) return restored;
    const { commit, before, touched } = restored.value;
    if (commit !== null) services.emit('fleet:changed', { name: null });
    return done({ commit, before, touched });
  });

  handle('backup:cancel', () => {
    running?.abort();
    return Promise.resolve(done({}));
  });
}

function registerExport(handle: Handle, services: Services, sights: Sights): void {
  handle('backup:export', async ({ passphrase, withPrivateKeys }) => {
    const path = await services.dialogs.saveFile('postern-fleet.tar.gz.age');
    if (path === null) return done(null);
    const { folder, vault, audit } = services;
    const exported = await exportToFile(path, { fleetFolder: folder.path, vault, passphrase, withPrivateKeys });
    await audit.record(exportFact(exported));
    return exported.ok ? done({ fileName: basename(path), ...exported.value }) : exported;
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
    sights.forgetAll(); // gateways there may have the names of others here
    await services.audit.record(importFact(imported));
    services.emit('fleet:changed', { name: null });
    return done({ fleetFolder: into, ...imported.value });
  });
}
