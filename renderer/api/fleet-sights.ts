// Fresh looks at gateways on their way to the screen: gathered, put into the fleet in one go, and remembered just long
// enough to see which queues grow.
import type { FleetRow } from '#ipc';
import type { GatewaySight } from '#contract/push';
import { queryClient } from './gateway-bridge.ts';

/** Looks come one by one; the table is drawn anew at most so often. */
const gatherMilliseconds = 300;
/** Rows replaced in one task, so that a thousand looks at once do not hold the window up. */
const rowsAtOnce = 200;
/** What the sparkline holds, as FleetRow.trend says. */
const trendLength = 60;
/** A queue is compared with what it was within this time. */
const growthMilliseconds = 10 * 60_000;
/** A busy queue breathes; what counts is more than this and a fifth more than it was. */
const growthMessages = 10;

type Sample = { at: number; messages: number };

const queues = new Map<string, Sample[]>();
let waiting = new Map<string, GatewaySight>();
let timer: ReturnType<typeof setTimeout> | null = null;

/** Puts looks into the fleet on screen, soon. */
export function takeSights(sights: Record<string, GatewaySight>): void {
  for (const [name, sight] of Object.entries(sights)) waiting.set(name, sight);
  timer ??= setTimeout(flush, gatherMilliseconds);
}

function flush(): void {
  const fresh = new Map([...waiting].slice(0, rowsAtOnce));
  waiting = new Map([...waiting].slice(rowsAtOnce));
  timer = waiting.size === 0 ? null : setTimeout(flush, 0);
  for (const [name, sight] of fresh) noteQueue(name, sight, Date.now());
  queryClient.setQueriesData<FleetRow[]>({ queryKey: ['fleet:list'] }, (rows) => rows && withSights(rows, fresh));
}

/** The rows with these looks in them; rows without a new look stay the same objects, so that nothing else is drawn. */
export function withSights(rows: FleetRow[], fresh: ReadonlyMap<string, GatewaySight>): FleetRow[] {
  return rows.map((row) => {
    const sight = fresh.get(row.name);
    if (sight === undefined) return row;
    const { status } = sight;
    const trend = status === null ? row.trend : [...row.trend, status.connections.now].slice(-trendLength);
    return { ...row, trend, sight };
  });
}

function noteQueue(name: string, { status }: GatewaySight, now: number): void {
  const messages = status?.queue?.messages;
  if (messages === undefined) return;
  const kept = (queues.get(name) ?? []).filter((sample) => now - sample.at < growthMilliseconds);
  queues.set(name, [...kept, { at: now, messages }]);
}

/** Messages that the gateway's queue gained within the last ten minutes; 0 where it does not grow. */
export function queueGrowth(name: string): number {
  const samples = queues.get(name) ?? [];
  const [first, last] = [samples[0]?.messages ?? 0, samples.at(-1)?.messages ?? 0];
  const gained = last - first;
  return gained >= growthMessages && gained >= first / 5 ? gained : 0;
}
