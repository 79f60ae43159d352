// In the history's header: whether the folder is shared, how far both sides are apart, and the button that ends that.
import { useState } from 'react';
import { ActionIcon, Button, Group, Loader, Text, Tooltip } from '@mantine/core';
import { IconCloudShare, IconRefresh, IconSettings } from '@tabler/icons-react';
import { done } from '#contract/outcome';
import { useCall } from '../../api/gateway-bridge.ts';
import { reportOutcome } from '../../components/report-outcome.ts';
import { distanceInWords, hostOfRemote, syncInWords } from './conflict-choices.ts';
import { SharingDrawer } from './sharing-drawer.tsx';
import { useSync } from './use-sync.ts';
import classes from './sharing.module.css';

/** Status, Sync, and the drawer behind them. */
export function SharingStatus() {
  const remote = useCall('remote:state', {});
  const sync = useSync();
  const [isOpen, setOpen] = useState(false);
  const state = remote.value;
  const url = state?.url ?? null;
  const run = async (): Promise<void> => {
    const { result, problem } = await sync.start();
    if (problem?.code === 'cancelled') return void reportOutcome(done(null), problem.message);
    if (problem !== null) return setOpen(true);
    if (result.conflicts.length > 0) setOpen(true);
    else reportOutcome(done(result), syncInWords(result));
  };
  return (
    <>
      {state !== undefined && url === null && (
        <Button variant="default" leftSection={<IconCloudShare size={16} />} onClick={() => setOpen(true)}>
          Share…
        </Button>
      )}
      {remote.problem !== null && (
        <Button variant="default" leftSection={<IconCloudShare size={16} />} onClick={() => setOpen(true)}>
          Sharing…
        </Button>
      )}
      {state !== undefined && url !== null && (
        <Group gap="xs" wrap="nowrap" className={classes['status']}>
          {sync.isRunning ? (
            <>
              <Loader size={14} aria-hidden />
              <Text c="dimmed" truncate role="status">
                {sync.words}
              </Text>
              <Button variant="default" disabled={sync.isCancelling || !sync.canStop} onClick={sync.cancel}>
                {sync.isCancelling ? 'Cancelling…' : 'Cancel'}
              </Button>
            </>
          ) : (
            <>
              <Text c="dimmed" truncate title={`Shared through ${url}`}>
                {distanceInWords(state)}, {hostOfRemote(url)}
              </Text>
              <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={() => void run()}>
                Sync
              </Button>
            </>
          )}
          <Tooltip label="Sharing">
            <ActionIcon variant="default" size={36} aria-label="Sharing" onClick={() => setOpen(true)}>
              <IconSettings size={18} />
            </ActionIcon>
          </Tooltip>
        </Group>
      )}
      <SharingDrawer remote={remote} sync={sync} isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  );
}
