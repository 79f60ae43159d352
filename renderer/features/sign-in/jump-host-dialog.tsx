// Adds or edits a jump host: where it is, who signs in there, and its host key compared by a person.
import { useState } from 'react';
import { NumberInput, Select, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { JumpHost, type HostKey } from '#contract/fleet';
import { callGateway, useCall } from '../../api/gateway-bridge.ts';
import { SettingsField } from '../../components/settings-section.tsx';
import { SignInFields } from '../../components/sign-in-fields.tsx';
import { emptySshForm, rawSignIn, sshProblems, toSignInForm, type SshForm } from '../../components/ssh-form.ts';
import { JumpHostKey } from './jump-host-key.tsx';
import { ReachForm, useReachDialog } from './reach-dialog.tsx';
import type { JumpHostRow } from './reach-words.ts';

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
  const dialog = useReachDialog({ modalId, what: 'jump host', given: row?.name ?? null, taken });
  const [form, setForm] = useState<Form>(() => toForm(row));
  const [hostKeys, setHostKeys] = useState<readonly HostKey[]>(row?.jumpHost.hostKeys ?? []);
  const parsed = readForm(form, hostKeys);
  const problems = dialog.isTried && !parsed.success ? sshProblems(parsed.error.issues) : {};
  const hasSecret = row !== null && row.hasSecret && row.jumpHost.signIn.kind === form.kind;
  const change = (part: Partial<Form>): void => setForm({ ...form, ...part });
  const save = async () => {
    const secret = form.secret === '' || form.credential !== null ? {} : { secret: form.secret };
    if (!parsed.success) return dialog.submit(null);
    return dialog.submit(() => callGateway('jump-hosts:save', { name: dialog.name, jumpHost: parsed.data, ...secret }));
  };
  return (
    <ReachForm dialog={dialog} placeholder="bastion" onSave={() => void save()}>
      <Where form={form} problems={problems} onChange={change} />
      <JumpHostKey
        host={form.host.trim()}
        port={Number(form.port)}
        without={dialog.name}
        hostKeys={hostKeys}
        onTrust={(hostKey) => setHostKeys([hostKey])}
      />
      <SharedOrOwn form={form} onChange={change} />
      {form.credential === null && (
        <SignInFields
          form={form}
          problems={problems}
          hasSecret={hasSecret}
          userHelp="An account there that may forward connections."
          onChange={change}
        />
      )}
    </ReachForm>
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
