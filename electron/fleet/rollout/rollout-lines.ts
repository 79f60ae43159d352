// What a rollout's file says: a first line with what was asked, then one line for each thing that happened. A state is
// never written as such: it follows from the lines, so that a line that was lost can only make us ask once more.
import { z } from 'zod';
import { Revision } from '#contract/files';
import { PushResult } from '#contract/push';
import { RolloutOptions, RolloutState, type Rollout, type RolloutMember } from '#contract/rollout';

/** The first line. */
export const RolloutHeader = z.object({
  id: z.uuid(),
  startedAt: z.string(),
  by: z.string(),
  /** The folder whose gateways these are: another one may have gateways of the same names. */
  fleetFolder: z.string(),
  options: RolloutOptions,
  members: z.array(z.object({ gateway: z.string(), wave: z.int(), revision: Revision.nullable() })),
});
export type RolloutHeader = z.infer<typeof RolloutHeader>;

const At = z.object({ at: z.string() });

/** Any other line. */
export const RolloutLine = z.discriminatedUnion('event', [
  At.extend({ event: z.literal('started'), gateway: z.string(), pushId: z.string() }),
  At.extend({ event: z.literal('ended'), gateway: z.string(), result: PushResult }),
  /** An attempt was cut off by an interruption of ours; null: nothing of it had arrived. */
  At.extend({ event: z.literal('waits-again'), gateway: z.string(), earlier: PushResult.nullable() }),
  At.extend({ event: z.literal('state'), state: RolloutState, because: z.string().nullable() }),
]);
export type RolloutLine = z.infer<typeof RolloutLine>;

/** A rollout before anything happened. */
export function rolloutFrom({ members, id, startedAt, by, options }: RolloutHeader): Rollout {
  const fresh = { state: 'waiting', pushId: null, result: null, startedAt: null, endedAt: null } as const;
  return {
    id,
    startedAt,
    endedAt: null,
    by,
    options,
    state: 'running',
    because: null,
    members: members.map((member) => ({ ...member, ...fresh, earlier: [] })),
  };
}

const lasting: readonly RolloutState[] = ['stopped', 'cancelled', 'finished'];

/** Keeps members at hand by name, for rollouts of thousands. */
export type FollowedRollout = { rollout: Rollout; byName: ReadonlyMap<string, RolloutMember> };

/** A rollout that lines can change. */
export function followable(rollout: Rollout): FollowedRollout {
  return { rollout, byName: new Map(rollout.members.map((member) => [member.gateway, member])) };
}

/** Makes one line count. A line about a gateway that is none of its members says nothing. */
export function followLine({ rollout, byName }: FollowedRollout, line: RolloutLine): void {
  if (line.event === 'state') {
    rollout.state = line.state;
    rollout.because = line.because;
    rollout.endedAt = lasting.includes(line.state) ? line.at : null;
    if (line.state !== 'cancelled') return;
    for (const member of rollout.members) if (member.state === 'waiting') member.state = 'skipped';
    return;
  }
  const member = byName.get(line.gateway);
  if (member === undefined) return;
  switch (line.event) {
    case 'started':
      Object.assign(member, { state: 'running', pushId: line.pushId, startedAt: line.at, result: null, endedAt: null });
      return;
    case 'ended':
      Object.assign(member, { state: 'ended', result: line.result, endedAt: line.at });
      return;
    case 'waits-again':
      Object.assign(member, { state: 'waiting', pushId: null, startedAt: null });
      if (line.earlier !== null) member.earlier.push(line.earlier);
  }
}
