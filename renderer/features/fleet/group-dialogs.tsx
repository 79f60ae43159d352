// Groups are made, renamed, moved and removed here. Nothing of it is pushed by itself.
import { useState } from 'react';
import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { GroupRow } from '#ipc';
import type { Outcome, Problem } from '#contract/outcome';
import { FleetName } from '#contract/settings';
import { callGateway, refreshCalls } from '../../api/gateway-bridge.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { showUndoNotice } from '../../components/undo-notice.tsx';
import { groupTrail, possibleParents } from './group-order.ts';

const modalId = 'group';
/** Stands for "at the top": a group cannot have this name. */
const top = '/';

async function refreshTree(): Promise<void> {
  await Promise.all([refreshCalls('groups:list'), refreshCalls('fleet:list')]);
}

/** Asks for the name of a new group, inside `parent` or at the top. */
export function openNewGroupDialog(parent: string | null): void {
  modals.open({
    modalId,
    title: parent === null ? 'New group' : `New group in ${parent}`,
    children: (
      <GroupNameForm
        now=""
        help="What is set for a group counts for each of its gateways that does not set it itself."
        act="Make the group"
        onName={(name) => callGateway('groups:add', { name, parent })}
      />
    ),
  });
}

/** Asks for another name; `onRenamed` leads a screen that shows the group to it. */
export function openRenameGroupDialog(name: string, onRenamed: (newName: string) => void): void {
  modals.open({
    modalId,
    title: `Rename the group ${name}`,
    children: (
      <GroupNameForm
        now={name}
        help="Its gateways, the groups in it and its settings stay as they are."
        act="Rename"
        onName={async (newName) => {
          const outcome = await callGateway('groups:rename', { name, newName });
          if (outcome.ok) onRenamed(newName);
          return outcome;
        }}
      />
    ),
  });
}

type NameProps = { now: string; help: string; act: string; onName: (name: string) => Promise<Outcome<unknown>> };

function GroupNameForm({ now, help, act, onName }: NameProps) {
  const [name, setName] = useState(now);
  const [problem, setProblem] = useState<Problem | null>(null);
  const parsed = FleetName.safeParse(name);
  const submit = async (): Promise<void> => {
    const outcome = await onName(name);
    if (!outcome.ok) return setProblem(outcome.problem);
    await refreshTree();
    modals.close(modalId);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (parsed.success) void submit();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          description={help}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={name !== '' && !parsed.success ? parsed.error.issues[0]?.message : null}
          data-autofocus
        />
        {problem !== null && <ProblemAlert problem={problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => modals.close(modalId)}>
            Cancel
          </Button>
          <Button type="submit" disabled={!parsed.success || name === now}>
            {act}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Asks where a group is to stand. */
export function openMoveGroupDialog(name: string, groups: readonly GroupRow[]): void {
  modals.open({ modalId, title: `Move the group ${name}`, children: <MoveGroupForm name={name} groups={groups} /> });
}

function MoveGroupForm({ name, groups }: { name: string; groups: readonly GroupRow[] }) {
  const now = groups.find((group) => group.name === name)?.parent ?? top;
  const [parent, setParent] = useState(now);
  const submit = async (): Promise<void> => {
    const outcome = await callGateway('groups:move', { name, parent: parent === top ? null : parent });
    reportOutcome(outcome);
    await refreshTree();
    modals.close(modalId);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="sm">
        <Select
          label="Inside"
          data={[
            { value: top, label: 'At the top' },
            ...possibleParents(groups, name).map((value) => ({ value, label: groupTrail(groups, value) })),
          ]}
          value={parent}
          onChange={(value) => setParent(value ?? top)}
          allowDeselect={false}
          data-autofocus
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => modals.close(modalId)}>
            Cancel
          </Button>
          <Button type="submit" disabled={parent === now}>
            Move
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Says what removing means, then removes, with a way back. */
export function askRemoveGroup({ name, parent, overrides, gateways }: GroupRow): void {
  const up = parent === null ? 'stand in no group' : `are in ${parent}`;
  modals.openConfirmModal({
    title: `Remove the group ${name}?`,
    children: (
      <Text>
        {gateways === 0
          ? 'It holds no gateway.'
          : `Its ${gateways === 1 ? 'gateway' : `${gateways} gateways`} and the groups in it ${up} then.`}{' '}
        {overrides > 0 &&
          `The ${overrides === 1 ? 'setting' : `${overrides} settings`} made for this group no longer count for them.`}{' '}
        Nothing is pushed by it.
      </Text>
    ),
    labels: { confirm: 'Remove the group', cancel: 'Keep it' },
    confirmProps: { color: 'red' },
    onConfirm: () => void removeGroup(name),
  });
}

async function removeGroup(name: string): Promise<void> {
  const outcome = await callGateway('groups:remove', { name });
  if (!outcome.ok) return void reportOutcome(outcome);
  await refreshTree();
  showUndoNotice(`The group ${name} is removed.`, () => {
    void callGateway('groups:restore', { name, undo: outcome.value.undo }).then(async (restored) => {
      reportOutcome(restored, `The group ${name} is back.`);
      await refreshTree();
    });
  });
}
