// The whole fleet into one encrypted file. The passphrase is typed twice: nobody can open the file without it.
import { useState } from 'react';
import { Button, Group, PasswordInput, Stack, Switch, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { Problem } from '#contract/outcome';
import { useAct } from '../../api/gateway-bridge.ts';
import { countGateways } from '../../components/format-time.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { countKeys } from './count-keys.ts';

const modalId = 'export';

/** Opens the dialog. */
export function openExportDialog(): void {
  modals.open({ modalId, title: 'Export everything', children: <ExportForm /> });
}

function ExportForm() {
  const act = useAct('backup:export');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [withPrivateKeys, setWithPrivateKeys] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const differs = again !== '' && again !== passphrase;
  const write = async (): Promise<void> => {
    setProblem(null);
    const outcome = await act.run({ passphrase, withPrivateKeys });
    if (!outcome.ok) return setProblem(outcome.problem);
    if (outcome.value === null) return; // the file dialog was closed: the passphrase stays typed
    const { fileName, gateways, privateKeys } = outcome.value;
    modals.close(modalId);
    reportOutcome(outcome, `${fileName} is written: ${countGateways(gateways)}, ${countKeys(privateKeys)}.`);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (passphrase !== '' && again === passphrase) void write();
      }}
    >
      <Stack gap="sm">
        <Text>
          Settings, lists, certificates and their history go into one file, encrypted with this passphrase. It is kept
          nowhere: without it the file cannot be opened.
        </Text>
        <PasswordInput
          label="Passphrase"
          value={passphrase}
          autoComplete="new-password"
          data-autofocus
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
        <PasswordInput
          label="Passphrase again"
          value={again}
          autoComplete="new-password"
          error={differs ? 'The two are not the same.' : null}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        <Switch
          label="With private keys"
          description="Whoever has the file and the passphrase can then speak for these gateways."
          checked={withPrivateKeys}
          onChange={(event) => setWithPrivateKeys(event.currentTarget.checked)}
        />
        {problem !== null && <ProblemAlert problem={problem} title="The export was not written" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => modals.close(modalId)}>
            Cancel
          </Button>
          <Button type="submit" disabled={passphrase === '' || again !== passphrase} loading={act.isRunning}>
            Choose the file…
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
