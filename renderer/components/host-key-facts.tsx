// A host key as people compare it, and how to compare it.
import { Code, Stack, Text } from '@mantine/core';
import type { HostKey } from '#contract/fleet';
import { Mono } from './mono.tsx';
import classes from './host-key-facts.module.css';

/** Type and fingerprint. */
export function HostKeyFacts({ hostKey, label }: { hostKey: HostKey; label: string }) {
  return (
    <div className={classes['facts']}>
      <Text c="dimmed" size="xs">
        {label} ({hostKey.type})
      </Text>
      <Mono name="fingerprint">{hostKey.fingerprint}</Mono>
    </div>
  );
}

const keyFiles: Record<string, string> = {
  'ssh-ed25519': 'ssh_host_ed25519_key.pub',
  'ssh-rsa': 'ssh_host_rsa_key.pub',
  'rsa-sha2-256': 'ssh_host_rsa_key.pub',
  'rsa-sha2-512': 'ssh_host_rsa_key.pub',
};

/** The command that prints the same fingerprint on the host's own console. */
export function HowToCompare({ hostKey, on = 'gateway' }: { hostKey: HostKey; on?: string }) {
  const file =
    keyFiles[hostKey.type] ?? (hostKey.type.startsWith('ecdsa') ? 'ssh_host_ecdsa_key.pub' : 'ssh_host_*_key.pub');
  return (
    <Stack gap={4}>
      <Text>
        Run this on the {on} itself, at its console or over a connection you already trust, and compare all characters:
      </Text>
      <Code block>{`ssh-keygen -lf /etc/ssh/${file}`}</Code>
    </Stack>
  );
}
