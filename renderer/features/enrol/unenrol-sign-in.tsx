// First step of un-enrolment: who signs in to the host this once.
import { useState } from 'react';
import { Button, Group } from '@mantine/core';
import { gatewayPath } from '../../components/gateway-path.ts';
import { goTo } from '../../components/guarded-location.ts';
import { SettingsSection } from '../../components/settings-section.tsx';
import { SshFields } from '../../components/ssh-fields.tsx';
import type { SshForm } from '../../components/ssh-form.ts';
import type { HostForm } from './enrol-form.ts';
import { SudoField } from './host-step.tsx';

type Props = {
  name: string;
  form: HostForm;
  problems: Partial<Record<keyof SshForm, string>>;
  onChange: (form: HostForm) => void;
  onNext: () => void;
};

/** Its host key is pinned already, so nothing has to be compared. */
export function UnenrolSignIn({ name, form, problems, onChange, onNext }: Props) {
  const [isTried, setTried] = useState(false);
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
        title="Sign in once"
        help="Un-enrolment removes what enrolment made, and nothing else. The next step signs in, looks what is there, and touches nothing."
      >
        <SshFields
          form={form.ssh}
          problems={isTried ? problems : {}}
          isOnce
          onChange={(change) => onChange({ ...form, ssh: { ...form.ssh, ...change } })}
        />
        {form.ssh.user.trim() !== 'root' && <SudoField form={form} onChange={onChange} />}
        <Group ml={216} mt={8}>
          <Button type="submit">Sign in and look</Button>
          <Button variant="subtle" color="gray" onClick={() => goTo(gatewayPath(name))}>
            Cancel
          </Button>
        </Group>
      </SettingsSection>
    </form>
  );
}
