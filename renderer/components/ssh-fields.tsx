// The fields of an SSH connection: host, port, user, and how to sign in.
import { Button, Group, NumberInput, PasswordInput, Radio, Stack, TextInput } from '@mantine/core';
import type { SignIn } from '#contract/fleet';
import { callGateway } from '../api/gateway-bridge.ts';
import { reportOutcome } from './report-outcome.ts';
import { SettingsField } from './settings-section.tsx';
import type { SshForm } from './ssh-form.ts';

type Props = {
  form: SshForm;
  problems: Partial<Record<keyof SshForm, string>>;
  onChange: (change: Partial<SshForm>) => void;
  /** Leaves the secret out where it is set elsewhere. */
  asksSecret?: boolean;
  /** Signs in once, as root or a sudo user, and keeps nothing. */
  isOnce?: boolean;
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
export function SshFields({ form, problems, onChange, asksSecret = true, isOnce = false }: Props) {
  return (
    <>
      <SettingsField label="Host" htmlFor="ssh-host" problem={problems.host}>
        <TextInput
          id="ssh-host"
          maw={400}
          value={form.host}
          placeholder="mx1.example.net"
          error={problems.host !== undefined}
          onChange={(event) => onChange({ host: event.currentTarget.value })}
        />
      </SettingsField>
      <SettingsField label="SSH port" htmlFor="ssh-port" problem={problems.port}>
        <NumberInput
          id="ssh-port"
          w={96}
          hideControls
          allowDecimal={false}
          value={form.port}
          error={problems.port !== undefined}
          onChange={(port) => onChange({ port })}
        />
      </SettingsField>
      <SettingsField
        label="User"
        htmlFor="ssh-user"
        problem={problems.user}
        help={
          isOnce
            ? 'root, or a user that may use sudo. Only this once.'
            : 'The account that may run gateway-agent rpc and nothing else.'
        }
      >
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
      {asksSecret && (form.kind === 'key' || form.kind === 'password') && (
        <SettingsField
          label={form.kind === 'key' ? 'Passphrase' : 'Password'}
          htmlFor="ssh-secret"
          problem={problems.secret}
          help={form.kind === 'key' ? 'Leave empty if the key has none.' : undefined}
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
      )}
    </>
  );
}

async function browse(onChange: Props['onChange']): Promise<void> {
  const picked = await callGateway('file:browse-key', {});
  if (!picked.ok) reportOutcome(picked);
  else if (picked.value !== null) onChange({ keyFile: picked.value.path });
}
