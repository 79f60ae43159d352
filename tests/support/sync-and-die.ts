// Run by node: syncs a fleet folder and is killed when the second of the remote's files is put in its place, as by a
// power cut. The rename is the one thing that is replaced.
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const rename = fsPromises.rename;
let placed = 0;
fsPromises.rename = async (from, to) => {
  if (/gateways[/\\][a-z0-9]+\.yaml$/.test(String(to)) && ++placed === 2) process.kill(process.pid, 'SIGKILL');
  await rename(from, to);
};
syncBuiltinESMExports();

const { openFleetRemote } = await import('../../electron/store/remote-service.ts');
const { openVault } = await import('../../electron/store/vault.ts');
const [path = '', appFolder = ''] = process.argv.slice(2);
const vault = openVault({ folder: appFolder, service: 'Postern test', fleetFolder: path });
const ended = await openFleetRemote({ path, who: { name: 'x', email: 'x@example.test' }, vault }).sync();
throw new Error(`It was not killed: ${JSON.stringify(ended)}`);
