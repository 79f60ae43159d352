// The state of a waiting message or of one recipient: an icon, a colour and a word.
import type { ComponentType } from 'react';
import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  IconClockPause,
  IconPlayerPause,
  IconTrash,
} from '@tabler/icons-react';
import classes from './queue.module.css';

type Look = { word: string; tone: string; Icon: ComponentType<{ size?: number }>; help: string };

const looks: Record<string, Look> = {
  queued: { word: 'Queued', tone: 'gray', Icon: IconClock, help: 'Waits for its first attempt, or for its turn.' },
  deferred: { word: 'Deferred', tone: 'yellow', Icon: IconClockPause, help: 'An attempt failed; it is tried again.' },
  held: { word: 'Held', tone: 'accent', Icon: IconPlayerPause, help: 'Kept here until somebody releases it.' },
  deleted: {
    word: 'Deleted',
    tone: 'red',
    Icon: IconTrash,
    help: 'Is tried no more; can be brought back for minutes.',
  },
  delivered: { word: 'Delivered', tone: 'green', Icon: IconCircleCheck, help: 'Another server took it.' },
  bounced: { word: 'Returned', tone: 'red', Icon: IconCircleX, help: 'Its sender was told.' },
};

/** A state that this desktop does not know is shown by its own name. */
export function MessageState({ state }: { state: string }) {
  const look = looks[state] ?? { word: state, tone: 'gray', Icon: IconCircleDashed, help: '' };
  return (
    <span className={classes['state']} style={{ color: `var(--tone-${look.tone})` }} title={look.help}>
      <look.Icon size={16} />
      {look.word}
    </span>
  );
}
