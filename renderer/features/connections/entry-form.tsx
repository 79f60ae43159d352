// Adds entries: one field that recognises whatever is typed or pasted, and the two classic forms.
import { useState, type ClipboardEvent, type FormEvent, type ReactNode } from 'react';
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import type { AddReport } from '../../workers/list-protocol.ts';
import { composeEntry, type ComposedEntry, type EntryForm } from './compose-entry.ts';
import classes from './list-editor.module.css';
import { Remark } from './remark.tsx';

type Props = {
  onAdd: (line: string) => Promise<AddReport>;
  /** More than one line was pasted: that is an import, shown before it is done. */
  onPasteLines: (text: string) => void;
  /** What the last edit did; shown while there is nothing to say of what is typed. */
  status: ReactNode;
};

const empty: { [K in EntryForm['kind']]: Extract<EntryForm, { kind: K }> } = {
  any: { kind: 'any', text: '' },
  single: { kind: 'single', address: '' },
  group: { kind: 'group', version: '4', subnet: '', mask: '' },
};

/** The form above the table. */
export function EntryFormFields({ onAdd, onPasteLines, status }: Props) {
  const [form, setForm] = useState<EntryForm>(empty.any);
  const [refusal, setRefusal] = useState<string | null>(null);
  const composed = composeEntry(form);
  const change = (next: EntryForm): void => {
    setForm(next);
    setRefusal(null);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (composed.kind !== 'entry') {
      setRefusal(composed.kind === 'refused' ? composed.reason : 'Type an address or a network first.');
      return;
    }
    const report = await onAdd(composed.line);
    if (report.added > 0) setForm(form.kind === 'group' ? { ...empty.group, version: form.version } : empty[form.kind]);
    else setRefusal(report.words);
  };
  const paste = (event: ClipboardEvent<HTMLInputElement>): void => {
    const text = event.clipboardData.getData('text/plain');
    if (!/\n\s*\S/.test(text)) return;
    event.preventDefault();
    onPasteLines(text);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <div className={classes['form']}>
        <SegmentedControl
          aria-label="What to add"
          size="xs"
          value={form.kind}
          onChange={(kind) => change(empty[kind as EntryForm['kind']])}
          data={[
            { value: 'any', label: 'Any entry' },
            { value: 'single', label: 'Single computer' },
            { value: 'group', label: 'Group of computers' },
          ]}
        />
        <FormFields form={form} onChange={change} onPaste={paste} />
        <Button type="submit" variant="light">
          Add
        </Button>
      </div>
      <Recognised {...{ composed, refusal, status }} />
    </form>
  );
}

type FieldsProps = {
  form: EntryForm;
  onChange: (form: EntryForm) => void;
  onPaste: (event: ClipboardEvent<HTMLInputElement>) => void;
};

function FormFields({ form, onChange, onPaste }: FieldsProps) {
  const shared = {
    className: `${classes['grow']} ${classes['mono']}`,
    spellCheck: false,
    autoComplete: 'off',
    onPaste,
  };
  if (form.kind === 'any') {
    return (
      <TextInput
        {...shared}
        aria-label="Address, network, or several lines pasted"
        placeholder="192.0.2.0/24, or paste many lines"
        value={form.text}
        onChange={(event) => onChange({ ...form, text: event.currentTarget.value })}
      />
    );
  }
  if (form.kind === 'single') {
    return (
      <TextInput
        {...shared}
        aria-label="IP address"
        placeholder="IPv4 or IPv6 address"
        value={form.address}
        onChange={(event) => onChange({ ...form, address: event.currentTarget.value })}
      />
    );
  }
  return <GroupFields form={form} onChange={onChange} shared={shared} />;
}

type GroupProps = {
  form: Extract<EntryForm, { kind: 'group' }>;
  onChange: (form: EntryForm) => void;
  shared: { className: string; spellCheck: boolean; autoComplete: string };
};

function GroupFields({ form, onChange, shared }: GroupProps) {
  const isFour = form.version === '4';
  return (
    <>
      <SegmentedControl
        aria-label="IP version"
        size="xs"
        value={form.version}
        onChange={(version) => onChange({ ...form, version: version === '6' ? '6' : '4', mask: '' })}
        data={[
          { value: '4', label: 'IPv4' },
          { value: '6', label: 'IPv6' },
        ]}
      />
      <TextInput
        {...shared}
        aria-label="Subnet address"
        placeholder={isFour ? 'Subnet, 192.0.2.0' : 'Subnet, 2001:db8::'}
        value={form.subnet}
        onChange={(event) => onChange({ ...form, subnet: event.currentTarget.value })}
      />
      <TextInput
        {...shared}
        className={classes['mono'] ?? ''}
        w={isFour ? 160 : 80}
        aria-label={isFour ? 'Subnet mask' : 'Prefix'}
        placeholder={isFour ? '255.255.255.0 or /24' : '/64'}
        value={form.mask}
        onChange={(event) => onChange({ ...form, mask: event.currentTarget.value })}
      />
    </>
  );
}

/** While one types, what is not yet an entry is no mistake: refusals show once Add was pressed. */
type RecognisedProps = { composed: ComposedEntry; refusal: string | null; status: ReactNode };

function Recognised({ composed, refusal, status }: RecognisedProps) {
  const isEntry = composed.kind === 'entry';
  return (
    <div className={classes['recognised']}>
      {refusal !== null && (
        <Remark tone="bad" role="alert">
          {refusal}
        </Remark>
      )}
      {refusal === null && isEntry && <Remark tone="quiet">{composed.words}</Remark>}
      <div hidden={refusal !== null || isEntry}>{status}</div>
    </div>
  );
}
