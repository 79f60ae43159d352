// What can be done to the marked messages, or to the one that is open.
import type { ComponentType } from 'react';
import { Anchor, Button, Group, Text, type ButtonProps } from '@mantine/core';
import {
  IconArrowBackUp,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconRestore,
  IconTrash,
} from '@tabler/icons-react';
import type { QueueEntry } from '#contract/replies';
import { formatCount } from '../../components/format-time.ts';
import { possibleActs, type QueueAction } from './describe-entry.ts';
import type { RunQueueAction } from './use-queue-acts.tsx';

type Look = { action: QueueAction; words: string; Icon: ComponentType<{ size?: number }>; props: ButtonProps };

const looks: Look[] = [
  { action: 'retry', words: 'Retry now', Icon: IconPlayerSkipForward, props: {} },
  { action: 'hold', words: 'Hold', Icon: IconPlayerPause, props: { variant: 'default' } },
  { action: 'release', words: 'Release', Icon: IconPlayerPlay, props: { variant: 'default' } },
  { action: 'bounce', words: 'Bounce…', Icon: IconArrowBackUp, props: { variant: 'default' } },
  { action: 'remove', words: 'Delete', Icon: IconTrash, props: { variant: 'light', color: 'red' } },
];

/** The buttons; what would change nothing is not offered. What is deleted has one way only: back. */
export function QueueButtons({ entries, run }: { entries: readonly QueueEntry[]; run: RunQueueAction }) {
  const ids = entries.map(({ id }) => id);
  const possible = possibleActs(entries);
  const isGone = possible.has('restore') && possible.size === 1;
  if (isGone) {
    return (
      <Button size="xs" leftSection={<IconRestore size={14} />} onClick={() => run('restore', ids)}>
        Bring back
      </Button>
    );
  }
  return (
    <Group gap={6} wrap="nowrap">
      {looks.map(({ action, words, Icon, props }) => (
        <Button
          key={action}
          {...props}
          size="xs"
          leftSection={<Icon size={14} />}
          disabled={!possible.has(action)}
          onClick={() => run(action, ids)}
        >
          {words}
        </Button>
      ))}
    </Group>
  );
}

type Props = {
  entries: readonly QueueEntry[];
  run: RunQueueAction;
  /** All loaded ones are marked and more are there; null: there are no others. */
  allWords: string | null;
  onAll: () => void;
  onNone: () => void;
};

/** Stands where the count stands while messages are marked. */
export function QueueActionBar({ entries, run, allWords, onAll, onNone }: Props) {
  return (
    <Group gap="sm" wrap="nowrap">
      <Text fw={600} role="status" style={{ whiteSpace: 'nowrap' }}>
        {formatCount(entries.length)} marked
      </Text>
      <QueueButtons entries={entries} run={run} />
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
