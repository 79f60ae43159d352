// Adds or edits a credential. Its secret is stored or not, and is never shown again.
import { useState } from 'react';
import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { Credential } from '#contract/fleet';
import { callGateway } from '../../api/gateway-bridge.ts';
import { SignInFields } from '../../components/sign-in-fields.tsx';
import { emptySshForm, rawSignIn, sshProblems, toSignInForm, type SignInForm } from '../../components/ssh-form.ts';
import { usersInWords } from '../../components/users-in-words.ts';
import { ReachForm, useReachDialog } from './reach-dialog.tsx';
import type { CredentialRow } from './reach-words.ts';

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
  const dialog = useReachDialog({ modalId, what: 'credential', given: row?.name ?? null, taken });
  const [form, setForm] = useState<SignInForm>(() => (row === null ? emptySshForm : toSignInForm(row.credential)));
  const parsed = Credential.safeParse(rawSignIn(form));
  const problems = parsed.success ? {} : sshProblems(parsed.error.issues);
  const hasSecret = row !== null && row.hasSecret && row.credential.signIn.kind === form.kind;
  const save = async () => {
    const secret = form.secret === '' ? {} : { secret: form.secret };
    if (!parsed.success) return dialog.submit(null);
    return dialog.submit(() =>
      callGateway('credentials:save', { name: dialog.name, credential: parsed.data, ...secret }),
    );
  };
  return (
    <ReachForm dialog={dialog} placeholder="deploy-key" onSave={() => void save()}>
      {row !== null && row.usedBy.length > 0 && (
        <Text c="dimmed">{`A change counts for ${usersInWords(row.usedBy)} at their next connection.`}</Text>
      )}
      <SignInFields
        form={form}
        problems={dialog.isTried ? problems : {}}
        hasSecret={hasSecret}
        onChange={(change) => setForm({ ...form, ...change })}
      />
    </ReachForm>
  );
}
