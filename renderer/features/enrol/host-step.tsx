// First step: which host, who signs in there this once, and what the gateway will be called.
import { useState } from 'react';
import { Button, Group, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core';
import type { Problem } from '#contract/outcome';
import { useCall } from '../../api/gateway-bridge.ts';
import { goTo } from '../../components/guarded-location.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import { SshFields } from '../../components/ssh-fields.tsx';
import type { EnrolForm, EnrolProblems, HostForm } from './enrol-form.ts';

type Props = {
  form: EnrolForm;
  problems: EnrolProblems;
  failure: Problem | null;
  isRunning: boolean;
  onChange: (form: EnrolForm) => void;
  onNext: () => void;
};

/** Problems show once one tried to go on. */
export function HostStep({ form, problems, failure, isRunning, onChange, onNext }: Props) {
  const [isTried, setTried] = useState(false);
  const shown = isTried ? problems : {};
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (Object.keys(problems).length === 0) onNext();
      }}
    >
      <SettingsSection
        title="The host"
        help="A Linux host with an SSH server and nothing of Postern on it. The next step reads its host key and signs in nowhere."
      >
        <SshFields
          form={form.ssh}
          problems={shown}
          isOnce
          onChange={(change) => onChange({ ...form, ssh: { ...form.ssh, ...change } })}
        />
        {form.ssh.user.trim() !== 'root' && <SudoField form={form} onChange={onChange} />}
      </SettingsSection>
      <SettingsSection title="The gateway" help="What it is called here, and where its first settings come from.">
        <GatewayFields form={form} problems={shown} onChange={onChange} />
        {failure !== null && <ProblemAlert problem={failure} title="No host key was read" />}
        <Group ml={216} mt={8}>
          <Button type="submit" loading={isRunning}>
            Read its host key
          </Button>
          <Button variant="subtle" color="gray" onClick={() => goTo('/')}>
            Cancel
          </Button>
        </Group>
      </SettingsSection>
    </form>
  );
}

type FieldsProps = Pick<Props, 'form' | 'onChange'>;

/** Also on the way to un-enrolment. */
export function SudoField<F extends HostForm>({ form, onChange }: { form: F; onChange: (form: F) => void }) {
  return (
    <SettingsField
      label="Password for sudo"
      htmlFor="sudo-password"
      help="Leave empty if sudo asks for none, or for the password above. Not stored."
    >
      <PasswordInput
        id="sudo-password"
        w={320}
        autoComplete="off"
        value={form.sudoPassword}
        onChange={(event) => onChange({ ...form, sudoPassword: event.currentTarget.value })}
      />
    </SettingsField>
  );
}

function GatewayFields({ form, problems, onChange }: FieldsProps & { problems: EnrolProblems }) {
  const groups = useCall('groups:list', {});
  return (
    <>
      <SettingsField
        label="Name"
        htmlFor="enrol-name"
        problem={problems.name}
        help="Names its file in the fleet folder."
      >
        <TextInput
          id="enrol-name"
          w={240}
          placeholder="mx1"
          value={form.name}
          error={problems.name !== undefined}
          onChange={(event) => onChange({ ...form, name: event.currentTarget.value.trim().toLowerCase() })}
        />
      </SettingsField>
      <SettingsField
        label="Group"
        htmlFor="enrol-group"
        help="Its settings count for the gateway from the first push on."
      >
        <Select
          id="enrol-group"
          w={240}
          clearable
          placeholder="None"
          data={(groups.value ?? []).map(({ name }) => name)}
          value={form.group}
          onChange={(group) => onChange({ ...form, group })}
        />
      </SettingsField>
      <SettingsField
        label="SMTP port"
        htmlFor="enrol-smtp-port"
        problem={problems.smtpPort}
        help="Of its first configuration. Leave empty for the group’s or the fleet’s: 25 unless they say otherwise."
      >
        <NumberInput
          id="enrol-smtp-port"
          w={96}
          hideControls
          allowDecimal={false}
          placeholder="25"
          value={form.smtpPort}
          error={problems.smtpPort !== undefined}
          onChange={(smtpPort) => onChange({ ...form, smtpPort })}
        />
      </SettingsField>
    </>
  );
}
