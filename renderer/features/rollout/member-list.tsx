// The gateways of a rollout with how each ended; those that want a look stand first. Only lines in sight are drawn.
import { useCallback, useMemo, useState, type KeyboardEvent } from 'react';
import { SegmentedControl, Text } from '@mantine/core';
import type { PushStep } from '#contract/push';
import type { RolloutMember } from '#contract/rollout';
import { describeResult } from '../../components/describe-result.ts';
import { formatCount, formatTaken } from '../../components/format-time.ts';
import { moveTarget, readGridKey } from '../../components/grid-keys.ts';
import { stepNames } from '../../components/step-names.ts';
import { useVirtualRows, VirtualGrid } from '../../components/virtual-grid.tsx';
import { memberKind, memberLooks, type MemberKind } from './rollout-looks.tsx';
import type { Steps } from './use-rollout.ts';
import classes from './rollout.module.css';

/** What wants a look first, what has not begun last. */
const order: MemberKind[] = ['failed', 'unsure', 'running', 'asAsked', 'waiting', 'skipped'];
type Filter = 'all' | MemberKind;

type Props = { members: readonly RolloutMember[]; steps: Steps; onOpen: (gateway: string) => void };

/** Filter and lines. */
export function MemberList({ members, steps, onOpen }: Props) {
  const [filter, setFilter] = useState<Filter>('all');
  const sorted = useMemo(
    () => order.map((kind) => ({ kind, mine: members.filter((member) => memberKind(member) === kind) })),
    [members],
  );
  const shown = sorted.filter(({ kind }) => filter === 'all' || kind === filter).flatMap(({ mine }) => mine);
  return (
    <>
      <div className={classes['listHead']}>
        <SegmentedControl
          size="xs"
          aria-label="Which gateways"
          value={filter}
          onChange={(value) => setFilter(value)}
          data={[
            { value: 'all', label: `All ${formatCount(members.length)}` },
            ...sorted
              .filter(({ kind, mine }) => mine.length > 0 || kind === filter)
              .map(({ kind, mine }) => ({
                value: kind,
                label: `${memberLooks[kind].words} ${formatCount(mine.length)}`,
              })),
          ]}
        />
      </div>
      {shown.length === 0 && (
        <Text px="lg" c="dimmed">
          No gateway is in this state now.
        </Text>
      )}
      <Lines members={shown} steps={steps} onOpen={onOpen} />
    </>
  );
}

function Lines({ members, steps, onOpen }: Props) {
  const keyOf = useCallback((index: number) => members[index]?.gateway ?? String(index), [members]);
  const rows = useVirtualRows({ count: members.length, keyOf });
  const [active, setActive] = useState(0);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const key = readGridKey(event);
    const member = members[active];
    if (key?.kind === 'move') {
      event.preventDefault();
      const to = moveTarget(key.by, active, members.length);
      setActive(to);
      rows.reveal(to);
    } else if (key?.kind === 'edit' && member !== undefined) {
      event.preventDefault();
      onOpen(member.gateway);
    }
  };
  return (
    <VirtualGrid
      rows={rows}
      className={classes['list']}
      label="Gateways of this rollout: arrows move, Enter shows how it went"
      active={active}
      rowId="member"
      onKeyDown={onKeyDown}
    >
      {({ index, top }) => {
        const member = members[index];
        if (member === undefined) return null;
        return (
          <Line
            key={member.gateway}
            member={member}
            step={steps.get(member.gateway)}
            position={index}
            top={top}
            isActive={index === active}
            measure={rows.measure}
            onOpen={() => {
              setActive(index);
              onOpen(member.gateway);
            }}
          />
        );
      }}
    </VirtualGrid>
  );
}

type LineProps = {
  member: RolloutMember;
  step: PushStep | undefined;
  position: number;
  top: number;
  isActive: boolean;
  measure: (row: HTMLElement | null) => void;
  onOpen: () => void;
};

function Line({ member, step, position, top, isActive, measure, onOpen }: LineProps) {
  const kind = memberKind(member);
  const look = memberLooks[kind];
  const told = tell(member, step);
  const { startedAt, endedAt } = member;
  return (
    // The grid takes the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      ref={measure}
      data-index={position}
      id={`member-${position}`}
      role="row"
      aria-rowindex={position + 1}
      className={isActive ? `${classes['line']} ${classes['active']}` : classes['line']}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onOpen}
    >
      <span role="gridcell" className={classes['state']} style={{ color: `var(--tone-${look.color})` }}>
        <look.Icon size={16} />
        {look.words}
      </span>
      <span role="gridcell" className={classes['who']}>
        {member.gateway}
      </span>
      <span role="gridcell" className={classes['dim']}>
        {member.wave === 0 ? 'canary' : `batch ${member.wave}`}
      </span>
      <span role="gridcell" className={classes['told']} title={told.words}>
        {told.words}
      </span>
      <span role="gridcell" className={classes['took']}>
        {startedAt !== null && endedAt !== null && formatTaken(Date.parse(endedAt) - Date.parse(startedAt))}
      </span>
      {told.more !== '' && (
        <span role="gridcell" className={classes['more']} title={told.more}>
          {told.more}
        </span>
      )}
    </div>
  );
}

/** One line where all is well; else why, and what to do, which must not be cut off. */
function tell({ gateway, result, state }: RolloutMember, step: PushStep | undefined): { words: string; more: string } {
  if (result === null) return { words: state === 'running' && step !== undefined ? stepNames[step] : '', more: '' };
  const { tone, title, lines } = describeResult(gateway, result);
  return { words: title, more: tone === 'good' ? '' : lines.join(' ') };
}
