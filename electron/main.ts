// Composition root of the app: builds services, registers handlers, opens the window.
import { app, BrowserWindow, dialog } from 'electron';
import { join } from 'node:path';
import { announceAppProtocol, serveApp } from './app-protocol.ts';
import { openAppServices, type AppServices } from './app-services.ts';
import { registerHandlers } from './handlers/register-handlers.ts';
import type { Dialogs, Emit } from './handlers/services.ts';
import { createEmit, createHandle } from './ipc/handle.ts';
import { denyPermissions, lockDown, openWindow } from './window.ts';

announceAppProtocol();
// Root's Chromium runs without its sandbox or not at all; everybody else's has it on for every renderer.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
app.on('web-contents-created', (_event, contents) => lockDown(contents));

// Two apps would fight over one fleet folder and one local gateway: the second shows the first one's window.
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', showWindow);
  start().catch((error: unknown) => {
    process.stderr.write(`postern: ${error instanceof Error ? error.message : 'could not start'}\n`);
    app.exit(1);
  });
} else {
  app.quit();
}

async function start(): Promise<void> {
  await app.whenReady();
  denyPermissions();
  await serveApp(join(__dirname, '..', 'renderer'));
  const opened = await openAppServices({ userData: app.getPath('userData'), dialogs, emit, info: describeApp() });
  if (!opened.ok) {
    dialog.showErrorBox(
      'Postern cannot open its fleet folder',
      [opened.problem.message, opened.problem.hint].join('\n'),
    );
    app.exit(1);
    return;
  }
  registerHandlers(createHandle(logBug), opened.value.services);
  closeBeforeQuit(opened.value);
  await openWindow();
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void openWindow();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

function describeApp(): AppServices['services']['info'] {
  return {
    version: app.getVersion(),
    electron: process.versions['electron'] ?? '',
    isDevelopmentRuntime: process.env['POSTERN_DEVELOPMENT_RUNTIME'] === '1',
    platform: process.platform,
  };
}

/** The local gateway's processes end before the app does. */
function closeBeforeQuit(services: AppServices): void {
  app.on('will-quit', (event) => {
    event.preventDefault();
    // Every window is gone by now. app.quit() would do nothing here: Electron is in the middle of quitting.
    void services.close().finally(() => app.exit());
  });
}

const emit: Emit = (event, data) => {
  for (const window of BrowserWindow.getAllWindows()) createEmit(window.webContents)(event, data);
};

const dialogs: Dialogs = {
  openFile: async (filters) => {
    const { canceled, filePaths } = await dialog.showOpenDialog({ properties: ['openFile'], filters });
    return canceled ? null : (filePaths[0] ?? null);
  },
  saveFile: async (suggestedName) => {
    const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: suggestedName });
    return canceled || filePath === undefined ? null : filePath;
  },
  openFolder: async () => {
    const { canceled, filePaths } = await dialog.showOpenDialog({ properties: ['openDirectory', 'createDirectory'] });
    return canceled ? null : (filePaths[0] ?? null);
  },
};

function showWindow(): void {
  const window = BrowserWindow.getAllWindows()[0];
  if (window?.isMinimized() === true) window.restore();
  window?.focus();
}

/** The channel and the stack, never the input: it may hold a secret. */
function logBug(channel: string, error: unknown): void {
  const story = error instanceof Error ? (error.stack ?? error.message) : 'not an Error';
  process.stderr.write(`postern: bug in ${channel}: ${story}\n`);
}
