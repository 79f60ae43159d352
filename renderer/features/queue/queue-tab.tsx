// What waits on this gateway: the list with its filter, what can be done to it, and one message looked into.
import { useCallback, useState } from 'react';
import { Anchor, Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconMailCheck, IconRefresh } from '@tabler/icons-react';
import { formatAgo, formatCount } from '../../components/format-time.ts';
import { gatewayPath } from '../../components/gateway-path.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useNow } from '../../components/use-now.ts';
import { MessageDrawer } from './message-drawer.tsx';
import { QueueFilterBar } from './queue-filter-bar.tsx';
import { isWhole, wholeQueue } from './queue-filter.ts';
import { QueueActionBar } from './queue-action-bar.tsx';
import { QueueTable } from './queue-table.tsx';
import { useQueue, type QueueView } from './use-queue.ts';
import { useQueueActs } from './use-queue-acts.tsx';
import classes from './queue.module.css';

const nothing: ReadonlySet<string> = new Set();

/** The tab of the gateway `name`. */
export function QueueTab({ name }: { name: string }) {
  const [filter, setFilter] = useState(wholeQueue);
  const [marked, setMarked] = useState(nothing);
  const [opened, setOpened] = useState<string | null>(null);
  const queue = useQueue(name, filter);
  const run = useQueueActs(
    queue,
    useCallback(() => setMarked(nothing), []),
  );
  const entries = queue.entries ?? [];
  const chosen = entries.filter(({ id }) => marked.has(id));
  const isEmpty = queue.entries?.length === 0 && !queue.isStale;
  const allWords = isWhole(filter) ? `Mark all ${formatCount(queue.total)}` : 'Mark all that fit';
  return (
    <div className={classes['screen']}>
      <QueueFilterBar
        onFilter={(next) => {
          setFilter(next);
          setMarked(nothing);
        }}
      />
      {queue.problem !== null && (
        <ProblemAlert
          problem={queue.problem}
          title={queue.entries === null ? 'The queue cannot be shown' : 'The queue cannot be looked at just now'}
        >
          <Button size="xs" variant="default" loading={queue.isFetching} onClick={() => void queue.refresh()}>
            Ask again
          </Button>
        </ProblemAlert>
      )}
      {queue.entries === null && queue.problem === null && <Reading />}
      {queue.entries !== null && !isEmpty && (
        <>
          <div className={classes['bar']}>
            {chosen.length === 0 ? (
              <Counts queue={queue} isWhole={isWhole(filter)} />
            ) : (
              <QueueActionBar
                entries={chosen}
                run={run}
                allWords={queue.hasMore && chosen.length === entries.length ? allWords : null}
                onAll={() => void queue.loadAll().then((ids) => setMarked(new Set(ids)))}
                onNone={() => setMarked(nothing)}
              />
            )}
            {chosen.length === 0 && <Seen queue={queue} />}
          </div>
          {/* Until the answer to a new filter is there, the rows are those of the old one: nothing may be done to them. */}
          <div className={classes['table']} inert={queue.isStale} data-stale={queue.isStale || undefined}>
            <QueueTable
              queue={queue}
              entries={entries}
              marked={marked}
              onMark={setMarked}
              onOpen={setOpened}
              run={run}
            />
          </div>
        </>
      )}
      {isEmpty && <EmptyQueue name={name} queue={queue} isWhole={isWhole(filter)} />}
      <MessageDrawer name={name} id={opened} onClose={() => setOpened(null)} run={run} />
    </div>
  );
}

function Counts({ queue, isWhole: isAll }: { queue: QueueView; isWhole: boolean }) {
  const shown = formatCount(queue.entries?.length ?? 0);
  const total = formatCount(queue.total);
  return (
    <Text c="dimmed" role="status">
      {queue.isStale
        ? 'Looking for what fits …'
        : isAll
          ? `${total} ${queue.total === 1 ? 'message waits' : 'messages wait'}, oldest first`
          : queue.hasMore
            ? `The first ${shown} that fit, of ${total} waiting; more as you scroll`
            : `${shown} of ${total} fit`}
    </Text>
  );
}

function Seen({ queue }: { queue: QueueView }) {
  const now = useNow(2_000);
  return (
    <div className={classes['seen']}>
      <Text c="dimmed">
        {queue.seenAt === null ? '' : `seen ${formatAgo(new Date(queue.seenAt).toISOString(), now)}`}
      </Text>
      <Button
        size="xs"
        variant="subtle"
        color="gray"
        leftSection={<IconRefresh size={14} />}
        onClick={() => void queue.refresh()}
      >
        Look again
      </Button>
    </div>
  );
}

function EmptyQueue({ name, queue, isWhole: isAll }: { name: string; queue: QueueView; isWhole: boolean }) {
  const isNothingThere = isAll || queue.total === 0;
  return (
    <Stack className={classes['empty']} align="center" gap={4} role="status">
      <IconMailCheck size={28} color="var(--tone-gray)" aria-hidden />
      <Text fw={600}>{isNothingThere ? 'Nothing waits' : 'No message fits this filter'}</Text>
      <Text c="dimmed" maw={460} ta="center">
        {isNothingThere
          ? 'Every message that this gateway took was delivered or returned. Messages that cannot be delivered at once show here.'
          : `${formatCount(queue.total)} ${queue.total === 1 ? 'message waits' : 'messages wait'} in the whole queue.`}
      </Text>
      {isNothingThere && (
        <Anchor href={`#${gatewayPath(name, 'live')}`} underline="always">
          See what the gateway does now
        </Anchor>
      )}
      <Seen queue={queue} />
    </Stack>
  );
}

function Reading() {
  return (
    <Stack gap="xs" aria-label="Reading the queue" role="status">
      {[1, 2, 3, 4, 5, 6].map((row) => (
        <Skeleton key={row} height={28} />
      ))}
    </Stack>
  );
}
