import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommitFacts, GitObjects } from '../../../../electron/store/history-objects.ts';
import { relate, walkCommits } from '../../../../electron/store/history-walk.ts';

/** Commits 0, 1, 2, …: each with parents among those before it, and a clock that may be wrong. */
const histories = fc
  .array(fc.record({ parents: fc.array(fc.nat(), { maxLength: 2 }), at: fc.nat(4) }), { minLength: 1, maxLength: 14 })
  .map((rows) =>
    rows.map(({ parents, at }, index) => ({
      parents: index === 0 ? [] : [...new Set(parents.map((each) => each % index))],
      at,
    })),
  );
type Rows = { parents: number[]; at: number }[];

function objectsOf(rows: Rows): GitObjects {
  const commit = (oid: string): Promise<CommitFacts | null> => {
    const row = rows[Number(oid)];
    if (row === undefined) return Promise.resolve(null);
    const parents = row.parents.map(String);
    return Promise.resolve({ oid, parents, committedAt: row.at, tree: '', author: '', at: '', message: '' });
  };
  const nothing = () => Promise.reject(new Error('not asked'));
  return { repository: { dir: '', prefix: '', gitFolder: '' }, commit, tree: nothing, blob: nothing, head: nothing };
}

function pastOf(rows: Rows, start: number): Set<number> {
  const past = new Set<number>();
  for (const open = [start]; open.length > 0;) {
    const next = open.pop() ?? 0;
    if (past.has(next)) continue;
    past.add(next);
    open.push(...(rows[next]?.parents ?? []));
  }
  return past;
}

describe('relate', () => {
  it('counts what only one side has, and finds a newest common commit, whatever the clocks say', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), fc.nat(), async (rows, one, other) => {
        const [ours, theirs] = [one % rows.length, other % rows.length];
        const [left, right] = [pastOf(rows, ours), pastOf(rows, theirs)];
        const common = [...left].filter((each) => right.has(each));

        const found = await relate(objectsOf(rows), { ours: String(ours), theirs: String(theirs) });

        expect([found.onlyLeft, found.onlyRight]).toEqual([left.size - common.length, right.size - common.length]);
        const base = found.base === null ? null : Number(found.base);
        expect(base === null).toBe(common.length === 0);
        if (base === null) return;
        expect(common).toContain(base);
        const descendants = common.filter((each) => each !== base && pastOf(rows, each).has(base));
        expect(descendants).toEqual([]);
      }),
    );
  });
});

describe('walkCommits', () => {
  it('gives every commit of the past once', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (rows) => {
        const walked: string[] = [];
        for await (const { oid } of walkCommits(objectsOf(rows), String(rows.length - 1))) walked.push(oid);

        expect(walked.toSorted()).toEqual([...pastOf(rows, rows.length - 1)].map(String).toSorted());
      }),
    );
  });
});
