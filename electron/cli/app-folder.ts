// Where the app keeps its own files, so that the command finds the same vault. Electron calls it userData.
import { homedir } from 'node:os';
import { join } from 'node:path';

const productName = 'Postern';

/** The app's folder of this user, as Electron computes it. */
export function appFolder(): string {
  if (process.platform === 'win32')
    return join(process.env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), productName);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', productName);
  return join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), productName);
}
