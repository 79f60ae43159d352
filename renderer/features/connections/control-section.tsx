// Connection Control: which of two rules holds, and the two lists. Both stay in the worker while the screen is open,
// so that switching the mode loses neither list nor its undo.
import { useEffect, useState } from 'react';
import { Radio } from '@mantine/core';
import type { ControlMode } from '#contract/config';
import type { ListName } from '../../workers/list-protocol.ts';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import classes from './connections.module.css';
import { createListClient } from './list-client.ts';
import { ListEditor } from './list-editor.tsx';
import { Remark } from './remark.tsx';
import { useAddressList, type AddressListEditing } from './use-address-list.ts';

type Props = {
  mode: ControlMode;
  onMode: (mode: ControlMode) => void;
  denyText: string;
  permitText: string;
  onText: (list: ListName, text: string) => void;
  onProblems: (field: string, problem: string | null) => void;
};

/** The second section of the screen. */
export function ControlSection({ mode, onMode, denyText, permitText, onText, onProblems }: Props) {
  const [client] = useState(() => createListClient());
  const deny = useAddressList({ client, list: 'deny', text: denyText, onText });
  const permit = useAddressList({ client, list: 'permit', text: permitText, onText });
  useEffect(() => () => client.close(), [client]);
  useListProblems(deny, onProblems);
  useListProblems(permit, onProblems);
  const editing = mode === 'accept-except' ? deny : permit;
  return (
    <SettingsSection
      title="Connection Control"
      help="Who may connect. Only the chosen rule's list decides; the other is kept."
    >
      <div className={classes['tight']}>
        <SettingsField label="Rule">
          <Radio.Group value={mode} onChange={(next) => onMode(next as ControlMode)} aria-label="Rule">
            <div className={classes['choices']}>
              <Radio value="accept-except" label={`Accept all, except the following list${countOf(deny)}`} />
              <Radio value="deny-except" label={`Deny all, except the following list${countOf(permit)}`} />
            </div>
          </Radio.Group>
        </SettingsField>
        {mode === 'deny-except' && permit.summary?.count === 0 && (
          <Remark tone="warning" role="status">
            <b>The list is empty, so this refuses everybody.</b> Add the addresses that may connect, or choose the other
            rule.
          </Remark>
        )}
        <ListEditor key={editing.name} editing={editing} mode={mode} />
      </div>
    </SettingsSection>
  );
}

function countOf({ summary }: AddressListEditing): string {
  return summary === null ? '' : ` (${summary.count.toLocaleString('en')})`;
}

const fields: Record<ListName, string> = {
  deny: 'connections.control.denyList',
  permit: 'connections.control.permitList',
};
const names: Record<ListName, string> = { deny: 'Deny list', permit: 'Permit list' };

function useListProblems({ name, summary, isPending }: AddressListEditing, onProblems: Props['onProblems']): void {
  const count = summary?.unreadableCount ?? 0;
  useEffect(() => {
    const what = `${count.toLocaleString('en')} ${count === 1 ? 'line' : 'lines'} cannot be read`;
    const problem = `${names[name]}: ${what}. Remove them, or correct them in a file and import it.`;
    onProblems(fields[name], count === 0 ? null : problem);
  }, [name, count, onProblems]);
  useEffect(() => {
    const problem = `${names[name]}: the last edit is still being written.`;
    onProblems(`${fields[name]}.pending`, isPending ? problem : null);
  }, [name, isPending, onProblems]);
}
