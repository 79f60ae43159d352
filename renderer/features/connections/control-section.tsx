// Connection Control: which of two rules holds, and the lists behind each: shared ones by name, and a gateway's own
// entries. Both own lists stay in the worker while the screen is open, so that switching the mode loses nothing.
import { useEffect, useState } from 'react';
import { Radio } from '@mantine/core';
import type { ControlMode } from '#contract/config';
import type { Scope } from '#contract/scope';
import type { Draft } from '#ipc';
import type { ListName } from '../../workers/list-protocol.ts';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import classes from './connections.module.css';
import { createListClient } from './list-client.ts';
import { ListEditor } from './list-editor.tsx';
import { Remark } from './remark.tsx';
import { SharedListsField } from './shared-lists-field.tsx';
import { useAddressList, type AddressListEditing } from './use-address-list.ts';

type Control = Draft['settings']['connections']['control'];

type Props = {
  scope: Scope;
  control: Control;
  onControl: (part: Partial<Control>) => void;
  denyText: string;
  permitText: string;
  onText: (list: ListName, text: string) => void;
  onProblems: (field: string, problem: string | null) => void;
};

/** The second section of the screen. Groups and the fleet have no entries of their own: only shared lists. */
export function ControlSection(props: Props) {
  const { scope, control, onControl, denyText, permitText, onText, onProblems } = props;
  const { mode } = control;
  const [client] = useState(() => createListClient());
  const deny = useAddressList({ client, list: 'deny', text: denyText, onText });
  const permit = useAddressList({ client, list: 'permit', text: permitText, onText });
  useEffect(() => () => client.close(), [client]);
  useListProblems(deny, onProblems);
  useListProblems(permit, onProblems);
  const editing = mode === 'accept-except' ? deny : permit;
  const isGateway = scope.kind === 'gateway';
  return (
    <SettingsSection
      title="Connection Control"
      help="Who may connect. Only the chosen rule's lists decide; the others are kept."
    >
      <div className={classes['tight']}>
        <SettingsField label="Rule" of="connections.control.mode">
          <Radio.Group value={mode} onChange={(next) => onControl({ mode: next as ControlMode })} aria-label="Rule">
            <div className={classes['choices']}>
              <Radio value="accept-except" label={`Accept all, except the following list${countOf(deny, isGateway)}`} />
              <Radio value="deny-except" label={`Deny all, except the following list${countOf(permit, isGateway)}`} />
            </div>
          </Radio.Group>
        </SettingsField>
        <SharedListsField control={control} onControl={onControl} />
        <EmptyList
          control={control}
          ownEntries={isGateway ? (permit.summary?.count ?? null) : 0}
          isGateway={isGateway}
        />
        {isGateway ? (
          <ListEditor key={editing.name} editing={editing} mode={mode} />
        ) : (
          <Remark tone="quiet">Each gateway adds its own entries to these lists, on its own screen.</Remark>
        )}
      </div>
    </SettingsSection>
  );
}

type EmptyProps = { control: Control; ownEntries: number | null; isGateway: boolean };

function EmptyList({ control, ownEntries, isGateway }: EmptyProps) {
  if (control.mode !== 'deny-except' || ownEntries !== 0 || control.sharedPermitLists.length > 0) return null;
  return (
    <Remark tone="warning" role="status">
      <b>
        {isGateway
          ? 'The list is empty, so this refuses everybody.'
          : 'No shared list: gateways without entries of their own refuse everybody.'}
      </b>{' '}
      Add the addresses that may connect, or choose the other rule.
    </Remark>
  );
}

function countOf({ summary }: AddressListEditing, isGateway: boolean): string {
  return summary === null || !isGateway ? '' : ` (${summary.count.toLocaleString('en')})`;
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
