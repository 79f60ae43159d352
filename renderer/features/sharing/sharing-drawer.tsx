// How the fleet folder is shared: with what, how far apart, the sync itself, and what two people changed differently.
import { useState } from 'react';
import { Alert, Button, Drawer, Group, Loader, Skeleton, Stack, Text } from '@mantine/core';
import { IconCheck, IconGitMerge, IconRefresh } from '@tabler/icons-react';
import type { RemoteState } from '#ipc';
import type { CallState } from '../../api/gateway-bridge.ts';
import { formatAgo, formatMoment } from '../../components/format-time.ts';
import { Mono } from '../../components/mono.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { useNow } from '../../components/use-now.ts';
import { distanceInWords, isFolder, syncInWords, takesToken } from './conflict-choices.ts';
import { Conflicts } from './conflicts.tsx';
import { RemoteForm } from './remote-form.tsx';
import type { Sync } from './use-sync.ts';
import classes from './sharing.module.css';

type Props = { remote: CallState<RemoteState>; sync: Sync; isOpen: boolean; onClose: () => void };

/** Wide enough for three values of a field side by side. */
const drawerWidth = 820;

/** The drawer. */
export function SharingDrawer({ remote, sync, isOpen, onClose }: Props) {
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size={drawerWidth}
      title="Sharing"
      closeButtonProps={{ 'aria-label': 'Close sharing' }}
      classNames={{
        header: classes['drawerHead'] ?? '',
        title: classes['drawerTitle'] ?? '',
        body: classes['drawer'] ?? '',
      }}
    >
      {remote.problem !== null && (
        <ProblemAlert problem={remote.problem} title="How this folder is shared cannot be read">
          <Button size="xs" variant="default" loading={remote.isFetching} onClick={() => void remote.reload()}>
            Read it again
          </Button>
        </ProblemAlert>
      )}
      {remote.value === undefined && remote.problem === null && (
        <Skeleton height={160} aria-label="Reading how this folder is shared" />
      )}
      {remote.value !== undefined &&
        (remote.value.url === null ? (
          <NotShared state={remote.value} />
        ) : (
          <Shared state={remote.value} url={remote.value.url} sync={sync} />
        ))}
    </Drawer>
  );
}

function NotShared({ state }: { state: RemoteState }) {
  return (
    <Stack gap="md">
      <Text>
        Share this fleet with your team through a git repository that you already run: give its address, and Sync
        fetches what others saved and sends what you saved. Private keys and passwords never leave this computer.
      </Text>
      <RemoteForm key="new" state={state} onDone={null} />
    </Stack>
  );
}

type SharedProps = { state: RemoteState; url: string; sync: Sync };

function Shared({ state, url, sync }: SharedProps) {
  const [isEditing, setEditing] = useState(false);
  const conflicts = sync.end?.result?.conflicts ?? [];
  if (isEditing) return <RemoteForm key={url} state={state} onDone={() => setEditing(false)} />;
  return (
    <Stack gap="md">
      <Facts state={state} url={url} />
      <Group gap="xs">
        {sync.isRunning ? (
          <>
            <Button variant="default" disabled={sync.isCancelling || !sync.canStop} onClick={sync.cancel}>
              {sync.isCancelling ? 'Cancelling…' : 'Cancel the sync'}
            </Button>
            <Loader size={16} aria-hidden />
          </>
        ) : (
          <>
            <Button
              leftSection={<IconRefresh size={16} />}
              variant={conflicts.length === 0 ? 'filled' : 'default'}
              onClick={() => void sync.start()}
              data-autofocus
            >
              {conflicts.length === 0 ? 'Sync' : 'Sync anew'}
            </Button>
            <Button variant="default" onClick={() => setEditing(true)}>
              Change…
            </Button>
          </>
        )}
        <Text c="dimmed" role="status" aria-live="polite">
          {sync.words}
        </Text>
      </Group>
      <End sync={sync} />
    </Stack>
  );
}

function Facts({ state, url }: { state: RemoteState; url: string }) {
  const now = useNow();
  const { branch, hasToken, fetchedAt } = state;
  return (
    <dl className={classes['facts']}>
      <dt>Remote</dt>
      <dd>
        <Mono name="address" wraps>
          {url}
        </Mono>
        {branch !== null && <Text c="dimmed">branch {branch}</Text>}
      </dd>
      <dt>Sign-in</dt>
      <dd>{signInWords(url, hasToken)}</dd>
      <dt>Apart</dt>
      <dd>{distanceInWords(state)}</dd>
      <dt>Last fetch</dt>
      <dd>{fetchedAt === null ? 'never' : `${formatAgo(fetchedAt, now)} (${formatMoment(fetchedAt)})`}</dd>
    </dl>
  );
}

function signInWords(url: string, hasToken: boolean): string {
  if (isFolder(url)) return 'None: it is a folder';
  if (!takesToken(url)) return 'The system’s ssh with its own keys';
  return hasToken ? 'Token stored on this computer' : 'No token stored; a private repository will refuse';
}

function End({ sync }: { sync: Sync }) {
  if (sync.end === null) return null;
  const { result, problem } = sync.end;
  if (problem !== null) {
    if (problem.code === 'cancelled') {
      return (
        <Text>
          {problem.message} {problem.hint}
        </Text>
      );
    }
    return <ProblemAlert problem={problem} title="Not synced" />;
  }
  if (result.conflicts.length === 0) {
    return (
      <Alert color="green" icon={<IconCheck size={18} />}>
        {syncInWords(result)}
      </Alert>
    );
  }
  return (
    <>
      <Alert color="yellow" icon={<IconGitMerge size={18} />}>
        {syncInWords(result)} Choose whose value counts; what only one side changed is joined by itself.
      </Alert>
      <Conflicts
        conflicts={result.conflicts}
        isBusy={sync.isRunning}
        onApply={(choices) => void sync.resolve(choices)}
      />
    </>
  );
}
