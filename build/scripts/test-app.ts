// Runs the Playwright suite with what the app needs around it: an Electron, a display, a session bus, a keychain.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareElectron } from './electron-runtime.ts';
import { inProject, toolPath } from './project.ts';
import { exitStatus } from './run.ts';

const playwright = [toolPath('playwright'), 'test', '--config', inProject('build/config/playwright.config.ts')];
const { dist } = await prepareElectron();
const home = await mkdtemp(join(tmpdir(), 'postern-app-'));

try {
  process.exitCode = await exitStatus(...inDesktopSession([...playwright, ...process.argv.slice(2)]));
} finally {
  await rm(home, { recursive: true, force: true });
}

/** Under Linux: a session bus of its own with an unlocked, empty keyring, and a virtual display. */
function inDesktopSession(command: string[]): [string, string[], { env: NodeJS.ProcessEnv }] {
  const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: dist, XDG_DATA_HOME: home, XDG_CACHE_HOME: home };
  const [program = '', ...args] = command;
  if (process.platform !== 'linux') return [program, args, { env }];
  const session =
    'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null && ' +
    'exec xvfb-run -a -s "-screen 0 1600x1000x24" "$@"';
  return ['dbus-run-session', ['--', 'sh', '-c', session, 'sh', ...command], { env }];
}
