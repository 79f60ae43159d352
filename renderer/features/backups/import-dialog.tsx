// An exported file into an empty folder, which is opened then. The fleet that is open now stays where it is.
import { useState } from 'react';
import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { Problem } from '#contract/outcome';
import { useAct } from '../../api/gateway-bridge.ts';
import { countGateways } from '../../components/format-time.ts';
import { showOpenedFolder } from '../../components/open-fleet-folder.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { countKeys } from './count-keys.ts';

const modalId = 'import';

/** Opens the dialog. */
export function openImportDialog(): void {
  modals.open({ modalId, title: 'Import an exported fleet', children: <ImportForm /> });
}

function ImportForm() {
  const act = useAct('backup:import');
  const [passphrase, setPassphrase] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const bring = async (): Promise<void> => {
    setProblem(null);
    const outcome = await act.run({ passphrase });
    if (!outcome.ok) return setProblem(outcome.problem);
    if (outcome.value === null) return; // a file dialog was closed: the passphrase stays typed
    const { fleetFolder, gateways, privateKeys } = outcome.value;
    modals.close(modalId);
    await showOpenedFolder(
      `Imported ${countGateways(gateways)} and ${countKeys(privateKeys)}; ${fleetFolder} is open.`,
    );
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (passphrase !== '') void bring();
      }}
    >
      <Stack gap="sm">
        <Text>
          Choose the file, then an empty folder: everything in the file goes there, and that folder is opened. The fleet
          that is open now stays as it is.
        </Text>
        <PasswordInput
          label="Passphrase of the export"
          value={passphrase}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
        {problem !== null && <ProblemAlert problem={problem} title="Nothing was imported" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => modals.close(modalId)}>
            Cancel
          </Button>
          <Button type="submit" disabled={passphrase === ''} loading={act.isRunning}>
            Choose the file…
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
