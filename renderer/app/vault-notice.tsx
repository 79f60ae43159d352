// The private-key store asks for its passphrase: a line that stays until it is open, and the dialog behind it.
import { useState } from 'react';
import { Alert, Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { VaultState } from '#ipc';
import type { Problem } from '#contract/outcome';
import { refreshCalls, useAct, useCall } from '../api/gateway-bridge.ts';
import { ProblemAlert } from '../components/problem-alert.tsx';

/** Nothing while the store is open. */
export function VaultNotice() {
  const info = useCall('app:info', {});
  const [isAsking, setAsking] = useState(false);
  const vault = info.value?.vault;
  if (vault === undefined || vault.state === 'keychain' || vault.state === 'passphrase') return null;
  const isNew = vault.state === 'new';
  return (
    <Alert color="yellow" icon={<IconLock size={18} />} radius={0} p="xs" role="status">
      <Group justify="space-between" wrap="nowrap">
        <Text>{vault.words}</Text>
        <Button size="xs" variant="default" onClick={() => setAsking(true)}>
          {isNew ? 'Choose a passphrase…' : 'Unlock…'}
        </Button>
      </Group>
      <VaultDialog vault={vault} isOpen={isAsking} onClose={() => setAsking(false)} />
    </Alert>
  );
}

/** Chooses the passphrase of a new store, or opens a locked one. */
function VaultDialog({ vault, isOpen, onClose }: { vault: VaultState; isOpen: boolean; onClose: () => void }) {
  const isNew = vault.state === 'new';
  const unlock = useAct('vault:unlock');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const differs = isNew && again !== '' && again !== passphrase;
  const isReady = passphrase !== '' && (!isNew || again === passphrase);
  const submit = async (): Promise<void> => {
    const outcome = await unlock.run({ passphrase });
    if (!outcome.ok) return setProblem(outcome.problem);
    setPassphrase('');
    setAgain('');
    await refreshCalls('app:info');
    onClose();
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={isNew ? 'Choose a passphrase for secrets' : 'Unlock secrets'}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void submit();
        }}
      >
        <Stack gap="sm">
          <Text>
            {isNew
              ? 'This system has no keychain that Postern can use. Private keys, passwords and passphrases are encrypted with this passphrase instead. It cannot be recovered: keep it in your password manager.'
              : 'Private keys, passwords and passphrases on this computer are encrypted with a passphrase. Postern asks for it once after each start.'}
          </Text>
          <PasswordInput
            label="Passphrase"
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            data-autofocus
          />
          {isNew && (
            <PasswordInput
              label="Passphrase again"
              value={again}
              onChange={(event) => setAgain(event.currentTarget.value)}
              error={differs ? 'The two are not the same.' : null}
            />
          )}
          {problem !== null && <ProblemAlert problem={problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!isReady} loading={unlock.isRunning}>
              {isNew ? 'Use this passphrase' : 'Unlock'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
