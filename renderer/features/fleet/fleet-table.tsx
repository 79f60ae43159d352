// The table of the fleet: one row a gateway, moved through with arrows, opened with Enter, selected with Space.
import type { KeyboardEvent, Ref } from 'react';
import { Anchor, Checkbox, Table, Text, VisuallyHidden } from '@mantine/core';
import type { FleetRow } from '#ipc';
import type { QueueGauges } from '#contract/replies';
import { formatAge } from '../../components/format-queue.ts';
import { daysUntil, formatAgo, formatCount, formatExpiry, formatMoment } from '../../components/format-time.ts';
import { GatewayStateBadge } from '../../components/gateway-state.tsx';
import { gatewayPath } from '../../components/gateway-path.ts';
import { Mono, RevisionText } from '../../components/mono.tsx';
import { useNow } from '../../components/use-now.ts';
import { RowMenu } from './row-menu.tsx';
import classes from './fleet.module.css';

type Props = {
  ref: Ref<HTMLTableElement>;
  rows: FleetRow[];
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
  onReview: (names: string[]) => void;
};

/** Certificates are warned about this long before their end, as the judge of a release does. */
const certificateWarningDays = 30;
/** A look older than this shows its age: the fleet is looked at every 30 seconds. */
const staleMilliseconds = 90_000;

function moveFocus(event: KeyboardEvent<HTMLTableElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const row = event.target instanceof HTMLElement ? event.target.closest('tr') : null;
  const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
  const target = next?.querySelector<HTMLElement>('a, button');
  if (target === null || target === undefined) return;
  event.preventDefault();
  target.focus();
}

/** All rows that the search left. */
export function FleetTable({ ref, rows, selected, onSelect, onReview }: Props) {
  const now = useNow();
  const readable = rows.filter((row) => row.unreadable === null);
  const chosen = readable.filter((row) => selected.has(row.name)).length;
  const toggle = (name: string): void => {
    const next = new Set(selected);
    if (!next.delete(name)) next.add(name);
    onSelect(next);
  };
  return (
    <Table
      ref={ref}
      className={classes['table']}
      stickyHeader
      highlightOnHover
      onKeyDown={moveFocus}
      aria-label="Fleet"
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={44}>
            <Checkbox
              aria-label="Select all"
              checked={readable.length > 0 && chosen === readable.length}
              indeterminate={chosen > 0 && chosen < readable.length}
              onChange={() => onSelect(new Set(chosen === readable.length ? [] : readable.map((row) => row.name)))}
            />
          </Table.Th>
          <Table.Th>Gateway</Table.Th>
          <Table.Th className={classes['address']}>Address</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Listener</Table.Th>
          <Table.Th ta="right">Connections</Table.Th>
          <Table.Th ta="right">Queue</Table.Th>
          <Table.Th>Certificate expires</Table.Th>
          <Table.Th className={classes['pushed']}>Last push</Table.Th>
          <Table.Th className={classes['runs']}>Runs</Table.Th>
          <Table.Th w={44}>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) =>
          row.unreadable === null ? (
            <GatewayRow
              key={row.name}
              row={row}
              now={now}
              isSelected={selected.has(row.name)}
              onToggle={() => toggle(row.name)}
              onReview={() => onReview([row.name])}
            />
          ) : (
            <UnreadableRow key={row.name} row={row} />
          ),
        )}
      </Table.Tbody>
    </Table>
  );
}

type RowProps = { row: FleetRow; now: number; isSelected: boolean; onToggle: () => void; onReview: () => void };

