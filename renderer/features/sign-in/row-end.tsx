// The end of a row: who uses it, and what can be done with it.
import { Button, Table, Text } from '@mantine/core';
import { usersInWords } from '../../components/users-in-words.ts';
import classes from './sign-in.module.css';

type Props = { row: { name: string; usedBy: readonly string[] }; onEdit: () => void; onRemove: () => void };

/** Two cells. */
export function RowEnd({ row, onEdit, onRemove }: Props) {
  return (
    <>
      <Table.Td>{row.usedBy.length === 0 ? <Text c="dimmed">Nobody</Text> : usersInWords(row.usedBy)}</Table.Td>
      <Table.Td className={classes['acts']}>
        <Button size="compact-sm" variant="subtle" aria-label={`Edit ${row.name}`} onClick={onEdit}>
          Edit
        </Button>
        <Button size="compact-sm" variant="subtle" color="red" aria-label={`Remove ${row.name}`} onClick={onRemove}>
          Remove
        </Button>
      </Table.Td>
    </>
  );
}
