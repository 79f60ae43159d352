// What two administrators changed differently, field by field: what it was, ours, theirs. Nothing changes before Apply.
import { useState } from 'react';
import { Button, Group, Radio, Table, Text } from '@mantine/core';
import type { FieldConflict } from '#ipc';
import { scopeInWords } from '../../components/scope-editing.ts';
import { chooseAll, countOpen, type Choices, type Side } from './conflict-choices.ts';
import classes from './sharing.module.css';

type Props = { conflicts: readonly FieldConflict[]; isBusy: boolean; onApply: (choices: Choices) => void };

/** A table of fields, and one button under it. */
export function Conflicts({ conflicts, isBusy, onApply }: Props) {
  const [choices, setChoices] = useState<Choices>({});
  const open = countOpen(conflicts, choices);
  return (
    <section aria-label="Changed by both">
      <Group justify="space-between" mb="xs">
        <Text c="dimmed" role="status">
          {open === 0 ? 'All are decided.' : `${open} of ${conflicts.length} to decide`}
        </Text>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => setChoices(chooseAll(conflicts, 'ours'))}>
            All ours
          </Button>
          <Button size="xs" variant="default" onClick={() => setChoices(chooseAll(conflicts, 'theirs'))}>
            All theirs
          </Button>
        </Group>
      </Group>
      <Table className={classes['conflicts']} aria-label="Fields that both sides changed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Field</Table.Th>
            <Table.Th>Was</Table.Th>
            <Table.Th>Ours</Table.Th>
            <Table.Th>Theirs</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {conflicts.map((conflict) => (
            <Field
              key={conflict.id}
              conflict={conflict}
              choice={choices[conflict.id]}
              onChoose={(side) => setChoices((before) => ({ ...before, [conflict.id]: side }))}
            />
          ))}
        </Table.Tbody>
      </Table>
      <Group mt="md">
        <Button disabled={open > 0} loading={isBusy} onClick={() => onApply(choices)}>
          Apply
        </Button>
        <Text c="dimmed">Applying makes one save of both sides and sends it. No gateway is touched before a push.</Text>
      </Group>
    </section>
  );
}

type FieldProps = { conflict: FieldConflict; choice: Side | undefined; onChoose: (side: Side) => void };

function Field({ conflict, choice, onChoose }: FieldProps) {
  const { id, scope, label, base, ours, theirs } = conflict;
  const side = (which: Side, value: string) => (
    <Table.Td data-chosen={choice === which || undefined}>
      <Radio
        name={id}
        checked={choice === which}
        onChange={() => onChoose(which)}
        label={value}
        aria-label={`${label} of ${scopeInWords(scope)}: ${which}, ${value}`}
      />
    </Table.Td>
  );
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600}>{label}</Text>
        <Text c="dimmed">{scopeInWords(scope)}</Text>
      </Table.Td>
      <Table.Td className={classes['base']}>{base}</Table.Td>
      {side('ours', ours)}
      {side('theirs', theirs)}
    </Table.Tr>
  );
}
