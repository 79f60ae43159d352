// One message looked into: its recipients with their states, and its header as the text that it is.
import { useState } from 'react';
import { Button, Drawer, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import type { QueueEntry } from '#contract/replies';
import { useCall } from '../../api/gateway-bridge.ts';
import { formatBytes } from '../../components/format-bytes.ts';
import { formatCount, formatMoment } from '../../components/format-time.ts';
import { Mono } from '../../components/mono.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { senderWords, visibleText, waitingFirst } from './describe-entry.ts';
import { MessageState } from './message-state.tsx';
import { QueueButtons } from './queue-action-bar.tsx';
import type { RunQueueAction } from './use-queue-acts.tsx';
import classes from './queue.module.css';

type Props = { name: string; id: string | null; onClose: () => void; run: RunQueueAction };

/** Open while `id` names a message. */
export function MessageDrawer({ name, id, onClose, run }: Props) {
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      position="right"
      size={680}
      title={id === null ? 'Message' : `Message ${id}`}
      closeButtonProps={{ 'aria-label': 'Close the message' }}
      styles={{
        header: { paddingInline: 24 },
        title: { fontSize: 18, fontWeight: 600 },
        body: { padding: '0 24px 24px' },
      }}
    >
      {id !== null && (
        <Message
          name={name}
          id={id}
          run={(action, ids) => {
            run(action, ids);
            onClose();
          }}
        />
      )}
    </Drawer>
  );
}

function Message({ name, id, run }: { name: string; id: string; run: RunQueueAction }) {
  const shown = useCall('queue:show', { name, id });
  if (shown.problem !== null) return <ProblemAlert problem={shown.problem} title="The message cannot be shown" />;
  if (shown.value === undefined) return <Skeleton height={240} aria-label="Reading the message" />;
  const [entry] = shown.value.entries;
  if (entry === undefined) {
    return <Text>It is no longer in the queue: it was delivered, returned or deleted meanwhile.</Text>;
  }
  return (
    <Stack gap="md">
      <QueueButtons entries={[entry]} run={run} />
      <dl className={classes['facts']}>
        <dt>Received</dt>
        <dd>{formatMoment(entry.receivedAt)}</dd>
        <dt>Size</dt>
        <dd>{formatBytes(entry.bytes)}</dd>
        <dt>Sender</dt>
        <dd>{visibleText(senderWords(entry.sender))}</dd>
        <dt>Id</dt>
        <dd>
          <Mono name="id">{entry.id}</Mono>
        </dd>
      </dl>
      <Recipients entry={entry} />
      <section aria-label="Header">
        <Title order={3} size="h4" mb={4}>
          Header
        </Title>
        {/* A region that scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre className={classes['header']} tabIndex={0} aria-label="Header of the message">
          {shown.value.header === null ? 'The gateway did not tell the header.' : visibleText(shown.value.header)}
        </pre>
      </section>
    </Stack>
  );
}

/** A newsletter has thousands: the header below must stay near, and the window quick. */
const recipientsShown = 20;

function Recipients({ entry }: { entry: QueueEntry }) {
  const [isWhole, setWhole] = useState(false);
  const count = entry.recipients.length;
  const sorted = waitingFirst(entry);
  return (
    <section aria-label="Recipients">
      <Title order={3} size="h4" mb={4}>
        {count === 1 ? 'Recipient' : `${formatCount(count)} recipients`}
      </Title>
      <Table verticalSpacing={6} horizontalSpacing="xs" className={classes['recipients']}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Address</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th ta="right">Tries</Table.Th>
            <Table.Th>Next try</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {(isWhole ? sorted : sorted.slice(0, recipientsShown)).map(
            ({ address, state, attempts, nextAttemptAt, lastReply }) => (
              <Table.Tr key={address}>
                <Table.Td>
                  {visibleText(address)}
                  {lastReply !== null && (
                    <Text c="dimmed" fz={13}>
                      {visibleText(lastReply)}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <MessageState state={state} />
                </Table.Td>
                <Table.Td ta="right">{attempts}</Table.Td>
                <Table.Td>{nextAttemptAt === null ? '' : formatMoment(nextAttemptAt)}</Table.Td>
              </Table.Tr>
            ),
          )}
        </Table.Tbody>
      </Table>
      {!isWhole && count > recipientsShown && (
        <Button size="xs" variant="subtle" mt={4} onClick={() => setWhole(true)}>
          Show all {formatCount(count)} recipients
        </Button>
      )}
    </section>
  );
}
