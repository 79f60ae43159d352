// A rollout as a picture: one line of cells a wave, one cell a gateway. Only lines in sight are drawn, whatever their
// number; the list below says the same in words.
import { useRef } from 'react';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { RolloutMember } from '#contract/rollout';
import { memberKind, memberLooks } from './rollout-looks.tsx';
import classes from './rollout.module.css';

const lineHeight = 20;
/** A cell with its gap, and the label before the cells; see rollout.module.css. */
const cellWidth = 14;
const labelWidth = 84;
/** Higher, and the list has no room. */
const highest = 180;

type Line = { label: string; members: RolloutMember[] };

function cutIntoLines(members: readonly RolloutMember[], cells: number): Line[] {
  const waves = new Map<number, RolloutMember[]>();
  for (const member of members) {
    const wave = waves.get(member.wave);
    if (wave === undefined) waves.set(member.wave, [member]);
    else wave.push(member);
  }
  const sorted = [...waves].toSorted(([a], [b]) => a - b);
  return sorted.flatMap(([wave, all]) => {
    const label = wave === 0 ? (all.length === 1 ? 'Canary' : 'Canaries') : `Batch ${wave}`;
    const count = Math.ceil(all.length / cells);
    return Array.from({ length: count }, (_, at) => ({
      label: at === 0 ? label : '',
      members: all.slice(at * cells, (at + 1) * cells),
    }));
  });
}

/** Waves from top to bottom. */
export function MemberGrid({ members, label }: { members: readonly RolloutMember[]; label: string }) {
  const scroll = useRef<HTMLDivElement>(null);
  const { ref: sized, width } = useElementSize<HTMLDivElement>();
  const merged = useMergedRef(scroll, sized);
  const cells = Math.max(10, Math.floor((width - labelWidth) / cellWidth));
  const lines = width === 0 ? [] : cutIntoLines(members, cells);
  // oxlint-disable-next-line react/incompatible-library -- the React Compiler is not in use
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => lineHeight,
    overscan: 4,
    useFlushSync: false,
  });
  const height = Math.min(highest, lines.length * lineHeight);
  return (
    // A region that scrolls must be reachable by keyboard (axe: scrollable-region-focusable).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={merged} className={classes['grid']} style={{ height }} tabIndex={0} role="img" aria-label={label}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div key={index} className={classes['gridLine']} style={{ transform: `translateY(${start}px)` }}>
            <span className={classes['gridLabel']}>{lines[index]?.label}</span>
            {lines[index]?.members.map((member) => {
              const kind = memberKind(member);
              return (
                <i key={member.gateway} data-kind={kind} title={`${member.gateway}: ${memberLooks[kind].words}`} />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
