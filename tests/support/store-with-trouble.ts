// A program of its own: stores a release and confirms it, and meets trouble at the n-th call of the file system.
// Usage: node store-with-trouble.ts ROOT STEP kill|full; prints the outcome, or nothing when it was killed.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { buildTestRelease } from './test-release.ts';

const [root = '', step = '', trouble = ''] = process.argv.slice(2);
let calls = 0;

/** Stops the process as a power cut would, or fails as a full disk does. */
function meetTrouble(): void {
  calls += 1;
  if (calls !== Number(step)) return;
  if (trouble === 'kill') process.kill(process.pid, 'SIGKILL');
  throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
}

for (const name of ['mkdir', 'chmod', 'open', 'rename', 'link'] as const) {
  const original = fs[name] as (...args: unknown[]) => Promise<unknown>;
  Object.assign(fs, {
    async [name](...args: unknown[]) {
      meetTrouble();
      const result = await original(...args);
      if (name === 'open') watchHandle(result as fs.FileHandle);
      return result;
    },
  });
}
syncBuiltinESMExports();

function watchHandle(handle: fs.FileHandle): void {
  const original = handle.writeFile.bind(handle);
  handle.writeFile = async (content) => {
    if (calls + 1 === Number(step)) await original('{"a'); // half of it is on the disk
    meetTrouble();
    await original(content);
  };
}

const { storeRelease } = await import('../../gateway-agent/store/release-store.ts');
const { writeCurrent } = await import('../../gateway-agent/store/current.ts');
const release = buildTestRelease({ deny: '192.0.2.0/24\n' });
const stored = await storeRelease(root, release, 'anna');
const outcome = stored.ok ? await writeCurrent(root, release.revision) : stored;
process.stdout.write(`${JSON.stringify({ outcome, calls })}\n`);
