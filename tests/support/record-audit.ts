// Run by node: writes entries into an audit log, one after the other, as a second program would. With `die-after` it
// is killed with that many bytes of its last entry written: a write is what a power cut tears.
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const [fleetFolder = '', appFolder = '', name = '', count = '1', dieAfter] = process.argv.slice(2);
const total = Number(count);

if (dieAfter !== undefined) {
  const open = fsPromises.open;
  fsPromises.open = async (path, ...rest) => {
    const handle = await open(path, ...rest);
    if (rest[0] === 'a') {
      const writeFile = handle.writeFile.bind(handle);
      handle.writeFile = async (data) => {
        const text = typeof data === 'string' ? data : '';
        if (!text.includes(`"words":"${name} ${total}"`)) return writeFile(data);
        await writeFile(text.slice(0, Number(dieAfter)));
        process.kill(process.pid, 'SIGKILL');
      };
    }
    return handle;
  };
  syncBuiltinESMExports();
}

const { openAuditLog } = await import('../../electron/store/audit-log.ts');
const log = openAuditLog({ fleetFolder, appFolder, by: name });
for (let number = 1; number <= total; number++) {
  const words = `${name} ${number}`;
  const recorded = await log.record({ action: 'push', target: 'mx1', outcome: 'applied', words });
  if (!recorded.ok) throw new Error(recorded.problem.message);
}
