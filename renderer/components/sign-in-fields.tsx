// The fields of a sign-in: user, with what, its key file and its secret.
import { Button, Group, PasswordInput, Radio, Stack, TextInput } from '@mantine/core';
import type { SignIn } from '#contract/fleet';
import { callGateway } from '../api/gateway-bridge.ts';
import { reportOutcome } from './report-outcome.ts';
import { SettingsField } from './settings-section.tsx';
import type { SignInForm, SshProblems } from './ssh-form.ts';

type Props = {
  form: SignInForm;
  problems: SshProblems;
  onChange: (change: Partial<SignInForm>) => void;
  /** Leaves the secret out where it is set elsewhere. */
  asksSecret?: boolean;
  /** Signs in once, as root or a sudo user, and keeps nothing. */
  isOnce?: boolean;
  /** One is stored already, and stays unless another is typed. */
  hasSecret?: boolean;
  userHelp?: string;
};

const signIns: { kind: SignIn['kind']; label: string; help: string }[] = [
  { kind: 'agent', label: 'ssh-agent', help: 'The keys that your agent holds; nothing is stored by Postern.' },
  { kind: 'key', label: 'Private key file', help: 'A file on this computer. Only its path is stored.' },
  { kind: 'password', label: 'Password', help: 'Stored in the keychain. A key is safer.' },
  { kind: 'stored-key', label: 'Management key', help: 'Made by enrolment; it lies with this computer’s secrets.' },
];

const onceHelp: Partial<Record<SignIn['kind'], string>> = {
  key: 'A file on this computer.',
  password: 'Used now, and not stored.',
};

/** Rows for a settings section. */
export function SignInFields(props: Props) {
  const { form, problems, onChange, asksSecret = true, isOnce = false, userHelp } = props;
  return (
    <>
      <SettingsField label="User" htmlFor="ssh-user" problem={problems.user} help={userHelp}>
        <TextInput
          id="ssh-user"
          w={240}
          value={form.user}
          error={problems.user !== undefined}
          onChange={(event) => onChange({ user: event.currentTarget.value })}
        />
      </SettingsField>
      <SettingsField label="Sign in with">
        <Radio.Group
          aria-label="Sign in with"
          value={form.kind}
          onChange={(kind) => onChange({ kind: signIns.find((signIn) => signIn.kind === kind)?.kind ?? 'agent' })}
        >
          <Stack gap={8} pt={8}>
            {signIns
              .filter(({ kind }) => kind !== 'stored-key' || form.kind === kind)
              .map(({ kind, label, help }) => (
                <Radio key={kind} value={kind} label={label} description={isOnce ? (onceHelp[kind] ?? help) : help} />
              ))}
          </Stack>
        </Radio.Group>
      </SettingsField>
      {form.kind === 'key' && (
        <SettingsField label="Key file" htmlFor="ssh-key-file" problem={problems.keyFile}>
          <Group gap={8} wrap="nowrap">
            <TextInput
              id="ssh-key-file"
              flex={1}
              value={form.keyFile}
              placeholder="~/.ssh/id_ed25519"
              error={problems.keyFile !== undefined}
              onChange={(event) => onChange({ keyFile: event.currentTarget.value })}
            />
            <Button variant="default" aria-label="Browse for the key file" onClick={() => void browse(onChange)}>
              Browse…
            </Button>
          </Group>
        </SettingsField>
      )}
      {asksSecret && (form.kind === 'key' || form.kind === 'password') && <SecretField {...props} />}
    </>
  );
}

function SecretField({ form, problems, hasSecret = false, onChange }: Props) {
  const isKey = form.kind === 'key';
  const help = hasSecret
    ? `${isKey ? 'A passphrase' : 'A password'} is stored. Leave empty to keep it.`
    : isKey
      ? 'Leave empty if the key has none.'
      : undefined;
  return (
    <SettingsField
      label={isKey ? 'Passphrase' : 'Password'}
      htmlFor="ssh-secret"
      problem={problems.secret}
      {...(help === undefined ? {} : { help })}
    >
      <PasswordInput
        id="ssh-secret"
        w={320}
        value={form.secret}
        autoComplete="off"
        error={problems.secret !== undefined}
        onChange={(event) => onChange({ secret: event.currentTarget.value })}
      />
    </SettingsField>
  );
}

async function browse(onChange: Props['onChange']): Promise<void> {
  const picked = await callGateway('file:browse-key', {});
  if (!picked.ok) reportOutcome(picked);
  else if (picked.value !== null) onChange({ keyFile: picked.value.path });
}
