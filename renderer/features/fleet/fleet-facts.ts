// What the fleet table shows, sorts and searches by, drawn from a row once: rows that did not change are not read again.
import type { FleetRow } from '#ipc';
import type { GatewayState } from '#contract/push';
import type { StatusReply } from '#contract/replies';
import { queueGrowth } from '../../api/fleet-sights.ts';
import { stateLooks } from '../../components/gateway-state.tsx';

/** A gateway whose file cannot be read has a state of its own. */
export type RowState = GatewayState | 'unreadable';

/** Everything of a row that is a word or a number. */
export type RowFacts = {
  state: RowState;
  /** Lower case: name, address, state, group, tags, what is wrong. */
  text: string;
  listener: string | null;
  isDaemonDown: boolean;
  connections: { now: number; limit: number | null } | null;
  /** null: no TLS; undefined: never seen. */
  expiresAt: number | null | undefined;
  isTlsRequired: boolean;
  queue: { messages: number; oldestAgeSeconds: number | null; stoppedBecause: string | null; growth: number } | null;
  agentVersion: string | null;
  seenAt: number | null;
  pushedAt: number | null;
};

const known = new WeakMap<FleetRow, RowFacts>();

/** The facts of this row object. */
export function factsOf(row: FleetRow): RowFacts {
  const found = known.get(row);
  if (found !== undefined) return found;
  const facts = readFacts(row);
  known.set(row, facts);
  return facts;
}

function readFacts(row: FleetRow): RowFacts {
  const { status, seenAt, problem, state: seen } = row.sight;
  const state = row.unreadable === null ? seen : 'unreadable';
  const words = state === 'unreadable' ? 'unreadable file' : stateLooks[state].words;
  const text = [row.name, row.ssh?.host, words, row.group, ...row.tags, problem?.message, row.lastPush?.by];
  return {
    state,
    text: text
      .filter((part) => part !== undefined && part !== null)
      .join(' ')
      .toLowerCase(),
    listener: status === null ? null : listenerWords(status),
    isDaemonDown: status !== null && !status.daemonAnswers,
    connections: status === null ? null : { now: status.connections.now, limit: status.connections.limit },
    expiresAt:
      status === null ? undefined : status.certificate === null ? null : Date.parse(status.certificate.notAfter),
    isTlsRequired: status?.config?.connections.tls.requiresStartTls ?? false,
    queue: status === null || status.queue === null ? null : { ...status.queue, growth: queueGrowth(row.name) },
    agentVersion: status?.agentVersion ?? null,
    seenAt: seenAt === null ? null : Date.parse(seenAt),
    pushedAt: row.lastPush === null ? null : Date.parse(row.lastPush.at),
  };
}

/** 'all:25', 'loopback:2525', '192.0.2.7, 2001:db8::7:25' as short as it can be said. */
function listenerWords(status: StatusReply): string | null {
  const ports = [...new Set(status.listeners.map((listener) => listener.port))];
  if (ports.length === 0) return null;
  const kind = status.config?.connections.interface.listenOn.kind;
  const addresses = [...new Set(status.listeners.map((listener) => listener.address))];
  const where = kind === 'loopback' || kind === 'all' ? kind : addresses.join(', ');
  return `${where}:${ports.join(',')}`;
}
