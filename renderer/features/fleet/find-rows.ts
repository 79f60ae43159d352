// Which rows the search and the filters leave, and in which order. Pure.
import type { FleetRow } from '#ipc';
import { daysUntil } from '../../components/format-time.ts';
import { stateLooks } from '../../components/gateway-state.tsx';
import type { ColumnId } from './fleet-columns.ts';
import { factsOf, type RowFacts, type RowState } from './fleet-facts.ts';

/** Certificates are warned about this long before their end, as the judge of a release does. */
export const certificateWarningDays = 30;

/** What the table is narrowed to; an empty set does not narrow. */
export type FleetFilter = {
  query: string;
  states: readonly RowState[];
  tags: readonly string[];
  expiresSoon: boolean;
  needsPush: boolean;
  queueGrows: boolean;
};

/** Nothing is left out. */
export const noFilter: FleetFilter = {
  query: '',
  states: [],
  tags: [],
  expiresSoon: false,
  needsPush: false,
  queueGrows: false,
};

export type FleetSort = { column: ColumnId; isDescending: boolean };

/** Every word must occur somewhere in the row; of states and tags one must be true. */
export function findRows(rows: readonly FleetRow[], filter: FleetFilter, now: number): FleetRow[] {
  const words = filter.query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const facts = factsOf(row);
    if (!words.every((word) => facts.text.includes(word))) return false;
    if (filter.states.length > 0 && !filter.states.includes(facts.state)) return false;
    if (filter.tags.length > 0 && !filter.tags.some((tag) => row.tags.includes(tag))) return false;
    if (filter.expiresSoon && !isExpiringSoon(facts, now)) return false;
    if (filter.queueGrows && (facts.queue?.growth ?? 0) === 0) return false;
    return !filter.needsPush || row.hasUnpushedChanges;
  });
}

/** Expired, or within the time of warning. */
export function isExpiringSoon({ expiresAt }: RowFacts, now: number): boolean {
  if (expiresAt === null || expiresAt === undefined) return false;
  return daysUntil(new Date(expiresAt).toISOString(), now) < certificateWarningDays;
}

const collator = new Intl.Collator('en', { numeric: true });
/** States in the order of how soon somebody should look. */
const urgency: RowState[] = [
  'unreadable',
  'unreachable',
  'conflict',
  'changed-there',
  'pending-confirmation',
  'changed-here',
  'unknown',
  'in-sync',
];

type SortKey = string | number | null;

/** What a column sorts by; null stands last in both directions. */
function sortKey(row: FleetRow, column: ColumnId): SortKey {
  const facts = factsOf(row);
  switch (column) {
    case 'name':
      return row.name;
    case 'state':
      return urgency.indexOf(facts.state);
    case 'listener':
      return facts.listener;
    case 'connections':
      return facts.connections?.now ?? null;
    case 'tls':
      return facts.expiresAt ?? null;
    case 'queue':
      return facts.queue?.messages ?? null;
    case 'oldest':
      return facts.queue?.oldestAgeSeconds ?? null;
    case 'agent':
      return facts.agentVersion;
    case 'pushed':
      return facts.pushedAt;
    case 'group':
      return row.group;
    case 'tags':
      return row.tags.length === 0 ? null : row.tags.join(' ');
    case 'address':
      return row.ssh?.host ?? null;
    case 'revision':
      return row.sight.status?.runningRevision ?? null;
  }
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}

/** Sorted anew; equal ones stand by name, so that rows never change places without a reason. */
export function sortRows(rows: readonly FleetRow[], { column, isDescending }: FleetSort): FleetRow[] {
  const keyed = rows.map((row) => ({ row, key: sortKey(row, column) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) {
      if (a.key !== b.key) return a.key === null ? 1 : -1;
    } else {
      const order = compareKeys(a.key, b.key);
      if (order !== 0) return isDescending ? -order : order;
    }
    return collator.compare(a.row.name, b.row.name);
  });
  return keyed.map(({ row }) => row);
}

/** How many rows are in each state, the most urgent first; states that nobody is in are left out. */
export function countStates(rows: readonly FleetRow[]): { state: RowState; count: number }[] {
  const counts = new Map<RowState, number>();
  for (const row of rows) {
    const { state } = factsOf(row);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return urgency.flatMap((state) => {
    const count = counts.get(state);
    return count === undefined ? [] : [{ state, count }];
  });
}

/** The state's words, for filters and tool tips. */
export function stateWords(state: RowState): string {
  return state === 'unreadable' ? 'Unreadable file' : stateLooks[state].words;
}
