// Run by node: opens a fleet folder and adds gateways one after the other, as a second Postern would.
import { openFleetFolder } from '../../electron/store/fleet-folder.ts';
import { GatewayRecord } from '../../gateway-agent/contract/fleet.ts';

const [path = '', prefix = '', count = '0'] = process.argv.slice(2);
const folder = await openFleetFolder(path, { name: prefix, email: `${prefix}@example.test` });
if (!folder.ok) throw new Error(folder.problem.message);
for (let number = 1; number <= Number(count); number++) {
  const name = `${prefix}${number}`;
  const added = await folder.value.add(name, GatewayRecord.parse({ ssh: { host: `${name}.example.test` } }));
  if (!added.ok) throw new Error(added.problem.message);
}
