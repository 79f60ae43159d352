// Moves gateways to a group, or out of every group. What they inherit changes with it; nothing is pushed by it.
import { useState } from 'react';
import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { callGateway, refreshCalls, useCall } from '../../api/gateway-bridge.ts';
import { reportOutcome } from '../../components/report-outcome.ts';
import { groupTrail } from './group-order.ts';

const modalId = 'move';
/** Stands for "in no group": a group cannot have this name. */
const noGroup = '/';

/** Opens the dialog. */
export function openMoveDialog(names: string[]): void {
  const who = names.length === 1 ? names[0] : `${names.length} gateways`;
  modals.open({ modalId, title: `Move ${who ?? ''} to a group`, children: <MoveForm names={names} /> });
}

/** Moves and says so. */
export async function moveGateways(names: string[], group: string | null): Promise<void> {
  const outcome = await callGateway('gateways:move', { names, group });
  const who = names.length === 1 ? (names[0] ?? '') : `${names.length} gateways`;
  const verb = names.length === 1 ? 'is' : 'are';
  reportOutcome(outcome, `${who} ${verb} in ${group === null ? 'no group' : group} now. Nothing was pushed.`);
  await Promise.all([refreshCalls('fleet:list'), refreshCalls('groups:list')]);
}

function MoveForm({ names }: { names: string[] }) {
  const groups = useCall('groups:list', {});
  const [chosen, setChosen] = useState<string | null>(null);
  const [isRunning, setRunning] = useState(false);
  const data = [
    { value: noGroup, label: 'No group' },
    ...(groups.value ?? [])
      .map(({ name }) => ({ value: name, label: groupTrail(groups.value ?? [], name) }))
      .toSorted((a, b) => a.label.localeCompare(b.label)),
  ];
  const submit = async (): Promise<void> => {
    if (chosen === null) return;
    setRunning(true);
    await moveGateways(names, chosen === noGroup ? null : chosen);
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
        <Text c="dimmed">
          Settings that these gateways do not set themselves come from the new group. A push brings them there.
        </Text>
        <Select
          label="Group"
          placeholder={data.length === 1 ? 'There is no group yet' : 'Choose'}
          data={data}
          value={chosen}
          onChange={setChosen}
          searchable={data.length > 8}
          data-autofocus
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => modals.close(modalId)}>
            Cancel
          </Button>
          <Button type="submit" disabled={chosen === null} loading={isRunning}>
            Move
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
