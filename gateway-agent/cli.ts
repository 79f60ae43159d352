// The entry of the one-file agent: reads the command line and starts the daemon or answers one request.
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { agentVersion } from './agent-version.ts';
import { parseNameserver } from './delivery/peer-policy/nameservers.ts';

const usage = `Usage:
  gateway-agent daemon [--root DIR] [--resolver ADDRESS[:PORT]]
                                               listen for SMTP as the confirmed release says
  gateway-agent rpc [--root DIR] [--as NAME]   answer one JSON request on stdin
  gateway-agent --help | --version

  --root DIR   the agent's folder (default: /var/lib/postern)
  --resolver   the resolver to ask about MTA-STS and DANE; its DNSSEC validation counts when it is on this
               machine (default: those of /etc/resolv.conf)
  --as NAME    who is recorded as the author of a push (default: the user that runs this)
`;

/** Control characters would end up in logs; the length is our own limit. */
const authorPattern = /^[^\p{Cc}]{1,100}$/u;

function readArguments(): ReturnType<typeof parse> | string {
  try {
    return parse();
  } catch (error) {
    return error instanceof Error ? error.message : 'The command line cannot be read.';
  }
}

function parse() {
  return parseArgs({
    allowPositionals: true,
    options: {
      root: { type: 'string', default: '/var/lib/postern' },
      resolver: { type: 'string' },
      as: { type: 'string', default: userName() },
      help: { type: 'boolean', short: 'h', default: false },
      version: { type: 'boolean', default: false },
    },
  });
}

/** A container may run as a number that the system has no name for. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Exit status 2 tells a wrong command line from a request that was refused. */
function complain(message: string): number {
  process.stderr.write(`gateway-agent: ${message}\n\n${usage}`);
  return 2;
}

async function run(): Promise<number> {
  const read = readArguments();
  if (typeof read === 'string') return complain(read);
  const { values, positionals } = read;
  if (values.help) process.stdout.write(usage);
  if (values.version) process.stdout.write(`${agentVersion}\n`);
  if (values.help || values.version) return 0;
  const [command, ...rest] = positionals;
  if (rest.length > 0) return complain(`“${rest.join(' ')}” is not understood.`);
  if (!authorPattern.test(values.as)) return complain('--as takes 1 to 100 printable characters.');
  if (values.resolver !== undefined && parseNameserver(values.resolver) === null) {
    return complain('--resolver takes an IP address, with `:PORT` behind it where it is not 53.');
  }
  const root = resolve(values.root);
  // Loaded only when needed: an rpc starts with every push, and the daemon's libraries double its start-up time.
  if (command === 'daemon') return (await import('./main.ts')).runDaemon({ root, resolver: values.resolver });
  if (command === 'rpc') return (await import('./rpc.ts')).runRpc({ root, author: values.as });
  return complain(command === undefined ? 'Say `daemon` or `rpc`.' : `“${command}” is not a command.`);
}

// Not process.exit(): what was written to a pipe must arrive first.
void run().then((status) => (process.exitCode = status));
