// `npm start`: installs what is missing, builds, and opens the app; without a display it does the same job in the
// terminal, as `postern demo`.
import { inProject, toolPath } from './project.ts';
import { prepareElectron } from './electron-runtime.ts';
import { exitStatus, run } from './run.ts';
import { ensurePackages, windowPackages } from './system-packages.ts';

const wantsDemo = process.argv.includes('--demo');
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);

await run(process.execPath, [inProject('build/scripts/build.ts')]);
process.exitCode = wantsDemo || !hasDisplay ? await startDemo() : await openApp();

async function startDemo(): Promise<number> {
  if (!wantsDemo) console.log('There is no display here, so Postern shows itself in the terminal (postern demo).\n');
  return exitStatus(process.execPath, [inProject('dist/electron/postern.cjs'), 'demo']);
}

async function openApp(): Promise<number> {
  if (!(await ensurePackages(windowPackages))) return 1;
  const { dist, isSubstitute } = await prepareElectron();
  const env: NodeJS.ProcessEnv = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: dist };
  // Chromium refuses to run as root with its sandbox; everybody else keeps the sandbox on.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', '.'] : ['.'];
  if (isSubstitute && !args.includes('--no-sandbox')) {
    console.log('The repacked runtime has no set-uid sandbox helper: user namespaces must be allowed on this system.');
  }
  return exitStatus(toolPath('electron'), args, { env });
}
