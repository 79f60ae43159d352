// The command line of `npm run bench:smtp`.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** Whom the agent is measured against, in the order in which they take turns. */
export const peerNames = ['agent', 'postfix', 'haraka'] as const;
export type PeerName = (typeof peerNames)[number];

export type BenchOptions = {
  isQuick: boolean;
  isIdle: boolean;
  peers: PeerName[];
  rounds: number;
  cases: string[];
  agentBundle: string | null;
  jsonFile: string | null;
  profileFolder: string | null;
};

/** What `--help` prints. */
export const usage = `npm run bench:smtp -- [options]

Sends the same load through the agent, Postfix and Haraka on loopback, in turns, and prints medians.

  --quick            few messages, one round: shows that it works, its numbers say little
  --rounds N         rounds for each case, 1 to 20 (default 3)
  --peers LIST       of agent,postfix,haraka (default all)
  --cases LIST       "all" (default), "main" (those with an aim), or names such as 4k/20/many,100k/1/one
  --idle             10,000 idle sessions and the idle agent's memory, instead of the load
  --agent FILE       another bundle than dist/gateway-agent/gateway-agent.cjs
  --profile DIR      writes CPU profiles of the daemon for Chrome's DevTools; costs it some speed
  --json FILE        writes the medians as JSON too
  --help
`;

function readRounds(text: string): number {
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 20) throw new Error(`--rounds takes 1 to 20, not "${text}".`);
  return rounds;
}

function readPeers(text: string): PeerName[] {
  const wanted = new Set(text.split(','));
  const peers = peerNames.filter((name) => wanted.delete(name));
  const [unknown] = wanted;
  if (unknown !== undefined) throw new Error(`--peers knows ${peerNames.join(', ')}, not "${unknown}".`);
  return peers;
}

/** The options, or null when help was asked for; throws one sentence when the line is not understood. */
export function readOptions(args: readonly string[]): BenchOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      idle: { type: 'boolean', default: false },
      peers: { type: 'string', default: peerNames.join(',') },
      rounds: { type: 'string' },
      cases: { type: 'string', default: 'all' },
      agent: { type: 'string' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  return {
    isQuick: values.quick,
    isIdle: values.idle,
    peers: readPeers(values.peers),
    rounds: readRounds(values.rounds ?? (values.quick ? '1' : '3')),
    cases: values.cases.split(','),
    agentBundle: values.agent ?? null,
    jsonFile: values.json ?? null,
    profileFolder: values.profile === undefined ? null : resolve(values.profile),
  };
}
