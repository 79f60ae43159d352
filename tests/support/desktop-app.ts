// The real app in a real Electron with a home of its own. What Postern does not own is stood in for: the system's
// file dialogs answer with the path that a test names.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

const project = resolve(import.meta.dirname, '../..');

export type DesktopApp = {
  electron: ElectronApplication;
  window: Page;
  /** XDG_CONFIG_HOME of this app. */
  home: string;
  /** Everything that the app printed to its own stderr. */
  errors(): string;
  /** What the page complained about: CSP breaches, exceptions. */
  complaints: string[];
  /** The next open or save dialog answers with this path. */
  chooseFile(path: string): Promise<void>;
  /** Quits the app; the home goes too unless it is kept for another start. */
  close(options?: { keepsHome: boolean }): Promise<void>;
};

export type DesktopOptions = {
  home?: string;
  size?: { width: number; height: number };
  scheme?: 'light' | 'dark';
  /** No session bus, so no keychain: a server, a container, a plain window manager. */
  withoutKeychain?: boolean;
  /** Where ~/.ssh lies; the real one unless given. */
  userHome?: string;
};

/** Starts the app and waits for its first screen. */
export async function startDesktopApp(options: DesktopOptions = {}): Promise<DesktopApp> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'postern-home-')));
  await mkdir(home, { recursive: true });
  const args = ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '.'];
  const noBus =
    options.withoutKeychain === true ? { DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(home, 'no-bus')}` } : {};
  const userHome = options.userHome === undefined ? {} : { HOME: options.userHome };
  const env = { ...process.env, XDG_CONFIG_HOME: home, ...noBus, ...userHome } as Record<string, string>;
  const electron = await _electron.launch({ args, cwd: project, env, colorScheme: options.scheme ?? 'light' });
  let stderr = '';
  electron.process().stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const window = await electron.firstWindow();
  const complaints: string[] = [];
  window.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  window.on('pageerror', (error) => complaints.push(error.message));
  if (options.size !== undefined) await resize(electron, options.size);
  await window.getByRole('heading', { level: 1 }).first().waitFor();

  return {
    electron,
    window,
    home,
    errors: () => stderr,
    complaints,
    chooseFile: (path) =>
      electron.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
      }, path),
    async close({ keepsHome } = { keepsHome: false }) {
      // The question about unsaved changes would wait for a person.
      await electron.evaluate(({ dialog }) => void (dialog.showMessageBoxSync = () => 1));
      await electron.close();
      if (!keepsHome) await rm(home, { recursive: true, force: true });
    },
  };
}

/** Sets the size of the page itself, without the frame. */
export async function resize(electron: ElectronApplication, size: { width: number; height: number }): Promise<void> {
  await electron.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
  }, size);
}
