// A thousand gateways in groups, with tags, for `vite dev?fake=many`: what they are follows from their number.
import type { FleetRow, GroupRow } from '#ipc';
import type { GatewaySight, GatewayState } from '#contract/push';
import { fakeCertificate, fakeRevision, fakeRow } from './fake-fleet.ts';

const places = ['ams', 'fra', 'par', 'lon', 'waw', 'nyc', 'sjc', 'sin', 'syd', 'gru'];
const people = ['m.lindqvist', 'j.novak', 'a.okafor', 'ci'];
const hour = 3_600_000;

/** edge with ten places, core with two halves, and a lab. */
export const manyGroups: GroupRow[] = [
  { name: 'edge', parent: null },
  ...places.map((place) => ({ name: `edge-${place}`, parent: 'edge' })),
  { name: 'core', parent: null },
  { name: 'core-a', parent: 'core' },
  { name: 'core-b', parent: 'core' },
  { name: 'lab', parent: null },
].map((group) => ({ ...group, gateways: 0, overrides: group.parent === null ? 6 : 1, unreadable: null }));

function stateOf(number: number): GatewayState {
  if (number % 97 === 0) return 'unreachable';
  if (number % 151 === 0) return 'conflict';
  if (number % 83 === 0) return 'changed-there';
  if (number % 199 === 0) return 'pending-confirmation';
  if (number % 61 === 0) return 'unknown';
  return number % 23 === 0 ? 'changed-here' : 'in-sync';
}

function groupOf(number: number): string | null {
  if (number > 990) return null;
  if (number > 970) return 'lab';
  if (number > 840) return number % 2 === 0 ? 'core-a' : 'core-b';
  return `edge-${places[number % places.length] ?? 'ams'}`;
}

function tagsOf(number: number): string[] {
  return [
    ...(number % 3 === 0 ? ['customer'] : []),
    ...(number % 7 === 0 ? ['rack-7'] : []),
    ...(number % 50 === 0 ? ['canary'] : []),
  ];
}

/** Connections that rise and fall over a day. */
function trendOf(number: number): number[] {
  const size = 20 + ((number * 7919) % 900);
  return Array.from({ length: 60 }, (_, at) =>
    Math.round(size * (0.6 + 0.3 * Math.sin(at / 9 + number) + 0.1 * Math.sin(at * 1.7 + number))),
  );
}

/** One of the thousand. */
export function manyRow(number: number): FleetRow {
  const group = groupOf(number);
  const name = `${group ?? 'mx'}-${String(number).padStart(4, '0')}`;
  const state = stateOf(number);
  const trend = trendOf(number);
  const row = fakeRow(name);
  const daysLeft = number % 71 === 0 ? -2 : number % 29 === 0 ? 5 : number % 13 === 0 ? 25 : 40 + ((number * 31) % 320);
  return {
    ...row,
    group,
    tags: tagsOf(number),
    trend: state === 'unknown' ? [] : trend,
    hasUnpushedChanges: state === 'changed-here' || state === 'conflict',
    lastPush: {
      revision: fakeRevision(name),
      at: new Date(Date.now() - ((number * 37) % 900) * hour).toISOString(),
      by: people[number % people.length] ?? 'ci',
      pushId: crypto.randomUUID(),
    },
    sight: manySight(name, number, { state, now: trend.at(-1) ?? 0, daysLeft }),
  };
}

function manySight(
  name: string,
  number: number,
  { state, now, daysLeft }: { state: GatewayState; now: number; daysLeft: number },
): GatewaySight {
  if (state === 'unknown') return { state, seenAt: null, status: null, problem: null };
  const seenAt = new Date().toISOString();
  if (state === 'unreachable') {
    const message = `${name}.example.net port 22 does not answer (timed out after 10 seconds).`;
    return { state, seenAt, status: null, problem: { code: 'unreachable', message } };
  }
  const { status } = fakeRow(name).sight;
  if (status === null) return { state: 'unknown', seenAt: null, status: null, problem: null };
  return {
    state,
    seenAt,
    problem: null,
    status: {
      ...status,
      agentVersion: number % 17 === 0 ? '0.3.2' : '0.4.0',
      connections: { now, limit: number % 5 === 0 ? null : 1000, peak: now * 2 },
      certificate: number % 41 === 0 ? null : fakeCertificate(`${name}.example.net`, daysLeft),
      queue: {
        messages: number % 101 === 0 ? 1200 + (Math.round(Date.now() / 1000) % 900) : number % 9,
        bytes: 40_000,
        oldestAgeSeconds: number % 9 === 0 ? null : 120 * (number % 40),
        damaged: 0,
        stoppedBecause: null,
      },
    },
  };
}
