// Edits how a gateway is reached by SSH. The pinned host key stays: another machine behind the address is noticed.
import { useState } from 'react';
import { Button, Group, Stack } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { FleetRow } from '#ipc';
import type { SshAddress } from '#contract/fleet';
import type { Problem } from '#contract/outcome';
import { callGateway, refreshCalls, useAct } from '../../api/gateway-bridge.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { SshFields } from '../../components/ssh-fields.tsx';
import { readSshForm, toSshForm } from '../../components/ssh-form.ts';
import { reportOutcome } from '../../components/report-outcome.ts';

const modalId = 'connection';

/** Opens the dialog. */
export function openConnectionDialog(row: FleetRow): void {
  if (row.ssh === null) return;
  modals.open({
    modalId,
    title: `SSH connection of ${row.name}`,
    size: 640,
    children: <ConnectionForm name={row.name} ssh={row.ssh} />,
  });
}

function ConnectionForm({ name, ssh }: { name: string; ssh: SshAddress }) {
  const update = useAct('gateway:update-ssh');
  const [form, setForm] = useState(() => toSshForm(ssh));
  const [isTried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const read = readSshForm(form);
  const submit = async (): Promise<void> => {
    setTried(true);
    if (!('ssh' in read)) return;
    const outcome = await update.run({ name, ssh: read.ssh });
    if (!outcome.ok) return setProblem(outcome.problem);
    if (form.secret !== '' && form.credential === null)
      reportOutcome(await callGateway('gateway:set-secret', { name, secret: form.secret }));
    modals.close(modalId);
    reportOutcome(outcome, `The SSH connection of ${name} is saved.`);
    await callGateway('fleet:refresh', { name });
    await refreshCalls('fleet:list');
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="sm">
        <SshFields
          form={form}
          problems={isTried && 'problems' in read ? read.problems : {}}
          onChange={(change) => setForm({ ...form, ...change })}
        />
        {problem !== null && <ProblemAlert problem={problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => modals.close(modalId)}>
            Cancel
          </Button>
          <Button type="submit" loading={update.isRunning}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
