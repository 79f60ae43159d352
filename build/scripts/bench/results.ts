// From single runs to medians, and from medians to what is printed.
import type { PeerName } from './options.ts';
import type { LoadCase, PerSession } from './load-case.ts';

/** What one run of one load measured. */
export type Sample = {
  acceptedPerSecond: number;
  deliveredPerSecond: number;
  cpuMsPerMessage: number;
  rssMiB: number;
};

/** One entry of the JSON file: medians of all rounds. */
export type Result = Sample & { peer: PeerName; bytes: number; sessions: number; perSession: PerSession };

/** What the agent is to reach: CPU at most, deliveries at least so many times a peer's in the same run. */
type Aim = { bytes: number; sessions: number; perSession: PerSession; cpuMs: number; postfix: number; haraka: number };

const aims: readonly Aim[] = [
  { bytes: 4096, sessions: 20, perSession: 'many', cpuMs: 0.6, postfix: 6, haraka: 4 },
  { bytes: 102_400, sessions: 20, perSession: 'many', cpuMs: 1.6, postfix: 3, haraka: 3 },
  { bytes: 4096, sessions: 20, perSession: 'one', cpuMs: 1, postfix: 4, haraka: 4 },
];

/** The middle value; the mean of the middle two when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** The median of each value by itself. */
export function summarize(peer: PeerName, load: LoadCase, samples: readonly Sample[]): Result {
  const of = (key: keyof Sample, digits: number) => Number(median(samples.map((one) => one[key])).toFixed(digits));
  return {
    peer,
    bytes: load.bytes,
    sessions: load.sessions,
    perSession: load.perSession,
    acceptedPerSecond: of('acceptedPerSecond', 1),
    deliveredPerSecond: of('deliveredPerSecond', 1),
    cpuMsPerMessage: of('cpuMsPerMessage', 3),
    rssMiB: of('rssMiB', 1),
  };
}

const columns = ['bytes', 'sessions', 'a session', 'peer', 'accepted/s', 'delivered/s', 'CPU ms', 'MiB'];

/** All results as a Markdown table. */
export function formatTable(results: readonly Result[]): string {
  const rows = results.map((one) => [
    String(one.bytes),
    String(one.sessions),
    one.perSession,
    one.peer,
    one.acceptedPerSecond.toFixed(0),
    one.deliveredPerSecond.toFixed(0),
    one.cpuMsPerMessage.toFixed(2),
    one.rssMiB.toFixed(0),
  ]);
  const widths = columns.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padStart(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => `${'-'.repeat(width - 1)}:`).join(' | ')} |`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}

/** One line for each aim that these results can answer, with ✓ where it is reached. */
export function compareWithAims(results: readonly Result[]): string[] {
  return aims.flatMap((aim) => {
    const find = (peer: PeerName) => results.find((one) => one.peer === peer && isSameLoad(one, aim));
    const agent = find('agent');
    if (!agent) return [];
    const cpu = `CPU ${agent.cpuMsPerMessage.toFixed(2)} ms (aim ≤ ${aim.cpuMs}) ${mark(agent.cpuMsPerMessage <= aim.cpuMs)}`;
    const ratios = (['postfix', 'haraka'] as const).flatMap((name) => {
      const peer = find(name);
      if (!peer) return [];
      const times = agent.deliveredPerSecond / peer.deliveredPerSecond;
      return [`delivered ${times.toFixed(1)} × ${name} (aim ≥ ${aim[name]}) ${mark(times >= aim[name])}`];
    });
    return [
      `${aim.bytes} bytes, ${aim.sessions} sessions, ${aim.perSession} a session: ${[cpu, ...ratios].join('; ')}`,
    ];
  });
}

function isSameLoad(one: Result, aim: Aim): boolean {
  return one.bytes === aim.bytes && one.sessions === aim.sessions && one.perSession === aim.perSession;
}

function mark(isReached: boolean): string {
  return isReached ? '✓' : '✗';
}
