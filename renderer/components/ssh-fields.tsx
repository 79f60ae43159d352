// The fields of an SSH connection: where it is, by way of which jump hosts, and who signs in: itself, or a credential
// that many share.
import { Checkbox, MultiSelect, NumberInput, Select, Text, TextInput } from '@mantine/core';
import { useCall } from '../api/gateway-bridge.ts';
import { SettingsField } from './settings-section.tsx';
import { SignInFields } from './sign-in-fields.tsx';
import type { SshForm, SshProblems } from './ssh-form.ts';

type Props = {
  form: SshForm;
  problems: SshProblems;
  onChange: (change: Partial<SshForm>) => void;
  /** Leaves the secret out where it is set elsewhere. */
  asksSecret?: boolean;
  /** Signs in once, directly, as root or a sudo user, and keeps nothing. */
  isOnce?: boolean;
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
        {form.readsSshConfig && <AliasField form={form} onChange={onChange} />}
      </SettingsField>
      {!form.readsSshConfig && (
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
      )}
      {!isOnce && <JumpsField jumps={form.jumps} problem={problems.jumps} onChange={(jumps) => onChange({ jumps })} />}
      {!isOnce && <CredentialField credential={form.credential} onChange={onChange} />}
      {form.credential === null && (
        <SignInFields
          form={form}
          problems={problems}
          onChange={onChange}
          asksSecret={asksSecret}
          isOnce={isOnce}
          userHelp={userHelp(form, isOnce)}
        />
      )}
    </>
  );
}

function userHelp({ readsSshConfig }: SshForm, isOnce: boolean): string {
  if (isOnce) return 'root, or a user that may use sudo. Only this once.';
  if (readsSshConfig) return 'Where ~/.ssh/config names none. With ssh-agent, the keys that it names count.';
  return 'The account that may run gateway-agent rpc and nothing else.';
}

type PartProps = Pick<Props, 'form' | 'onChange'>;

function AliasField({ form, onChange }: PartProps) {
  return (
    <Checkbox
      mt={4}
      label="A name of ~/.ssh/config: address, port and what is not set here come from there"
      checked={form.readsSshConfig}
      onChange={(event) => onChange({ readsSshConfig: event.currentTarget.checked })}
    />
  );
}

type JumpsProps = {
  jumps: string[];
  problem?: string | undefined;
  /** One that is no choice here. */
  without?: string;
  help?: string;
  onChange: (jumps: string[]) => void;
};

/** Nothing where the fleet has no jump host. */
export function JumpsField({ jumps, problem, without, help = wayHelp, onChange }: JumpsProps) {
  const known = useCall('jump-hosts:list', {});
  const names = [...new Set([...(known.value ?? []).map(({ name }) => name), ...jumps])].filter(
    (name) => name !== without,
  );
  if (names.length === 0) return null;
  return (
    <SettingsField
      label="By way of"
      htmlFor="ssh-jumps"
      problem={problem}
      help={jumps.length > 1 ? `This computer, then ${jumps.join(', then ')}, then the host.` : help}
    >
      <MultiSelect
        id="ssh-jumps"
        maw={400}
        data={names}
        value={jumps}
        placeholder={jumps.length === 0 ? 'Directly' : ''}
        error={problem !== undefined}
        onChange={onChange}
      />
    </SettingsField>
  );
}

const wayHelp = 'Jump hosts in the order in which they are gone through, the nearest first.';
/** Stands for "its own": a credential cannot have this name. */
const ownSignIn = '/';

function CredentialField({ credential, onChange }: Pick<SshForm, 'credential'> & Pick<Props, 'onChange'>) {
  const known = useCall('credentials:list', {});
  const stored = (known.value ?? []).map(({ name }) => name);
  const names = credential === null || stored.includes(credential) ? stored : [...stored, credential];
  if (names.length === 0) return null;
  const chosen = known.value?.find(({ name }) => name === credential)?.credential;
  return (
    <SettingsField
      label="Credential"
      htmlFor="ssh-credential"
      help="Shared by many gateways, or its own sign-in below."
    >
      <Select
        id="ssh-credential"
        maw={400}
        allowDeselect={false}
        data={[{ value: ownSignIn, label: 'Its own sign-in' }, ...names.map((name) => ({ value: name, label: name }))]}
        value={credential ?? ownSignIn}
        onChange={(value) => onChange({ credential: value === null || value === ownSignIn ? null : value })}
      />
      {chosen !== undefined && <Text fz={13}>{`Signs in as ${chosen.user}.`}</Text>}
      {credential !== null && known.value !== undefined && chosen === undefined && (
        <Text fz={13} c="var(--mantine-color-error)" role="alert">
          {`The fleet folder has no credential ${credential}: choose another.`}
        </Text>
      )}
    </SettingsField>
  );
}
