// What can be done to the marked messages, or to the one that is open.
import { Anchor, Button, Group, Text } from '@mantine/core';
import {
  IconArrowBackUp,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconTrash,
} from '@tabler/icons-react';
import { formatCount } from '../../components/format-time.ts';
import type { RunQueueAction } from './use-queue-acts.tsx';

/** The buttons. */
export function QueueButtons({ ids, run }: { ids: readonly string[]; run: RunQueueAction }) {
  return (
    <Group gap={6} wrap="nowrap">
      <Button size="xs" leftSection={<IconPlayerSkipForward size={14} />} onClick={() => run('retry', ids)}>
        Retry now
      </Button>
      <Button size="xs" variant="default" leftSection={<IconPlayerPause size={14} />} onClick={() => run('hold', ids)}>
        Hold
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlayerPlay size={14} />}
        onClick={() => run('release', ids)}
      >
        Release
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconArrowBackUp size={14} />}
        onClick={() => run('bounce', ids)}
      >
        Bounce…
      </Button>
      <Button
        size="xs"
        variant="light"
        color="red"
        leftSection={<IconTrash size={14} />}
        onClick={() => run('remove', ids)}
      >
        Delete
      </Button>
    </Group>
  );
}

type Props = {
  ids: readonly string[];
  run: RunQueueAction;
  /** All loaded ones are marked and more are there; null: there are no others. */
  allWords: string | null;
  onAll: () => void;
  onNone: () => void;
};

/** Stands where the count stands while messages are marked. */
export function QueueActionBar({ ids, run, allWords, onAll, onNone }: Props) {
  return (
    <Group gap="sm" wrap="nowrap">
      <Text fw={600} role="status" style={{ whiteSpace: 'nowrap' }}>
        {formatCount(ids.length)} marked
      </Text>
      <QueueButtons ids={ids} run={run} />
      {allWords !== null && (
        <Anchor component="button" type="button" onClick={onAll} underline="always" style={{ whiteSpace: 'nowrap' }}>
          {allWords}
        </Anchor>
      )}
      <Button size="xs" variant="subtle" color="gray" onClick={onNone}>
        Clear
      </Button>
    </Group>
  );
}
