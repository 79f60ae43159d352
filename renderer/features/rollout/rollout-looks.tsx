// The state of a rollout and of its members as icon, colour and word, the same on every screen.
import type { ComponentType } from 'react';
import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleX,
  IconHelpCircle,
  IconLoader2,
  IconPlayerPause,
} from '@tabler/icons-react';
import type { Rollout, RolloutMember, RolloutSummary } from '#contract/rollout';
import { formatCount } from '../../components/format-time.ts';
import classes from './rollout.module.css';

type Look = { words: string; color: string; Icon: ComponentType<{ size?: number; color?: string }> };

const stateLooks: Record<Rollout['state'], Look> = {
  running: { words: 'Running', color: 'accent', Icon: IconLoader2 },
  paused: { words: 'Paused', color: 'yellow', Icon: IconPlayerPause },
  stopped: { words: 'Stopped', color: 'red', Icon: IconCircleX },
  cancelled: { words: 'Cancelled', color: 'gray', Icon: IconBan },
  finished: { words: 'Finished', color: 'green', Icon: IconCircleCheck },
  interrupted: { words: 'Interrupted', color: 'yellow', Icon: IconAlertTriangle },
};

/** Finished is green only when everybody ended as asked. */
export function RolloutState({ rollout }: { rollout: Counted }) {
  const { state, counts } = rollout;
  const look =
    state === 'finished' && counts.failed > 0
      ? { words: 'Finished with failures', color: 'yellow', Icon: IconAlertTriangle }
      : stateLooks[state];
  return (
    <span className={classes['state']} style={{ color: `var(--tone-${look.color})` }}>
      <look.Icon size={16} />
      {look.words}
    </span>
  );
}

/** How one gateway stands, in one word for picture, filter and list. */
export type MemberKind = 'asAsked' | 'failed' | 'unsure' | 'running' | 'waiting' | 'skipped';

export const memberLooks: Record<MemberKind, Look> = {
  failed: { words: 'Failed', color: 'red', Icon: IconCircleX },
  unsure: { words: 'Not known', color: 'yellow', Icon: IconHelpCircle },
  running: { words: 'Running', color: 'accent', Icon: IconLoader2 },
  asAsked: { words: 'As asked', color: 'green', Icon: IconCircleCheck },
  waiting: { words: 'Waiting', color: 'gray', Icon: IconCircleDashed },
  skipped: { words: 'Skipped', color: 'gray', Icon: IconCircleMinus },
};

/** Only proved and confirmed counts as asked; an end that nobody knows is no failure that is known. */
export function memberKind({ state, result }: RolloutMember): MemberKind {
  if (state !== 'ended') return state;
  if (result === null || result.kind === 'unknown') return 'unsure';
  return result.kind === 'applied' || result.kind === 'unchanged' ? 'asAsked' : 'failed';
}

const barParts = [
  { kind: 'asAsked', color: 'green', words: 'ended as asked' },
  { kind: 'failed', color: 'red', words: 'failed' },
  { kind: 'running', color: 'accent', words: 'running' },
  { kind: 'waiting', color: 'gray', words: 'waiting' },
  { kind: 'skipped', color: 'gray', words: 'skipped' },
] as const;

type Counted = Pick<RolloutSummary, 'state' | 'counts'>;

/** '212 ended as asked, 3 failed, 20 running, 105 waiting'. */
export function describeCounts({ state, counts }: Counted): string {
  return barParts
    .filter(({ kind }) => counts[kind] > 0)
    .map(({ kind, words }) => {
      const isCutOff = kind === 'running' && state === 'interrupted';
      return `${formatCount(counts[kind])} ${isCutOff ? 'cut off in the middle' : words}`;
    })
    .join(', ');
}

/** All gateways of a rollout in one bar. */
export function RolloutBar({ rollout, isLarge = false }: { rollout: Counted; isLarge?: boolean }) {
  return (
    <div className={classes['bar']} data-large={isLarge || undefined} role="img" aria-label={describeCounts(rollout)}>
      {barParts.map(({ kind, color }) => (
        <span
          key={kind}
          data-kind={kind}
          style={{ flexGrow: rollout.counts[kind], background: `var(--tone-${color})` }}
        />
      ))}
    </div>
  );
}
