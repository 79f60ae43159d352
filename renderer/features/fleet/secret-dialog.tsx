// Sets the password, or the passphrase of the key file, that a gateway's sign-in needs. It is never shown again.
import { useState } from 'react';
import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { FleetRow } from '#ipc';
import type { Problem } from '#contract/outcome';
import { useAct } from '../../api/gateway-bridge.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';

const modalId = 'secret';

/** Opens the dialog. */
export function openSecretDialog(row: FleetRow): void {
  const word = row.ssh?.signIn.kind === 'key' ? 'Passphrase' : 'Password';
  modals.open({ modalId, title: `${word} for ${row.name}`, children: <SecretForm name={row.name} word={word} /> });
}

function SecretForm({ name, word }: { name: string; word: string }) {
  const act = useAct('gateway:set-secret');
  const [secret, setSecret] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (): Promise<void> => {
    const outcome = await act.run({ name, secret });
    if (!outcome.ok) return setProblem(outcome.problem);
    modals.close(modalId);
    reportOutcome(outcome, `${word} for ${name} is stored.`);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (secret !== '') void submit();
      }}
    >
      <Stack gap="sm">
        <Text>Stored with this computer’s secrets, never in the fleet folder. It is not shown again.</Text>
        <PasswordInput
          label={word}
          value={secret}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
        {problem !== null && <ProblemAlert problem={problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => modals.close(modalId)}>
            Cancel
          </Button>
          <Button type="submit" disabled={secret === ''} loading={act.isRunning}>
            Store
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