function GatewayRow({ row, now, isSelected, onToggle, onReview }: RowProps) {
  const { status, seenAt, problem } = row.sight;
  const age = seenAt === null ? null : now - Date.parse(seenAt);
  const isStale = age !== null && age > staleMilliseconds;
  return (
    <Table.Tr data-selected={isSelected || undefined} className={classes['row']}>
      <Table.Td>
        <Checkbox aria-label={`Select ${row.name}`} checked={isSelected} onChange={onToggle} />
      </Table.Td>
      <Table.Td>
        <Anchor
          href={`#${gatewayPath(row.name)}`}
          className={classes['name']}
          onKeyDown={(event) => {
            if (event.key !== ' ') return;
            event.preventDefault();
            onToggle();
          }}
        >
          {row.name}
        </Anchor>
      </Table.Td>
      <Table.Td className={classes['address']}>
        <Text c="dimmed" truncate title={row.ssh?.host}>
          {row.isLocal ? 'this computer' : row.ssh?.host}
        </Text>
      </Table.Td>
      <Table.Td>
        <GatewayStateBadge state={row.sight.state} />
        {problem !== null && (
          <Text c="dimmed" size="xs" className={classes['reason']} title={problem.message}>
            {problem.message}
          </Text>
        )}
        {isStale && (
          <Text c="dimmed" size="xs">
            seen {formatAgo(seenAt ?? '', now)}
          </Text>
        )}
      </Table.Td>
      <Table.Td className={isStale ? classes['stale'] : undefined}>
        <Listener row={row} />
      </Table.Td>
      <Table.Td ta="right" className={isStale ? classes['stale'] : undefined}>
        {status === null ? '' : formatCount(status.connections.now)}
        <Text span c="dimmed">
          {status === null
            ? ''
            : ` / ${status.connections.limit === null ? 'no limit' : formatCount(status.connections.limit)}`}
        </Text>
      </Table.Td>
      <Table.Td ta="right" className={isStale ? classes['stale'] : undefined}>
        {status !== null && status.queue !== null && <Queue name={row.name} gauges={status.queue} />}
      </Table.Td>
      <Table.Td>
        {status !== null && <Certificate notAfter={status.certificate?.notAfter ?? null} now={now} />}
      </Table.Td>
      <Table.Td className={classes['pushed']}>
        {row.lastPush === null ? (
          <Text c="dimmed">never</Text>
        ) : (
          <Text truncate maw={190} title={`${formatMoment(row.lastPush.at)} by ${row.lastPush.by}`}>
            {formatAgo(row.lastPush.at, now)}{' '}
            <Text span c="dimmed">
              {row.lastPush.by}
            </Text>
          </Text>
        )}
      </Table.Td>
      <Table.Td className={classes['runs']}>
        {status !== null && <RevisionText revision={status.runningRevision} />}
      </Table.Td>
      <Table.Td>
        <RowMenu row={row} onReview={onReview} />
      </Table.Td>
    </Table.Tr>
  );
}

function Listener({ row }: { row: FleetRow }) {
  const { status } = row.sight;
  if (status === null) return null;
  if (!status.daemonAnswers) return <Text style={{ color: 'var(--tone-red)' }}>daemon down</Text>;
  const ports = [...new Set(status.listeners.map((listener) => listener.port))];
  if (ports.length === 0) return <Text c="dimmed">none</Text>;
  const kind = status.config?.connections.interface.listenOn.kind;
  const where =
    kind === 'loopback' ? 'loopback' : kind === 'all' ? 'all' : status.listeners.map((l) => l.address).join(', ');
  return <Mono>{`${where}:${ports.join(',')}`}</Mono>;
}

function Queue({ name, gauges }: { name: string; gauges: QueueGauges }) {
  const { messages, oldestAgeSeconds, stoppedBecause } = gauges;
  return (
    <Anchor
      href={`#${gatewayPath(name, 'queue')}`}
      c={stoppedBecause === null ? 'var(--mantine-color-text)' : 'var(--tone-red)'}
      title={stoppedBecause ?? `${formatCount(messages)} messages wait on ${name}`}
    >
      {stoppedBecause === null ? formatCount(messages) : 'stopped'}
      {oldestAgeSeconds !== null && (
        <Text span c="dimmed">
          {' '}
          / {formatAge(oldestAgeSeconds, true)}
        </Text>
      )}
    </Anchor>
  );
}

function Certificate({ notAfter, now }: { notAfter: string | null; now: number }) {
  if (notAfter === null) return <Text c="dimmed">none</Text>;
  const days = daysUntil(notAfter, now);
  const tone = days < 0 ? 'red' : days < certificateWarningDays ? 'yellow' : null;
  return (
    <span title={formatMoment(notAfter)} style={tone === null ? {} : { color: `var(--tone-${tone})` }}>
      {formatExpiry(notAfter, now)}
    </span>
  );
}

function UnreadableRow({ row }: { row: FleetRow }) {
  return (
    <Table.Tr>
      <Table.Td />
      <Table.Td>
        <Text fw={600}>{row.name}</Text>
      </Table.Td>
      <Table.Td className={classes['address']} />
      <Table.Td>
        <GatewayStateBadge state="unreadable" />
      </Table.Td>
      <Table.Td colSpan={7} style={{ whiteSpace: 'normal' }}>
        <Text>{row.unreadable}</Text>
        <Text c="dimmed" size="xs">
          The file is left as it is. Correct gateways/{row.name}.yaml in the fleet folder; this row follows.
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
