// Shared lists: what there is, how long it is, and who uses it.
import { useState } from 'react';
import { Anchor, Button, Group, Modal, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { SharedListRow } from '#ipc';
import { FleetName } from '#contract/settings';
import { callGateway, refreshCalls, useCall } from '../../api/gateway-bridge.ts';
import { goTo } from '../../components/guarded-location.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { showUndoNotice } from '../../components/undo-notice.tsx';
import { usersInWords } from '../../components/users-in-words.ts';
import classes from './lists.module.css';

/** The screen of all lists. */
export function ListsScreen() {
  const lists = useCall('lists:list', {});
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <ScreenHeader title="Shared lists">
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          Add a list
        </Button>
      </ScreenHeader>
      <div className={classes['screen']}>
        {lists.problem !== null && <ProblemAlert problem={lists.problem} title="The lists cannot be read" />}
        {lists.isLoading && <Skeleton height={120} aria-label="Reading the lists" />}
        {lists.value?.length === 0 && (
          <Stack gap="xs" align="flex-start" className={classes['empty']}>
            <Text fw={600}>No shared list yet</Text>
            <Text c="dimmed">
              Addresses that many gateways deny or permit are kept once, as a shared list. The fleet, a group or a
              gateway uses it under Connections, Connection Control; a gateway adds its own entries to it.
            </Text>
          </Stack>
        )}
        {lists.value !== undefined && lists.value.length > 0 && <Rows rows={lists.value} />}
      </div>
      <AddList isOpen={isAdding} onClose={() => setAdding(false)} taken={lists.value ?? []} />
    </>
  );
}

function Rows({ rows }: { rows: readonly SharedListRow[] }) {
  return (
    <Table verticalSpacing={6} highlightOnHover aria-label="Shared lists">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th className={classes['number']}>Entries</Table.Th>
          <Table.Th>Used by</Table.Th>
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.name}>
            <Table.Td>
              <Anchor href={`#/lists/${row.name}`} underline="hover">
                {row.name}
              </Anchor>
              {row.unreadable !== null && (
                <Text fz={13} className={classes['wrong']}>
                  {row.unreadable}
                </Text>
              )}
            </Table.Td>
            <Table.Td className={classes['number']}>
              {row.unreadable === null ? row.entries.toLocaleString('en') : ''}
            </Table.Td>
            <Table.Td>{row.usedBy.length === 0 ? <Text c="dimmed">Nobody</Text> : usersInWords(row.usedBy)}</Table.Td>
            <Table.Td className={classes['acts']}>
              <Button
                size="compact-sm"
                variant="subtle"
                color="red"
                disabled={row.usedBy.length > 0}
                title={row.usedBy.length > 0 ? 'Take it out of their settings first' : undefined}
                aria-label={`Remove ${row.name}`}
                onClick={() => void removeList(row.name)}
              >
                Remove
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

async function removeList(name: string): Promise<void> {
  const removed = await callGateway('lists:remove', { name });
  await refreshCalls('lists:list');
  if (!removed.ok) return void reportOutcome(removed);
  const { undo } = removed.value;
  showUndoNotice(`List ${name} removed.`, () => {
    void callGateway('lists:restore', { name, undo }).then((restored) => {
      reportOutcome(restored);
      return refreshCalls('lists:list');
    });
  });
}

type AddProps = { isOpen: boolean; onClose: () => void; taken: readonly SharedListRow[] };

function AddList({ isOpen, onClose, taken }: AddProps) {
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const add = async (): Promise<void> => {
    const checked = FleetName.safeParse(name);
    if (!checked.success) return setProblem(checked.error.issues[0]?.message ?? 'Not a name.');
    if (taken.some((row) => row.name === name)) return setProblem(`There is a list ${name} already.`);
    const saved = await callGateway('lists:save', { name, text: '', savedVersion: null });
    if (!saved.ok) return setProblem(saved.problem.message);
    await refreshCalls('lists:list');
    setName('');
    setProblem(null);
    onClose();
    return goTo(`/lists/${name}`);
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title="Add a shared list">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <TextInput
          label="Name"
          description="Lower-case letters, digits, dots and dashes; it becomes the file lists/name.txt."
          placeholder="spam-sources"
          value={name}
          error={problem}
          data-autofocus
          onChange={(event) => {
            setName(event.currentTarget.value);
            setProblem(null);
          }}
        />
        <Group justify="flex-end" mt="md" gap="xs">
          <Button variant="subtle" color="gray" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit">Add</Button>
        </Group>
      </form>
    </Modal>
  );
}
