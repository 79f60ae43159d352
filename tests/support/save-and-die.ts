// Run by node: changes mx1 and is killed between the write and the rename, as by a power cut. The rename is the one
// thing that is replaced.
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const rename = fsPromises.rename;
fsPromises.rename = async (from, to) => {
  if (String(to).endsWith('mx1.yaml')) process.kill(process.pid, 'SIGKILL');
  await rename(from, to);
};
syncBuiltinESMExports();

const { openFleetFolder } = await import('../../electron/store/fleet-folder.ts');
const folder = await openFleetFolder(process.argv[2] ?? '', { name: 'x', email: 'x@example.test' });
if (!folder.ok) throw new Error(folder.problem.message);
await folder.value.update('mx1', {
  words: 'Change the user',
  change: (record) => ({ ...record, ssh: { ...record.ssh, user: 'somebody-else' } }),
});
