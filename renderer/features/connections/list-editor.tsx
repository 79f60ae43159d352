// The workbench of one list: entry form, filter that also looks addresses up, table, undo, import and export.
import { useRef, useState } from 'react';
import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ControlMode } from '#contract/config';
import type { Match, Selection, Summary } from '../../workers/list-protocol.ts';
import { EntryFormFields } from './entry-form.tsx';
import { ImportDialog, type ImportSource } from './import-dialog.tsx';
import classes from './list-editor.module.css';
import { ListTable } from './list-table.tsx';
import { ListToolbar } from './list-toolbar.tsx';
import { Remark } from './remark.tsx';
import { emptySelection } from './selection.ts';
import type { AddressListEditing } from './use-address-list.ts';
import { useListGestures } from './use-list-gestures.ts';

/** `mode` is null for a shared list, which is named instead. */
type Props = { editing: AddressListEditing; mode: ControlMode | null; name?: string };

const titles = { 'accept-except': 'Deny list', 'deny-except': 'Permit list' } as const;
const fileNames = { 'accept-except': 'deny-list.txt', 'deny-except': 'permit-list.txt' } as const;

/** The list of the rule that holds. */
export function ListEditor({ editing, mode, name = 'list' }: Props) {
  const [selection, setSelection] = useState<Selection>(emptySelection);
  const [importing, setImporting] = useState<ImportSource | null>(null);
  const { summary } = editing;
  const match = summary?.match ?? null;
  const editor = useRef<HTMLDivElement>(null);
  useListGestures(editor, {
    onFile: (file) => setImporting({ fileName: file.name, source: file }),
    onUndo: () => void editing.undo(),
    onRedo: () => void editing.redo(),
  });
  const remove = (what: Selection): void => {
    void editing.remove(what);
    setSelection(emptySelection);
    editor.current?.querySelector<HTMLElement>('[role="grid"]')?.focus(); // the Remove button goes away
  };
  return (
    <div
      ref={editor}
      className={classes['editor']}
      role="group"
      aria-label={mode === null ? `List ${name}` : titles[mode]}
    >
      <EntryFormFields
        onAdd={editing.add}
        onPasteLines={(text) => setImporting({ fileName: 'the clipboard', source: text })}
        status={<StatusLine editing={editing} />}
      />
      <ListToolbar
        editing={editing}
        selection={selection}
        onFilter={(filter) => {
          setSelection(emptySelection);
          editing.setView({ ...editing.view, filter });
        }}
        onRemove={() => remove(selection)}
        onImport={() => setImporting({ fileName: null, source: null })}
        suggestedName={mode === null ? `${name}.txt` : fileNames[mode]}
      />
      {match !== null && <MatchRemark match={match} mode={mode} />}
      {summary !== null && summary.unreadableCount > 0 && (
        <Unreadable summary={summary} onDrop={editing.dropUnreadable} />
      )}
      <ListTable {...{ editing, selection, remove }} onSelection={setSelection} />
      <ImportDialog source={importing} onClose={() => setImporting(null)} onSource={setImporting} editing={editing} />
    </div>
  );
}

function MatchRemark({ match, mode }: { match: Match; mode: ControlMode | null }) {
  const isListed = match.entry !== null;
  const isAccepted = isListed === (mode === 'deny-except');
  const why = isListed
    ? `entry ${match.entry}${match.note === null ? '' : ` (${match.note})`} matches`
    : 'no entry matches';
  if (mode === null) {
    return (
      <Remark tone="quiet" role="status">
        {match.address}: {why}.
      </Remark>
    );
  }
  return (
    <Remark tone={isAccepted ? 'good' : 'bad'} role="status">
      {match.address} {isAccepted ? 'may connect' : 'is refused'}: {why}.
    </Remark>
  );
}

function Unreadable({ summary, onDrop }: { summary: Summary; onDrop: () => Promise<void> }) {
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle size={18} />}
      title="Some lines of this list cannot be read"
      role="alert"
    >
      {summary.unreadable.slice(0, 3).map((line) => (
        <Text key={line.line} size="sm">
          Line {line.line}: <code>{line.text}</code> {line.reason}
        </Text>
      ))}
      <Button mt="xs" size="xs" variant="default" onClick={() => void onDrop()}>
        Remove{' '}
        {summary.unreadableCount === 1 ? 'this line' : `these ${summary.unreadableCount.toLocaleString('en')} lines`}
      </Button>
    </Alert>
  );
}

function StatusLine({ editing }: { editing: AddressListEditing }) {
  const { news, summary } = editing;
  const undo = summary?.undo ?? null;
  return (
    <div className={classes['status']}>
      <span role="status">{news?.words ?? ''}</span>
      {news?.canUndo === true && undo !== null && (
        <Button size="compact-xs" variant="subtle" onClick={() => void editing.undo()} aria-label={`Undo: ${undo}`}>
          Undo
        </Button>
      )}
    </div>
  );
}
