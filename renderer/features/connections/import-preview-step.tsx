// Second step of an import: counts by kind, and the lines of the chosen kind, drawn only where they are in sight.
import { useEffect, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCircleX, IconEqual, IconStack2 } from '@tabler/icons-react';
import { previewKinds, type PreviewKind, type PreviewLine, type PreviewSummary } from '../../workers/list-protocol.ts';
import classes from './import-dialog.module.css';
import { createRowCache } from './row-cache.ts';

type FetchLines = (kind: PreviewKind, offset: number, count: number) => Promise<PreviewLine[]>;

const kinds: Record<PreviewKind, { label: string; Icon: typeof IconCheck; explains: string }> = {
  added: { label: 'Added', Icon: IconCheck, explains: 'New to the list.' },
  already: {
    label: 'Already there',
    Icon: IconEqual,
    explains: 'In the list, or earlier in this file. The current note stays.',
  },
  covered: {
    label: 'Covered',
    Icon: IconStack2,
    explains: 'A wider entry holds them already. They are added all the same.',
  },
  normalised: {
    label: 'Normalised',
    Icon: IconAlertTriangle,
    explains: 'Written differently from what they mean; this is what they become.',
  },
  refused: { label: 'Refused', Icon: IconCircleX, explains: 'Not an entry. These lines are left out.' },
};

/** What needs a look comes first: refusals, then what was changed, then the rest. */
function firstKind({ counts }: PreviewSummary): PreviewKind {
  return (['refused', 'normalised', 'added', 'already'] as const).find((kind) => counts[kind] > 0) ?? 'added';
}

/** The preview. */
export function ImportPreviewStep({ preview, lines }: { preview: PreviewSummary; lines: FetchLines }) {
  const [kind, setKind] = useState(() => firstKind(preview));
  return (
    <>
      <div className={classes['kinds']} role="group" aria-label="Lines by what becomes of them">
        {previewKinds.map((name) => {
          const { label, Icon } = kinds[name];
          return (
            <UnstyledButton
              key={name}
              className={classes['kind'] ?? ''}
              aria-pressed={name === kind}
              data-tone={preview.counts[name] > 0 ? name : 'none'}
              onClick={() => setKind(name)}
            >
              <span className={classes['kindCount']}>{preview.counts[name].toLocaleString('en')}</span>
              <span className={classes['kindLabel']}>
                <Icon size={14} aria-hidden /> {label}
              </span>
            </UnstyledButton>
          );
        })}
      </div>
      <p className={classes['explains']} role="status">
        {kinds[kind].explains} {preview.lines.toLocaleString('en')} lines read in{' '}
        {(preview.milliseconds / 1000).toFixed(2)} s.
      </p>
      <Lines key={kind} kind={kind} count={preview.counts[kind]} lines={lines} />
    </>
  );
}

function Lines({ kind, count, lines }: { kind: PreviewKind; count: number; lines: FetchLines }) {
  const scroll = useRef<HTMLDivElement>(null);
  const [, redraw] = useState(0);
  const [rows] = useState(() =>
    createRowCache(
      async (offset, wanted) => ({ revision: 0, rows: await lines(kind, offset, wanted) }),
      () => redraw((times) => times + 1),
    ),
  );
  // oxlint-disable-next-line react/incompatible-library -- the React Compiler is not in use
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => 30,
    overscan: 8,
    useFlushSync: false,
  });
  const items = virtual.getVirtualItems();
  useEffect(() => {
    const [first, last] = [items[0], items.at(-1)];
    if (first !== undefined && last !== undefined) rows.need({ first: first.index, last: last.index, revision: 0 });
  });
  return (
    <div
      ref={scroll}
      className={classes['lines']}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by key
      tabIndex={0}
      role="table"
      aria-label={kinds[kind].label}
      aria-rowcount={count}
    >
      {count === 0 && (
        <div role="row" className={classes['none']}>
          <span role="cell">No such line.</span>
        </div>
      )}
      <div className={classes['body']} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => (
          <Line key={item.key} position={item.index} top={item.start} line={rows.at(item.index)} />
        ))}
      </div>
    </div>
  );
}

function Line({ position, top, line }: { position: number; top: number; line: PreviewLine | undefined }) {
  return (
    <div
      role="row"
      aria-rowindex={position + 1}
      className={classes['line']}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell" className={classes['number']}>
        {line?.line.toLocaleString('en')}
      </span>
      <span role="cell" className={classes['text']} title={line?.text ?? ''}>
        {line?.text}
        {line !== undefined && line.became !== null && <b> → {line.became}</b>}
      </span>
      <span role="cell" className={classes['words']} title={line?.words ?? ''}>
        {line?.words}
      </span>
    </div>
  );
}
