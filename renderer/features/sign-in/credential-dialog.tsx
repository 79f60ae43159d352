// Adds or edits a credential. Its secret is stored or not, and is never shown again.
import { useState } from 'react';
import { Button, Group, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { Credential } from '#contract/fleet';
import type { Problem } from '#contract/outcome';
import { useAct } from '../../api/gateway-bridge.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { SignInFields } from '../../components/sign-in-fields.tsx';
import { emptySshForm, rawSignIn, sshProblems, toSignInForm, type SignInForm } from '../../components/ssh-form.ts';
import { usersInWords } from '../../components/users-in-words.ts';
import { judgeNewName, NameField } from './name-field.tsx';
import type { CredentialRow } from './reach-words.ts';
import { refreshReach } from './refresh-reach.ts';

const modalId = 'credential';

/** Opens the dialog; `row`: the one to edit. */
export function openCredentialDialog(
  row: CredentialRow | null,
  { credentials = [] }: { credentials?: readonly CredentialRow[] | undefined },
): void {
  modals.open({
    modalId,
    title: row === null ? 'Add a credential' : `Credential ${row.name}`,
    size: 640,
    children: <CredentialForm row={row} taken={credentials.map(({ name }) => name)} />,
  });
}

function CredentialForm({ row, taken }: { row: CredentialRow | null; taken: readonly string[] }) {
  const save = useAct('credentials:save');
  const [name, setName] = useState(row?.name ?? '');
  const [form, setForm] = useState<SignInForm>(() => (row === null ? emptySshForm : toSignInForm(row.credential)));
  const [isTried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const parsed = Credential.safeParse(rawSignIn(form));
  const problems = parsed.success ? {} : sshProblems(parsed.error.issues);
  const nameProblem = row === null ? judgeNewName(name, taken) : null;
  const hasSecret = row !== null && row.hasSecret && row.credential.signIn.kind === form.kind;
  const submit = async (): Promise<void> => {
    setTried(true);
    if (!parsed.success || nameProblem !== null) return;
    const secret = form.secret === '' ? {} : { secret: form.secret };
    const outcome = await save.run({ name, credential: parsed.data, ...secret });
    if (!outcome.ok) return setProblem(outcome.problem);
    modals.close(modalId);
    reportOutcome(outcome, `The credential ${name} is saved.`);
    await refreshReach();
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="sm">
        {row !== null && row.usedBy.length > 0 && (
          <Text c="dimmed">{`A change counts for ${usersInWords(row.usedBy)} at their next connection.`}</Text>
        )}
        {row === null && (
          <NameField
            id="credential-name"
            value={name}
            placeholder="deploy-key"
            problem={isTried ? nameProblem : null}
            onChange={setName}
          />
        )}
        <SignInFields
          form={form}
          problems={isTried ? problems : {}}
          hasSecret={hasSecret}
          onChange={(change) => setForm({ ...form, ...change })}
        />
        {problem !== null && <ProblemAlert problem={problem} title="Not saved" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => modals.close(modalId)}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isRunning}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
