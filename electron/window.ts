// Creates the window with its security settings: no Node, no navigation, no other windows, no permissions.
import { BrowserWindow, dialog, session, shell, type WebContents } from 'electron';
import { join } from 'node:path';
import { appOrigin } from './ipc/is-our-window.ts';

/** Pages that the app may open in the user's browser, and nothing else. */
const documentation = /^https:\/\/(datatracker\.ietf\.org|www\.rfc-editor\.org)\//;

/** Denies every permission to every page, before the first window exists. */
export function denyPermissions(): void {
  // Copying a fingerprint is the one thing the window asks of the system.
  const isAllowed = (permission: string): boolean => permission === 'clipboard-sanitized-write';
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(isAllowed(permission)));
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => isAllowed(permission));
  session.defaultSession.setDevicePermissionHandler(() => false);
}

/** Applies to every web contents that ever comes to be, so that no later code can forget it. */
export function lockDown(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (documentation.test(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/** Opens the main window; it shows itself when its first paint is ready. */
export async function openWindow(): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Postern',
    icon: join(__dirname, 'icon.png'),
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(__dirname, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  askBeforeLosingChanges(window);
  await window.loadURL(`${appOrigin}/`);
  return window;
}

/** The page objects to closing while a draft is unsaved; Chromium asks nobody in an app, so we do. */
function askBeforeLosingChanges(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const choice = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: 'There are changes that were not saved.',
      detail: 'Closing the window now loses them.',
      buttons: ['Keep editing', 'Close without saving'],
      defaultId: 0,
      cancelId: 0,
    });
    if (choice === 1) event.preventDefault(); // prevents the prevention: the window closes
  });
}
