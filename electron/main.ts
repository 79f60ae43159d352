// Composition root of the app: starts the service process, relays the window's calls to it, opens the window.
import { app, BrowserWindow, dialog } from 'electron';
import { join } from 'node:path';
import { announceAppProtocol, serveApp } from './app-protocol.ts';
import { relayCalls, sendEvent } from './ipc/handle.ts';
import type { DialogQuestion, ServiceStart } from './ipc/service-messages.ts';
import { startServiceProcess, type ServiceProcess } from './ipc/service-process.ts';
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
  const service = startServiceProcess({
    file: join(__dirname, 'service.cjs'),
    start: { userData: app.getPath('userData'), info: describeApp() },
    onEvent: (event, data) => {
      for (const window of BrowserWindow.getAllWindows()) sendEvent(window.webContents, event, data);
    },
    askDialog,
    logBug: (words) => process.stderr.write(`postern: ${words}\n`),
  });
  const opened = await service.started;
  if (!opened.ok) {
    const { message, hint } = opened.problem;
    dialog.showErrorBox('Postern cannot open its fleet folder', [message, hint].join('\n'));
    app.exit(1);
    return;
  }
  relayCalls((channel, rawInput) => service.call(channel, rawInput));
  closeBeforeQuit(service);
  await openWindow();
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void openWindow();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

function describeApp(): ServiceStart['info'] {
  return {
    version: app.getVersion(),
    electron: process.versions['electron'] ?? '',
    isDevelopmentRuntime: process.env['POSTERN_DEVELOPMENT_RUNTIME'] === '1',
    platform: process.platform,
  };
}

/** The local gateway's processes end before the app does. */
function closeBeforeQuit(service: ServiceProcess): void {
  app.on('will-quit', (event) => {
    event.preventDefault();
    // Every window is gone by now. app.quit() would do nothing here: Electron is in the middle of quitting.
    void service.close().finally(() => app.exit());
  });
}

/** The system's dialogs; null: the user closed it. */
async function askDialog(question: DialogQuestion): Promise<string | null> {
  if (question.dialog === 'saveFile') {
    const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: question.suggestedName });
    return canceled || filePath === undefined ? null : filePath;
  }
  const { canceled, filePaths } = await dialog.showOpenDialog(
    question.dialog === 'openFile'
      ? { properties: ['openFile'], filters: question.filters }
      : { properties: ['openDirectory', 'createDirectory'] },
  );
  return canceled ? null : (filePaths[0] ?? null);
}

function showWindow(): void {
  const window = BrowserWindow.getAllWindows()[0];
  if (window?.isMinimized() === true) window.restore();
  window?.focus();
}
