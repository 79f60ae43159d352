// The first screen of a fresh install: what this is, and two ways to begin.
import { Button, Group, Loader, Text, Title } from '@mantine/core';
import { IconPlus, IconPlayerPlay } from '@tabler/icons-react';
import { useCall } from '../../api/gateway-bridge.ts';
import { importSshPath } from '../../components/connect-paths.ts';
import { enrolPath } from '../../components/enrol-path.ts';
import { goTo } from '../../components/guarded-location.ts';
import { openFleetFolder } from '../../components/open-fleet-folder.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import type { TryHere } from './try-here.ts';
import classes from './fleet.module.css';

/** Shown while the fleet folder holds no gateway. */
export function FirstSteps({ tryHere }: { tryHere: TryHere }) {
  const info = useCall('app:info', {});
  return (
    <div className={classes['first']}>
      <Title order={2} size="h2">
        No gateway yet
      </Title>
      <Text mt="xs">
        Postern edits who may connect to your SMTP gateways, and pushes it over SSH. Every push proves itself: the
        gateway checks it, switches, looks at its own port, and goes back by itself unless Postern confirms it.
      </Text>
      <div className={classes['ways']}>
        <section aria-labelledby="way-add" className={classes['way']}>
          <Title order={3} size="h4" id="way-add">
            A gateway you run
          </Title>
          <Text c="dimmed">Its agent is installed and you can sign in by SSH. You compare its host key first.</Text>
          <Button mt="auto" leftSection={<IconPlus size={16} />} onClick={() => goTo('/add')}>
            Add a gateway
          </Button>
          <Button variant="subtle" size="compact-sm" onClick={() => goTo(importSshPath)}>
            Import from ~/.ssh/config
          </Button>
          <Button variant="subtle" size="compact-sm" onClick={() => goTo(enrolPath)}>
            Enrol a bare host
          </Button>
        </section>
        <section aria-labelledby="way-try" className={classes['way']}>
          <Title order={3} size="h4" id="way-try">
            A gateway to play with
          </Title>
          <Text c="dimmed">
            A real agent on this computer, on a free port from 2525 up. Nothing outside this computer is touched.
          </Text>
          <Button
            mt="auto"
            variant="default"
            leftSection={<IconPlayerPlay size={16} />}
            onClick={tryHere.start}
            disabled={tryHere.isRunning}
          >
            Try it on this computer
          </Button>
        </section>
      </div>
      <Group gap="xs" mt="md" role="status" mih={24}>
        {tryHere.isRunning && <Loader size={16} />}
        <Text>{tryHere.words}</Text>
      </Group>
      {tryHere.problem !== null && <ProblemAlert problem={tryHere.problem} title="The local gateway did not start" />}
      {info.value !== undefined && (
        <Group gap="xs" mt="md">
          <Text c="dimmed" size="xs">
            Fleet folder: {info.value.fleetFolder}
          </Text>
          <Button variant="subtle" size="compact-xs" onClick={() => void openFleetFolder()}>
            Open another…
          </Button>
        </Group>
      )}
    </div>
  );
}
