// One save in the table.
import { memo } from 'react';
import type { HistoryEntry } from '#ipc';
import { formatAgo, formatMoment } from '../../components/format-time.ts';
import { ScopeChips } from './scope-chips.tsx';
import { shortCommit } from './short-commit.ts';
import classes from './history.module.css';

/** In a narrow window two names have room, but no third beside its count. */
const chipsWithRoom = 2;

type Props = {
  entry: HistoryEntry;
  position: number;
  top: number;
  now: number;
  isActive: boolean;
  isMarked: boolean;
};

/** A row; clicks and keys are the table's. */
export const HistoryRow = memo(function HistoryRow({ entry, position, top, now, isActive, isMarked }: Props) {
  const { commit, at, author, words, body, scopes } = entry;
  return (
    <div
      id={`save-${position}`}
      role="row"
      data-position={position}
      aria-rowindex={position + 2}
      aria-selected={isMarked}
      className={isActive ? `${classes['row']} ${classes['active']}` : classes['row']}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="gridcell" className={classes['check']} data-mark>
        <input type="checkbox" tabIndex={-1} readOnly aria-label={`Mark ${words}`} checked={isMarked} />
      </div>
      <div role="gridcell" className={classes['when']} title={at}>
        <span>{formatAgo(at, now)}</span>
        <span className={classes['dim']}>{formatMoment(at)}</span>
      </div>
      <div role="gridcell" className={classes['who']} title={author}>
        {author}
      </div>
      <div role="gridcell" className={classes['words']} title={body === '' ? words : `${words}\n${body}`}>
        {words}
        {body !== '' && <span className={classes['dim']}> {body.replaceAll('\n', ' · ')}</span>}
      </div>
      <div role="gridcell" className={classes['whom']}>
        <ScopeChips scopes={scopes} shown={scopes.length > chipsWithRoom ? 1 : chipsWithRoom} />
      </div>
      <div role="gridcell" className={classes['commit']}>
        {shortCommit(commit)}
      </div>
    </div>
  );
});
