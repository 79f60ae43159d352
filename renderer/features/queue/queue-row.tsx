// One waiting message in the table.
import { memo } from 'react';
import { formatAge } from '#contract/age-words';
import type { QueueEntry } from '#contract/replies';
import { formatBytes } from '../../components/format-bytes.ts';
import { formatMoment } from '../../components/format-time.ts';
import { describeEntry, senderWords, visibleText } from './describe-entry.ts';
import { MessageState } from './message-state.tsx';
import classes from './queue.module.css';

type Props = {
  position: number;
  top: number;
  entry: QueueEntry;
  now: number;
  isActive: boolean;
  isMarked: boolean;
};

/** A row; clicks and keys are the table's. */
export const QueueRow = memo(function QueueRow({ position, top, entry, now, isActive, isMarked }: Props) {
  const facts = describeEntry(entry);
  const reply = visibleText(facts.lastReply ?? '');
  const sender = visibleText(senderWords(entry.sender));
  const recipients = visibleText(facts.recipients);
  return (
    <div
      id={`message-${position}`}
      role="row"
      data-position={position}
      aria-rowindex={position + 2}
      aria-selected={isMarked}
      className={isActive ? `${classes['row']} ${classes['active']}` : classes['row']}
      style={{ transform: `translateY(${top}px)` }}
      data-deleted={facts.state === 'deleted' || undefined}
    >
      <div role="gridcell" className={classes['check']} data-mark>
        <input type="checkbox" tabIndex={-1} readOnly aria-label={`Mark ${entry.id}`} checked={isMarked} />
      </div>
      <div role="gridcell" className={classes['id']}>
        {entry.id}
      </div>
      <div role="gridcell" className={classes['number']} title={formatMoment(entry.receivedAt)}>
        {formatAge((now - Date.parse(entry.receivedAt)) / 1000)}
      </div>
      <div role="gridcell" className={classes['size']}>
        {formatBytes(entry.bytes)}
      </div>
      <div role="gridcell" className={classes['party']} title={sender}>
        {sender}
      </div>
      <div role="gridcell" className={classes['party']} title={recipients}>
        {recipients}
      </div>
      <div role="gridcell" className={classes['cell']}>
        <MessageState state={facts.state} />
      </div>
      <div role="gridcell" className={classes['tries']}>
        {facts.attempts}
      </div>
      <div role="gridcell" className={classes['next']}>
        {facts.state === 'deleted' && (
          <button type="button" tabIndex={-1} className={classes['restore']} data-restore>
            Undo
          </button>
        )}
        {facts.nextAttemptAt !== null && nextWords(Date.parse(facts.nextAttemptAt) - now)}
      </div>
      <div role="gridcell" className={classes['reply']} title={reply}>
        {reply}
      </div>
    </div>
  );
});

function nextWords(milliseconds: number): string {
  return milliseconds < 1000 ? 'now' : `in ${formatAge(milliseconds / 1000)}`;
}
