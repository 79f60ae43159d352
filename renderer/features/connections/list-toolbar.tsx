// Above the table: the filter that doubles as a look-up, what is marked, import and export.
import { useEffect, useState } from 'react';
import { Button, CloseButton, TextInput } from '@mantine/core';
import { IconDownload, IconSearch, IconTrash, IconUpload } from '@tabler/icons-react';
import type { Selection, Summary } from '../../workers/list-protocol.ts';
import { callGateway } from '../../api/gateway-bridge.ts';
import classes from './list-editor.module.css';
import { Remark } from './remark.tsx';
import { countSelected } from './selection.ts';
import type { AddressListEditing } from './use-address-list.ts';

type Props = {
  editing: AddressListEditing;
  selection: Selection;
  onFilter: (filter: string) => void;
  onRemove: () => void;
  onImport: () => void;
  suggestedName: string;
};

/** Long lists are searched in the worker; this keeps it from searching for every key of a fast typist. */
const filterPauseMilliseconds = 80;

/** The row of tools. */
export function ListToolbar({ editing, selection, onFilter, onRemove, onImport, suggestedName }: Props) {
  const { summary } = editing;
  const marked = summary === null ? 0 : countSelected(selection, summary.shown);
  return (
    <div className={classes['toolbar']}>
      <FilterField filter={editing.view.filter} onFilter={onFilter} />
      {marked > 0 && (
        <Button variant="light" color="red" leftSection={<IconTrash size={16} />} onClick={onRemove}>
          Remove {marked.toLocaleString('en')}
        </Button>
      )}
      <span className={classes['count']}>{summary === null ? 'Reading the list…' : countWords(summary)}</span>
      <Button variant="default" leftSection={<IconDownload size={16} />} onClick={onImport}>
        Import from file
      </Button>
      <ExportButton editing={editing} suggestedName={suggestedName} />
    </div>
  );
}

function FilterField({ filter, onFilter }: { filter: string; onFilter: (filter: string) => void }) {
  const [typed, setTyped] = useState(filter);
  useEffect(() => {
    if (typed === filter) return undefined;
    const timer = setTimeout(() => onFilter(typed), filterPauseMilliseconds);
    return () => clearTimeout(timer);
  }, [typed, filter, onFilter]);
  return (
    <TextInput
      className={classes['grow'] ?? ''}
      aria-label="Filter entries, or look an address up"
      data-search
      placeholder="Filter, or: which entry matches 192.0.2.7?"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && typed !== '') {
          event.stopPropagation(); // clears the filter before it closes anything
          setTyped('');
        }
      }}
      rightSection={
        typed === '' ? null : <CloseButton size="sm" aria-label="Clear the filter" onClick={() => setTyped('')} />
      }
      spellCheck={false}
      autoComplete="off"
    />
  );
}

function countWords({ count, shown, covered }: Summary): string {
  const entries = `${count.toLocaleString('en')} ${count === 1 ? 'entry' : 'entries'}`;
  const part = shown === count ? entries : `${shown.toLocaleString('en')} of ${entries}`;
  return covered === null || covered === 0 ? part : `${part}, ${covered.toLocaleString('en')} covered`;
}

function ExportButton({ editing, suggestedName }: { editing: AddressListEditing; suggestedName: string }) {
  const [outcome, setOutcome] = useState<{ tone: 'good' | 'bad'; words: string } | null>(null);
  const save = async (): Promise<void> => {
    const saved = await callGateway('list:save', { suggestedName, text: await editing.text() });
    if (!saved.ok) setOutcome({ tone: 'bad', words: saved.problem.message });
    else setOutcome(saved.value === null ? null : { tone: 'good', words: `Exported to ${saved.value.fileName}.` });
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconUpload size={16} />}
        onClick={() => void save()}
        disabled={editing.summary === null || editing.summary.count === 0}
      >
        Export
      </Button>
      {outcome !== null && (
        <Remark tone={outcome.tone} role="status">
          {outcome.words}
        </Remark>
      )}
    </>
  );
}
