// The host key of a jump host: read without signing in there, compared by a person, trusted by its fingerprint.
import { useState } from 'react';
import { Button, Group, Stack, Text } from '@mantine/core';
import { SshAddress, type HostKey } from '#contract/fleet';
import type { Problem } from '#contract/outcome';
import { useAct, useCall } from '../../api/gateway-bridge.ts';
import { HostKeyFacts, HowToCompare } from '../../components/host-key-facts.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { SettingsField } from '../../components/settings-section.tsx';
import { JumpsField } from '../../components/ssh-fields.tsx';

type Props = {
  host: string;
  port: number;
  /** Its own name: nothing is reached by way of itself. */
  without: string;
  hostKeys: readonly HostKey[];
  onTrust: (hostKey: HostKey) => void;
};

/** Part of the form: what is trusted is saved with the rest. */
export function JumpHostKey({ host, port, without, hostKeys, onTrust }: Props) {
  const scan = useAct('ssh:scan');
  const [shown, setShown] = useState<HostKey | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const others = useCall('jump-hosts:list', {});
  const [jumps, setJumps] = useState<string[]>([]);
  const address = SshAddress.safeParse({ host, port, jumps });
  const read = async (): Promise<void> => {
    if (!address.success) return;
    setProblem(null);
    setShown(null);
    const outcome = await scan.run({ ssh: address.data });
    if (outcome.ok) setShown(outcome.value);
    else setProblem(outcome.problem);
  };
  const isPinned = shown !== null && hostKeys.some(({ key }) => key === shown.key);
  return (
    <>
      {(others.value ?? []).some(({ name }) => name !== without) && (
        <JumpsField
          jumps={jumps}
          without={without}
          help="Only to read its host key from here. Which jump hosts lead to a gateway, and in which order, the gateway says."
          onChange={setJumps}
        />
      )}
      <SettingsField label="Host key">
        <Stack gap="xs" align="stretch">
          {hostKeys.map((hostKey) => (
            <HostKeyFacts key={hostKey.fingerprint} hostKey={hostKey} label="Trusted" />
          ))}
          {hostKeys.length === 0 && <Text pt={8}>Not trusted yet: nothing connects by way of it until it is.</Text>}
          {problem !== null && <ProblemAlert problem={problem} title="No host key was read" />}
          {shown !== null && isPinned && <Text role="status">It shows the trusted key.</Text>}
          {shown !== null && !isPinned && <Question shown={shown} isChanged={hostKeys.length > 0} onTrust={onTrust} />}
          <Group>
            <Button variant="default" disabled={!address.success} loading={scan.isRunning} onClick={() => void read()}>
              {hostKeys.length === 0 ? 'Read its host key' : 'Compare with what it shows now'}
            </Button>
          </Group>
        </Stack>
      </SettingsField>
    </>
  );
}

type QuestionProps = { shown: HostKey; isChanged: boolean; onTrust: (hostKey: HostKey) => void };

function Question({ shown, isChanged, onTrust }: QuestionProps) {
  return (
    <Stack gap="xs" role="group" aria-label="Host key shown now">
      {isChanged && (
        <ProblemAlert
          title="Not the key that is trusted"
          problem={{ message: 'Either the jump host was installed anew, or somebody stands between.' }}
        />
      )}
      <HostKeyFacts hostKey={shown} label="Shown now" />
      <HowToCompare hostKey={shown} on="jump host" />
      <Group>
        <Button variant={isChanged ? 'default' : 'filled'} onClick={() => onTrust(shown)}>
          {isChanged ? 'Compared: trust the new key' : 'It is the same: trust it'}
        </Button>
      </Group>
    </Stack>
  );
}
