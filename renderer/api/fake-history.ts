// The history of the fake fleet: two thousand saves of a team, and what lies between any two of them.
import type { GatewayDifference, HistoryEntry } from '#ipc';
import type { Change } from '#contract/difference';
import { done, failed } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { wait, type Part, type World } from './fake-answers.ts';
import { fakeRevision } from './fake-fleet.ts';

const saves = 2_000;
const hour = 3_600_000;
const people = ['m.lindqvist', 'j.novak', 'a.okafor', 'ci'];

const kinds: { words: (name: string) => string; body?: string; scopes: (name: string, all: string[]) => Scope[] }[] = [
  { words: (name) => `${name}: deny list + 3 entries`, scopes: (name) => [{ kind: 'gateway', name }] },
  {
    words: () => 'Disconnect after: 5 minutes → 7 minutes',
    body: 'Ticket 4711: slow senders of the insurance.',
    scopes: () => [{ kind: 'group', name: 'edge' }],
  },
  { words: (name) => `Push ${name}`, scopes: (name) => [{ kind: 'gateway', name }] },
  { words: () => 'Minimum TLS for the whole fleet', scopes: () => [{ kind: 'fleet' }] },
  {
    words: (name) => `Move ${name} and others to edge`,
    scopes: (_name, all) => all.map((each) => ({ kind: 'gateway' as const, name: each })),
  },
];

function commitOf(at: number): string {
  return fakeRevision(`commit ${at}`).slice(0, 40);
}

function entryAt(at: number, names: string[]): HistoryEntry {
  const kind = kinds[at % kinds.length] ?? kinds[0];
  const name = names[at % Math.max(1, names.length)] ?? 'mx1';
  return {
    commit: commitOf(at),
    parent: at === saves - 1 ? null : commitOf(at + 1),
    at: new Date(Date.now() - (at * at * 0.003 + at * 2.3 + 0.1) * hour).toISOString(),
    author: people[(at * 7) % people.length] ?? 'ci',
    words: kind?.words(name) ?? '',
    body: kind?.body ?? '',
    scopes: kind?.scopes(name, names) ?? [],
  };
}

const changes: Change[] = [
  {
    section: 'SMTP Interface',
    field: 'connections.interface.idleTimeoutMinutes',
    label: 'Disconnect after',
    before: '5 minutes',
    after: '7 minutes',
  },
  {
    section: 'Connection Control',
    field: 'connections.control.denyList',
    label: 'Deny list',
    before: '1,204 entries',
    after: '1,207 entries',
    added: ['192.0.2.0/24 # bulk sender, ticket 4711', '198.51.100.23', '2001:db8:10ff::/48 # open proxies'],
    removed: [],
  },
];

function differences(scope: Scope, names: string[]): GatewayDifference[] {
  if (scope.kind === 'gateway') return [{ gateway: scope.name, difference: changes, words: null }];
  return names.map((gateway, at) =>
    at === 2
      ? { gateway, difference: [], words: 'Its pinned host keys change.' }
      : { gateway, difference: changes, words: null },
  );
}

/** The calls history:*; an empty fleet has no save yet. */
export function fakeHistoryAnswers(world: World): Part<'history'> {
  const names = (): string[] => world.rows.slice(0, 8).map(({ name }) => name);
  return {
    'history:log': async ({ scope, after, limit = 100 }) => {
      await wait(250);
      if (world.rows.length === 0) return done({ entries: [], next: null });
      const all = Array.from({ length: saves }, (_, at) => entryAt(at, names()));
      const mine = all.filter(
        ({ scopes }) => scope === null || scopes.some((each) => JSON.stringify(each) === JSON.stringify(scope)),
      );
      const from = mine.findIndex(({ commit }) => commit === after) + 1;
      const entries = mine.slice(from, from + limit);
      return done({ entries, next: from + limit < mine.length ? (entries.at(-1)?.commit ?? null) : null });
    },
    'history:compare': async ({ scope, from }) => {
      await wait(500);
      if (from === commitOf(4)) return failed('folder-unreadable', 'groups/edge.yaml of then cannot be read.');
      return done(from === commitOf(3) ? [] : differences(scope, names()));
    },
    'history:preview-restore': async ({ scope }) => {
      await wait(500);
      const found = differences(scope, names());
      return done({ touched: found.map(({ gateway }) => gateway), differences: found });
    },
    'history:restore': async ({ scope }) => {
      await wait(400);
      return done({ commit: commitOf(0), touched: differences(scope, names()).map(({ gateway }) => gateway) });
    },
    'history:ran': async ({ name, at }) => {
      await wait(400);
      if (name === 'lab')
        return done({ revision: null, pushedAt: null, by: null, commit: null, difference: [], words: null });
      return done({
        revision: fakeRevision(name),
        pushedAt: new Date(Date.parse(at) - 3 * hour).toISOString(),
        by: 'a.okafor',
        commit: name === 'mx2' ? null : commitOf(7),
        difference: changes,
        words: name === 'mx2' ? 'No state in this history makes r 0a1b2c3d4e5f: it was taken from elsewhere.' : null,
      });
    },
  };
}
