// A gateway's host key compared by a person: one that shows another key than the pinned one, side by side and with a
// deliberate way to trust the new one, and one whose key nobody knows yet.
// Nothing secret is sent by this dialog; the scan closes before any sign-in.
import { useState, type ReactNode } from 'react';
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
  const scan = useCall('ssh:scan', { ssh }); // by way of its jump hosts, as every connection
  const shown = scan.value;
  const place = ssh.readsSshConfig ? `${ssh.host}, as ~/.ssh/config has it,` : `${ssh.host} port ${ssh.port}`;
  return (
    <Stack gap="sm">
      {row.hostKeys.map((hostKey) => (
        <HostKeyFacts key={hostKey.fingerprint} hostKey={hostKey} label="Pinned here" />
      ))}
      {shown === undefined && scan.problem === null && <Skeleton height={60} aria-label="Reading the host key" />}
      {scan.problem !== null && (
        <ProblemAlert problem={scan.problem} title={`${place} shows no host key`}>
          <Button size="xs" variant="default" onClick={() => void scan.reload()}>
            Read it again
          </Button>
        </ProblemAlert>
      )}
      {shown !== undefined && <HostKeyFacts hostKey={shown} label={`Shown now by ${place.replace(/,$/, '')}`} />}
      {shown !== undefined &&
        (row.hostKeys.some((hostKey) => hostKey.key === shown.key) ? (
          <Text>The key shown is one of the pinned ones: nothing has changed.</Text>
        ) : (
          <Decision name={row.name} hostKey={shown} isFirst={row.hostKeys.length === 0} />
        ))}
    </Stack>
  );
}

type DecisionProps = { name: string; hostKey: HostKey; isFirst: boolean };

function Decision({ name, hostKey, isFirst }: DecisionProps) {
  const pin = useAct('gateway:pin-host-key');
  const [problem, setProblem] = useState<Problem | null>(null);
  const trust = async (): Promise<void> => {
    const outcome = await pin.run({ name, hostKey });
    if (!outcome.ok) return setProblem(outcome.problem);
    modals.close(modalId);
    const which = isFirst ? 'The host key' : 'The new host key';
    notifications.show({ message: `${which} of ${name} is pinned.`, color: 'green' });
    await refreshCalls('fleet:list');
    await callGateway('fleet:refresh', { name });
    await refreshCalls('fleet:list');
  };
  const Question = isFirst ? FirstKey : ChangedKey;
  return (
    <Question name={name} hostKey={hostKey} isRunning={pin.isRunning} onTrust={() => void trust()}>
      {problem !== null && <ProblemAlert problem={problem} />}
    </Question>
  );
}

type QuestionProps = { name: string; hostKey: HostKey; isRunning: boolean; onTrust: () => void; children: ReactNode };

function FirstKey({ hostKey, isRunning, onTrust, children }: QuestionProps) {
  return (
    <>
      <Text>No key is pinned yet, and Postern has not signed in. A different key later stops every push.</Text>
      <HowToCompare hostKey={hostKey} />
      <Text>If they differ, somebody may stand between this computer and the gateway.</Text>
      {children}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => modals.close(modalId)}>
          Not now
        </Button>
        <Button loading={isRunning} onClick={onTrust}>
          It is the same: trust it
        </Button>
      </Group>
    </>
  );
}

function ChangedKey({ name, hostKey, isRunning, onTrust, children }: QuestionProps) {
  const [typed, setTyped] = useState('');
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
          if (typed === name) onTrust();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={`You compared it and it is the same: type ${name} to trust the new key`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
          />
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => modals.close(modalId)}>
              Keep the old key
            </Button>
            <Button type="submit" color="red" disabled={typed !== name} loading={isRunning}>
              Trust the new key
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  );
}
