// Run by node inside a D-Bus session: does one thing with a vault on the system's own keychain, prints the outcome.
import { openVault } from '../../electron/store/vault.ts';

const [folder = '', act = '', argument = ''] = process.argv.slice(2);
const vault = openVault({ folder, service: 'Postern test', fleetFolder: '/fleets/one' });

async function run(): Promise<unknown> {
  switch (act) {
    case 'state':
      return vault.state();
    case 'store-secret':
      return vault.storeSecret('mx1', 'password', argument);
    case 'load-secret':
      return vault.loadSecret('mx1', 'password');
    case 'remove-secret':
      return vault.removeSecret('mx1');
    case 'store-key':
      return vault.storePrivateKey(await readStdin());
    case 'load-key':
      return vault.loadPrivateKey(argument);
    default:
      throw new Error(`unknown: ${act}`);
  }
}

async function readStdin(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

process.stdout.write(`${JSON.stringify(await run())}\n`);
