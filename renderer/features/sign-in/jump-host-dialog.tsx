// Adds or edits a jump host: where it is, who signs in there, and its host key compared by a person.
import { useState } from 'react';
import { Button, Group, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { JumpHost, type HostKey } from '#contract/fleet';
import type { Problem } from '#contract/outcome';
import { useAct, useCall } from '../../api/gateway-bridge.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { SettingsField } from '../../components/settings-section.tsx';
import { SignInFields } from '../../components/sign-in-fields.tsx';
import { emptySshForm, rawSignIn, sshProblems, toSignInForm, type SshForm } from '../../components/ssh-form.ts';
import { JumpHostKey } from './jump-host-key.tsx';
import { judgeNewName, NameField } from './name-field.tsx';
import type { JumpHostRow } from './reach-words.ts';
import { refreshReach } from './refresh-reach.ts';

const modalId = 'jump-host';

/** Opens the dialog; `row`: the one to edit. */
export function openJumpHostDialog(
  row: JumpHostRow | null,
  { jumpHosts = [] }: { jumpHosts?: readonly JumpHostRow[] | undefined },
): void {
  modals.open({
    modalId,
    title: row === null ? 'Add a jump host' : `Jump host ${row.name}`,
    size: 800,
    children: <JumpHostForm row={row} taken={jumpHosts.map(({ name }) => name)} />,
  });
}

type Form = Omit<SshForm, 'jumps' | 'readsSshConfig'>;

function toForm(row: JumpHostRow | null): Form {
  if (row === null) return { ...emptySshForm, user: '' };
  const { host, port, credential } = row.jumpHost;
  return { host, port, credential, ...toSignInForm(row.jumpHost) };
}

function readForm(form: Form, hostKeys: readonly HostKey[]) {
  const { host, port, credential } = form;
  const own = credential === null ? rawSignIn(form) : {};
  return JumpHost.safeParse({ host: host.trim(), port: Number(port), credential, ...own, hostKeys });
}

function JumpHostForm({ row, taken }: { row: JumpHostRow | null; taken: readonly string[] }) {
  const save = useAct('jump-hosts:save');
  const [name, setName] = useState(row?.name ?? '');
  const [form, setForm] = useState<Form>(() => toForm(row));
  const [hostKeys, setHostKeys] = useState<readonly HostKey[]>(row?.jumpHost.hostKeys ?? []);
  const [isTried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const parsed = readForm(form, hostKeys);
  const problems = isTried && !parsed.success ? sshProblems(parsed.error.issues) : {};
  const nameProblem = row === null ? judgeNewName(name, taken) : null;
  const hasSecret = row !== null && row.hasSecret && row.jumpHost.signIn.kind === form.kind;
  const submit = async (): Promise<void> => {
    setTried(true);
    if (!parsed.success || nameProblem !== null) return;
    const secret = form.secret === '' || form.credential !== null ? {} : { secret: form.secret };
    const outcome = await save.run({ name, jumpHost: parsed.data, ...secret });
    if (!outcome.ok) return setProblem(outcome.problem);
    modals.close(modalId);
    reportOutcome(outcome, `The jump host ${name} is saved.`);
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
        {row === null && (
          <NameField
            id="jump-host-name"
            value={name}
            placeholder="bastion"
            problem={isTried ? nameProblem : null}
            onChange={setName}
          />
        )}
        <Where form={form} problems={problems} onChange={(change) => setForm({ ...form, ...change })} />
        <JumpHostKey
          host={form.host.trim()}
          port={Number(form.port)}
          without={name}
          hostKeys={hostKeys}
          onTrust={(hostKey) => setHostKeys([hostKey])}
        />
        <SharedOrOwn form={form} onChange={(change) => setForm({ ...form, ...change })} />
        {form.credential === null && (
          <SignInFields
            form={form}
            problems={problems}
            hasSecret={hasSecret}
            userHelp="An account there that may forward connections."
            onChange={(change) => setForm({ ...form, ...change })}
          />
        )}
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

type PartProps = { form: Form; onChange: (change: Partial<Form>) => void };

function Where({ form, problems, onChange }: PartProps & { problems: { host?: string; port?: string } }) {
  return (
    <>
      <SettingsField label="Host" htmlFor="jump-host-host" problem={problems.host}>
        <TextInput
          id="jump-host-host"
          maw={400}
          placeholder="bastion.example.net"
          value={form.host}
          error={problems.host !== undefined}
          onChange={(event) => onChange({ host: event.currentTarget.value })}
        />
      </SettingsField>
      <SettingsField label="SSH port" htmlFor="jump-host-port" problem={problems.port}>
        <NumberInput
          id="jump-host-port"
          w={96}
          hideControls
          allowDecimal={false}
          value={form.port}
          error={problems.port !== undefined}
          onChange={(port) => onChange({ port })}
        />
      </SettingsField>
    </>
  );
}

/** Stands for "its own": a credential cannot have this name. */
const ownSignIn = '/';

function SharedOrOwn({ form, onChange }: PartProps) {
  const known = useCall('credentials:list', {});
  const names = (known.value ?? []).map(({ name }) => name);
  if (names.length === 0 && form.credential === null) return null;
  return (
    <SettingsField label="Credential" htmlFor="jump-host-credential">
      <Select
        id="jump-host-credential"
        maw={400}
        allowDeselect={false}
        data={[{ value: ownSignIn, label: 'Its own sign-in' }, ...names.map((name) => ({ value: name, label: name }))]}
        value={form.credential ?? ownSignIn}
        onChange={(value) => onChange({ credential: value === null || value === ownSignIn ? null : value })}
      />
    </SettingsField>
  );
}
