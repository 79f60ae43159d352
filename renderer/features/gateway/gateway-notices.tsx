// What stands between this gateway and a push, in words with a next step. Editing goes on below it.
import { useState, type ReactNode } from 'react';
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconClockPause, IconPlugConnectedX } from '@tabler/icons-react';
import type { FleetRow } from '#ipc';
import { callGateway, refreshCalls } from '../../api/gateway-bridge.ts';
import { formatAgo } from '../../components/format-time.ts';
import { RevisionText } from '../../components/mono.tsx';
import { openReEnrolDialog } from '../../components/re-enrol-dialog.tsx';
import { useNow } from '../../components/use-now.ts';
import classes from './gateway.module.css';

/** `drift` shows what somebody else changed there. */
type Props = { name: string; row: FleetRow | undefined; drift: ReactNode };

/** Nothing when all is well. */
export function GatewayNotices({ name, row, drift }: Props) {
  if (row === undefined) return null;
  const notice = pickNotice(name, row, drift);
  return notice === null ? null : <div className={classes['notices']}>{notice}</div>;
}

function pickNotice(name: string, row: FleetRow, drift: ReactNode) {
  const { sight } = row;
  if (sight.problem !== null) return <Unreachable name={name} row={row} problem={sight.problem} />;
  const pending = sight.status?.pending ?? null;
  if (sight.state === 'pending-confirmation' && pending !== null) {
    const { author, secondsLeft, revision } = pending;
    return (
      <Alert color="yellow" icon={<IconClockPause size={18} />}>
        <Text>
          Serves the candidate <RevisionText revision={revision} /> of {author}. Without its confirmation {name} goes
          back by itself in {Math.ceil(secondsLeft)} seconds.
        </Text>
      </Alert>
    );
  }
  if (sight.state === 'changed-there' || sight.state === 'conflict') {
    return (
      <Alert color="yellow" icon={<IconAlertTriangle size={18} />}>
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Text>
            Runs <RevisionText revision={sight.status?.runningRevision} />, which was not pushed from here. A push stops
            and asks before it replaces it.
          </Text>
          {drift}
        </Group>
      </Alert>
    );
  }
  return null;
}

type Unreached = { name: string; row: FleetRow; problem: NonNullable<FleetRow['sight']['problem']> };

function Unreachable({ name, row, problem }: Unreached) {
  const now = useNow();
  const [isLooking, setLooking] = useState(false);
  const look = async (): Promise<void> => {
    setLooking(true);
    await callGateway('fleet:refresh', { name });
    await refreshCalls('fleet:list');
    await refreshCalls('fleet:hello');
    setLooking(false);
  };
  const { seenAt } = row.sight;
  return (
    <Alert color="red" icon={<IconPlugConnectedX size={18} />} py="xs" role="alert">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text>
            {problem.message} {problem.hint}
          </Text>
          <Text c="dimmed">
            {seenAt === null ? 'Never seen.' : `Last seen ${formatAgo(seenAt, now)}.`} You can edit and save; the push
            waits.
          </Text>
        </div>
        <Group gap="xs" wrap="nowrap">
          {problem.code === 'host-key-changed' && (
            <Button size="xs" variant="default" onClick={() => openReEnrolDialog(name)}>
              Compare host keys…
            </Button>
          )}
          <Button size="xs" variant="default" loading={isLooking} onClick={() => void look()}>
            Look again
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
