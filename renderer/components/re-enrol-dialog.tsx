// A gateway that shows another host key: both fingerprints side by side, and a deliberate way to trust the new one.
// Nothing secret is sent by this dialog; the scan closes before any sign-in.
import { useState } from 'react';
import { Alert, Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import { IconShieldX } from '@tabler/icons-react';
import type { FleetRow } from '#ipc';
import type { HostKey, SshAddress } from '#contract/fleet';
import type { Problem } from '#contract/outcome';
import { callGateway, refreshCalls, useAct, useCall } from '../api/gateway-bridge.ts';
import { HostKeyFacts, HowToCompare } from './host-key-facts.tsx';
import { ProblemAlert } from './problem-alert.tsx';

const modalId = 're-enrol';

/** Opens the dialog for one gateway of the fleet. */
export function openReEnrolDialog(name: string): void {
  modals.open({
    modalId,
    title: `Host key of ${name}`,
    size: 620,
    zIndex: 400,
    children: <ReEnrol name={name} />,
  });
}

function ReEnrol({ name }: { name: string }) {
  const fleet = useCall('fleet:list', {});
  const row = fleet.value?.find((candidate) => candidate.name === name);
  if (row === undefined || row.ssh === null) return <Skeleton height={120} />;
  return <Comparison row={row} ssh={row.ssh} />;
}

function Comparison({ row, ssh }: { row: FleetRow; ssh: SshAddress }) {
  const scan = useCall('gateway:scan-host-key', { host: ssh.host, port: ssh.port });
  const shown = scan.value;
  return (
    <Stack gap="sm">
      {row.hostKeys.map((hostKey) => (
        <HostKeyFacts key={hostKey.fingerprint} hostKey={hostKey} label="Pinned here" />
      ))}
      {shown === undefined && scan.problem === null && <Skeleton height={60} aria-label="Reading the host key" />}
      {scan.problem !== null && (
        <ProblemAlert problem={scan.problem} title={`${ssh.host} port ${ssh.port} shows no host key`}>
          <Button size="xs" variant="default" onClick={() => void scan.reload()}>
            Read it again
          </Button>
        </ProblemAlert>
      )}
      {shown !== undefined && <HostKeyFacts hostKey={shown} label={`Shown now by ${ssh.host} port ${ssh.port}`} />}
      {shown !== undefined &&
        (row.hostKeys.some((hostKey) => hostKey.key === shown.key) ? (
          <Text>The key shown is one of the pinned ones: nothing has changed.</Text>
        ) : (
          <Decision name={row.name} hostKey={shown} />
        ))}
    </Stack>
  );
}

function Decision({ name, hostKey }: { name: string; hostKey: HostKey }) {
  const pin = useAct('gateway:pin-host-key');
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const trust = async (): Promise<void> => {
    const outcome = await pin.run({ name, hostKey });
    if (!outcome.ok) return setProblem(outcome.problem);
    modals.close(modalId);
    notifications.show({ message: `The new host key of ${name} is pinned.`, color: 'green' });
    await callGateway('fleet:refresh', { name });
    await refreshCalls('fleet:list');
  };
  return (
    <>
      <Alert color="red" icon={<IconShieldX size={18} />} title="Not the key that was pinned">
        <Text>
          Either the gateway was installed anew, or somebody stands between. Postern stopped before it sent anything
          secret.
        </Text>
      </Alert>
      <HowToCompare hostKey={hostKey} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === name) void trust();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={`You compared it and it is the same: type ${name} to trust the new key`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
          />
          {problem !== null && <ProblemAlert problem={problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => modals.close(modalId)}>
              Keep the old key
            </Button>
            <Button type="submit" color="red" disabled={typed !== name} loading={pin.isRunning}>
              Trust the new key
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  );
}
