// Second step: a person compares the fingerprint before anything secret is sent.
import { Button, Group, Text } from '@mantine/core';
import type { HostKey, SshAddress } from '#contract/fleet';
import { HostKeyFacts, HowToCompare } from '../../components/host-key-facts.tsx';
import { SettingsSection } from '../../components/settings-section.tsx';

type Props = { name: string; ssh: SshAddress; hostKey: HostKey; onTrust: () => void; onBack: () => void };

/** The question of first contact. */
export function HostKeyStep({ name, ssh, hostKey, onTrust, onBack }: Props) {
  return (
    <SettingsSection
      title={`Is this ${name}?`}
      help={`${ssh.host} port ${ssh.port} shows this host key. Postern has not signed in yet. If you trust the key, it is pinned: a different one later stops every push.`}
    >
      <HostKeyFacts hostKey={hostKey} label="Host key shown" />
      <HowToCompare hostKey={hostKey} />
      <Text>If they differ, somebody may stand between this computer and the gateway: go back and find out who.</Text>
      <Group>
        <Button onClick={onTrust} data-autofocus>
          It is the same: trust it and sign in
        </Button>
        <Button variant="subtle" color="gray" onClick={onBack}>
          Back
        </Button>
      </Group>
    </SettingsSection>
  );
}
