// One entry in the table. Drawn anew only when something of it changes: scrolling moves rows, it does not redraw them.
import { memo, useEffect, useRef, useState } from 'react';
import { ActionIcon, TextInput } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import type { Row } from '../../workers/list-protocol.ts';
import type { RowActions } from './list-table.tsx';
import classes from './list-table.module.css';

type Props = {
  position: number;
  top: number;
  height: number;
  row: Row | undefined; // undefined: on its way
  isActive: boolean;
  isMarked: boolean;
  isEdited: boolean;
  actions: RowActions;
};

/** A row of the list. */
export const ListRow = memo(function ListRow({
  position,
  top,
  height,
  row,
  isActive,
  isMarked,
  isEdited,
  actions,
}: Props) {
  return (
    <div
      id={`entry-${position}`}
      role="row"
      data-position={position}
      aria-rowindex={position + 2}
      aria-selected={isMarked && row !== undefined}
      className={isActive ? `${classes['row']} ${classes['active']}` : classes['row']}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      {row === undefined ? (
        <div role="gridcell" className={classes['cell']} aria-label="On its way" />
      ) : (
        <>
          <div role="gridcell" className={classes['check']}>
            {/* Plain, and no button in idle rows: with composed ones in each row scrolling fell from 60 to 48 frames. */}
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label={`Mark ${row.text}`}
              checked={isMarked}
              onChange={({ nativeEvent }) => {
                actions.mark(position, row.id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey);
              }}
            />
          </div>
          <div role="gridcell" className={classes['entry']} title={row.text}>
            {row.text}
          </div>
          <div role="gridcell" className={classes['size']}>
            {row.size}
          </div>
          <div role="gridcell" className={classes['note']}>
            <Note {...{ row, position, isActive, isEdited, actions }} />
          </div>
          <div role="gridcell" className={classes['coveredBy']} title={row.coveredBy ?? ''}>
            {row.coveredBy}
          </div>
        </>
      )}
    </div>
  );
});

type NoteProps = { row: Row; position: number; isActive: boolean; isEdited: boolean; actions: RowActions };

/** The keyboard's way is Enter on the row; a click on the note is the mouse's, and the active row shows its pencil. */
function Note({ row, position, isActive, isEdited, actions }: NoteProps) {
  if (isEdited) return <NoteField row={row} actions={actions} />;
  return (
    <>
      <span className={classes['noteText']} title={row.note} data-note>
        {row.note}
      </span>
      {isActive && (
        <ActionIcon
          className={classes['edit'] ?? ''}
          size={24}
          variant="subtle"
          color="gray"
          tabIndex={-1}
          aria-label={`Edit the note of ${row.text}`}
          onClick={() => actions.edit(position)}
        >
          <IconPencil size={14} />
        </ActionIcon>
      )}
    </>
  );
}

/** While one types, the note goes to the draft after a pause: Save by mouse or key must not miss it. */
const notePauseMilliseconds = 250;

function NoteField({ row, actions }: { row: Row; actions: RowActions }) {
  const [note, setNote] = useState(row.note);
  const field = useRef<HTMLInputElement>(null);
  const before = useRef(row.note);
  const isDone = useRef(false);
  useEffect(() => field.current?.select(), []);
  useEffect(() => {
    if (note === row.note) return undefined;
    const timer = setTimeout(() => actions.note(row.id, note), notePauseMilliseconds);
    return () => clearTimeout(timer);
  }, [note, row.note, row.id, actions]);
  const finish = (final: string): void => {
    if (isDone.current) return; // the blur that follows Enter and Escape
    isDone.current = true;
    actions.finish(row.id, final);
    field.current?.closest<HTMLElement>('[role="grid"]')?.focus();
  };
  const finishByBlur = (final: string): void => {
    if (isDone.current) return;
    isDone.current = true;
    actions.finish(row.id, final); // the focus is where the operator put it
  };
  return (
    <TextInput
      ref={field}
      size="xs"
      flex={1}
      aria-label={`Note of ${row.text}`}
      value={note}
      maxLength={500}
      onChange={(event) => setNote(event.currentTarget.value)}
      onBlur={() => finishByBlur(note)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish(note);
        if (event.key === 'Escape') {
          event.stopPropagation(); // ends the edit, not the dialog or the screen around it
          finish(before.current);
        }
      }}
    />
  );
}
