// The items of one run as the operator sees them: many small acts of the script under a few names, each change told.
import type { EnrolItem } from '#contract/enrolment';
import type { ScriptLine } from './host-shell.ts';

export type EnrolItems = {
  set(id: string, state: EnrolItem['state'], detail?: string): void;
  /** Takes an `item` or `phase` line of the script; others are none of its business. */
  take(line: ScriptLine): void;
  list(): EnrolItem[];
};

/** By the script's name: the item that it counts for. */
const itemOf: Readonly<Record<string, string>> = {
  lib: 'agent',
  link: 'agent',
  'local-bin': 'agent',
  group: 'users',
  'user-postern': 'users',
  'user-deploy': 'users',
  'dir-state': 'folders',
  'dir-releases': 'folders',
  'dir-queue': 'folders',
  'dir-events': 'folders',
  'dir-run': 'folders',
  'dir-home': 'management-key',
  'dir-ssh': 'management-key',
  key: 'management-key',
  unit: 'service',
  runner: 'service',
  started: 'service',
};

const words: Readonly<Record<string, string>> = {
  agent: 'The agent in /usr/local/lib/postern',
  users: 'Users postern and postern-deploy',
  folders: 'Folders below /var/lib/postern',
  'management-key': 'The management key',
  service: 'The daemon and what starts it',
  configuration: 'The first configuration',
  proof: 'The gateway answers and runs it',
  record: 'The gateway in the fleet',
};

/** A later act of the same item does not hide what an earlier one said: that something was done, or failed. */
const weight: Readonly<Record<EnrolItem['state'], number>> = {
  'to-do': 0,
  doing: 1,
  there: 2,
  done: 3,
  undone: 3,
  failed: 4,
  obstacle: 4,
};

const states = Object.keys(weight) as EnrolItem['state'][];

/** Starts with what the look at the host found; `known` gives the words. */
export function createEnrolItems(known: readonly EnrolItem[], onItem: (item: EnrolItem) => void): EnrolItems {
  const items = new Map(known.map((item) => [item.id, item]));
  const acted = new Map<string, EnrolItem['state']>();
  const set = (id: string, state: EnrolItem['state'], detail?: string) => {
    const item: EnrolItem = { id, words: items.get(id)?.words ?? words[id] ?? id, state };
    if (detail !== undefined && detail !== '') item.detail = detail;
    items.set(id, item);
    onItem(item);
  };
  return {
    set,
    take([kind, name = '', rawState = '', detail]) {
      if (kind === 'phase') acted.clear(); // what is undone now counts, not what was done
      const state = states.find((one) => one === rawState);
      if (kind !== 'item' || state === undefined) return;
      const id = itemOf[name] ?? name;
      const before = acted.get(id);
      if (state === 'doing') return before === undefined ? set(id, state) : undefined;
      const next = before === undefined || weight[state] >= weight[before] ? state : before;
      acted.set(id, next);
      set(id, next, detail);
    },
    list: () => [...items.values()],
  };
}
