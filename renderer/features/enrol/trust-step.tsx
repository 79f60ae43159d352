// Second step: a person compares the fingerprint before root's password, or any other secret, is sent.
import { Button, Group, Text } from '@mantine/core';
import type { HostKey } from '#contract/fleet';
import { HostKeyFacts, HowToCompare } from '../../components/host-key-facts.tsx';
import { SettingsSection } from '../../components/settings-section.tsx';

type Props = { host: string; port: number; hostKey: HostKey; onTrust: () => void; onBack: () => void };

/** The question of first contact. */
export function TrustStep({ host, port, hostKey, onTrust, onBack }: Props) {
  return (
    <SettingsSection
      title={`Is this ${host}?`}
      help={`${host} port ${port} shows this host key. Postern has not signed in yet. If you trust the key, it is pinned: a different one later stops every push.`}
    >
      <HostKeyFacts hostKey={hostKey} label="Host key shown" />
      <HowToCompare hostKey={hostKey} on="host" />
      <Text>If they differ, somebody may stand between this computer and the host: go back and find out who.</Text>
      <Group>
        <Button onClick={onTrust}>It is the same: sign in and look</Button>
        <Button variant="subtle" color="gray" onClick={onBack}>
          Back
        </Button>
      </Group>
    </SettingsSection>
  );
}
