// Three ways of one configuration put side by side: what was pushed from here, what is saved here, what lies there.
import { describeDifference, type Change, type Snapshot } from '#contract/difference';
import type { Revision } from '#contract/files';
import type { GatewaySight } from '#contract/push';
import type { Scope } from '#contract/scope';

/** A field that both sides changed to something else, in words (the same shape as in the window's contract). */
export type FieldConflict = {
  id: string;
  scope: Scope;
  label: string;
  base: string;
  ours: string;
  theirs: string;
};

/** What runs there and was not made here (the same shape as in the window's contract). */
export type DriftReport = {
  gateway: string;
  sight: GatewaySight;
  base: Revision | null;
  running: Revision | null;
  author: string | null;
  at: string | null;
  difference: Change[];
  conflicts: FieldConflict[];
  limits: string[];
};

export type ThreeWays = { gateway: string; base: Snapshot | null; ours: Snapshot; theirs: Snapshot };

/** What they changed, and where that meets a change of ours. Without a base, everything in which the two differ. */
export function compareThreeWays({
  gateway,
  base,
  ours,
  theirs,
}: ThreeWays): Pick<DriftReport, 'difference' | 'conflicts'> {
  if (base === null) return { difference: describeDifference(ours, theirs), conflicts: [] };
  const difference = describeDifference(base, theirs);
  const changedHere = new Map(describeDifference(base, ours).map((change) => [change.field, change]));
  const stillApart = new Set(describeDifference(ours, theirs).map(({ field }) => field));
  const conflicts = difference.flatMap((change): FieldConflict[] => {
    const here = changedHere.get(change.field);
    if (here === undefined || !stillApart.has(change.field)) return [];
    const { field, label, before, after } = change;
    const scope: Scope = { kind: 'gateway', name: gateway };
    return [{ id: field, scope, label, base: before, ours: here.after, theirs: after }];
  });
  return { difference, conflicts };
}
