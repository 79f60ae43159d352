// A gateway's state as an icon, a colour and words, the same everywhere.
import type { ComponentType } from 'react';
import { Group, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClockPause,
  IconPencil,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import type { GatewayState } from '#contract/push';

type Look = { words: string; help: string; color: string; Icon: ComponentType<{ size?: number; color?: string }> };

/** Words, colour and icon of each state. */
export const stateLooks: Record<GatewayState, Look> = {
  'in-sync': { words: 'In sync', help: 'Runs what is saved here.', color: 'green', Icon: IconCircleCheck },
  'changed-here': { words: 'Changed here', help: 'Saved here, not pushed yet.', color: 'accent', Icon: IconPencil },
  'changed-there': {
    words: 'Changed there',
    help: 'Runs a revision that was not pushed from here.',
    color: 'yellow',
    Icon: IconAlertTriangle,
  },
  conflict: {
    words: 'Conflict',
    help: 'Changed here, and changed there by somebody else.',
    color: 'yellow',
    Icon: IconAlertTriangle,
  },
  'pending-confirmation': {
    words: 'Pending confirmation',
    help: 'Serves a candidate; it goes back by itself unless it is confirmed.',
    color: 'yellow',
    Icon: IconClockPause,
  },
  unreachable: {
    words: 'Unreachable',
    help: 'Does not answer over SSH. Mail may flow all the same.',
    color: 'red',
    Icon: IconPlugConnectedX,
  },
  unknown: {
    words: 'Not asked yet',
    help: 'Was not asked since the app started.',
    color: 'gray',
    Icon: IconCircleDashed,
  },
};

/** The state of a gateway in a row or a header. */
export function GatewayStateBadge({ state }: { state: GatewayState | 'unreadable' }) {
  const look =
    state === 'unreadable'
      ? { words: 'Unreadable file', color: 'red', Icon: IconCircleX, help: '' }
      : stateLooks[state];
  return (
    <Group gap={6} wrap="nowrap" title={look.help}>
      <look.Icon size={16} color={`var(--tone-${look.color})`} />
      <Text span style={{ color: `var(--tone-${look.color})`, whiteSpace: 'nowrap' }}>
        {look.words}
      </Text>
    </Group>
  );
}
