// The queue in figures: how much waits, for how long, and what is wrong with it.
import { Anchor, Text } from '@mantine/core';
import { formatAge } from '#contract/age-words';
import type { QueueGauges } from '#contract/replies';
import { formatCount } from '../../components/format-time.ts';
import { formatBytes } from '../../components/format-bytes.ts';
import { gatewayPath } from '../../components/gateway-path.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import classes from './gateway.module.css';

/** One tile beside the others of Live. */
export function QueueTile({ name, gauges }: { name: string; gauges: QueueGauges }) {
  const { messages, bytes, oldestAgeSeconds } = gauges;
  return (
    <div className={classes['tile']}>
      <Anchor href={`#${gatewayPath(name, 'queue')}`} underline="always">
        Messages in the queue
      </Anchor>
      <div className={classes['figure']}>{formatCount(messages)}</div>
      <Text c="dimmed">{formatBytes(bytes)}</Text>
      {oldestAgeSeconds !== null && <Text c="dimmed">oldest {formatAge(oldestAgeSeconds)}</Text>}
    </div>
  );
}

/** Why the queue takes no mail, and what of it cannot be read; nothing when all is well. */
export function QueueTrouble({ gauges }: { gauges: QueueGauges }) {
  const { stoppedBecause, damaged } = gauges;
  return (
    <>
      {stoppedBecause !== null && (
        <ProblemAlert
          title="The queue takes no mail"
          problem={{
            message: stoppedBecause,
            hint: 'Clients keep their mail and try again. It goes on by itself when the cause is gone.',
          }}
        />
      )}
      {damaged > 0 && (
        <ProblemAlert
          tone="warning"
          title={
            damaged === 1 ? '1 part of the queue is damaged' : `${formatCount(damaged)} parts of the queue are damaged`
          }
          problem={{
            message: 'They were set aside in the folder of the queue and stop nothing else.',
            hint: 'Look at the disk of this gateway; the event log names the files.',
          }}
        />
      )}
    </>
  );
}
