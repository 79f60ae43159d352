// The entries of the audit log as a table, newest first.
import { Anchor, Table, Text } from '@mantine/core';
import type { AuditEntry } from '#ipc';
import { useCall } from '../../api/gateway-bridge.ts';
import { formatMoment } from '../../components/format-time.ts';
import { gatewayPath } from '../../components/gateway-path.ts';
import { OutcomeMark } from './outcome-mark.tsx';
import classes from './audit.module.css';

/** One row an entry. */
export function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  const fleet = useCall('fleet:list', {});
  const known = new Set((fleet.value ?? []).map(({ name }) => name));
  return (
    <Table verticalSpacing={6} aria-label="Activity" className={classes['table']}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>When</Table.Th>
          <Table.Th>Who</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th>Gateway</Table.Th>
          <Table.Th>Outcome</Table.Th>
          <Table.Th>In words</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <Table.Tr key={`${entry.writer} ${entry.number}`}>
            <Table.Td className={classes['when']} title={entry.at}>
              {formatMoment(entry.at)}
            </Table.Td>
            <Table.Td>{entry.by}</Table.Td>
            <Table.Td className={classes['when']}>{inWords(entry.action)}</Table.Td>
            <Table.Td>
              <Target name={entry.target} isKnown={entry.target !== null && known.has(entry.target)} />
            </Table.Td>
            <Table.Td className={classes['when']}>
              <OutcomeMark outcome={entry.outcome} />
            </Table.Td>
            <Table.Td className={classes['words']}>{entry.words}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Target({ name, isKnown }: { name: string | null; isKnown: boolean }) {
  if (name === null) return <Text c="dimmed">None</Text>;
  if (!isKnown) return name; // a group, the fleet, or a gateway that was removed since
  return (
    <Anchor href={`#${gatewayPath(name)}`} underline="hover">
      {name}
    </Anchor>
  );
}

/** 'host-key' → 'Host key'. */
function inWords(action: string): string {
  const words = action.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
