// First step: a name, the SSH address, and how to sign in.
import { useState } from 'react';
import { Button, Group, TextInput } from '@mantine/core';
import type { Problem } from '#contract/outcome';
import { goTo } from '../../components/guarded-location.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import { SshFields } from '../../components/ssh-fields.tsx';
import type { SshForm } from '../../components/ssh-form.ts';
import type { GatewayForm } from './gateway-form.ts';

type Props = {
  form: GatewayForm;
  problems: Partial<Record<keyof SshForm, string>>;
  nameProblem: string | null;
  failure: Problem | null;
  isRunning: boolean;
  onChange: (form: GatewayForm) => void;
  onNext: () => void;
};

/** Problems show once one tried to go on. */
export function WhereStep({ form, problems, nameProblem, failure, isRunning, onChange, onNext }: Props) {
  const [isTried, setTried] = useState(false);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (nameProblem === null && Object.keys(problems).length === 0) onNext();
      }}
    >
      <SettingsSection
        title="Where it is"
        help="The gateway needs its agent installed and an SSH account for it: enrolment makes both, docs/agent.md tells how by hand. The next step reads the host key and signs in nowhere."
      >
        <SettingsField
          label="Name"
          htmlFor="gateway-name"
          problem={isTried ? nameProblem : null}
          help="Names its file in the fleet folder."
        >
          <TextInput
            id="gateway-name"
            w={240}
            placeholder="mx1"
            value={form.name}
            error={isTried && nameProblem !== null}
            onChange={(event) => onChange({ ...form, name: event.currentTarget.value.trim().toLowerCase() })}
          />
        </SettingsField>
        <SshFields
          form={form.ssh}
          problems={isTried ? problems : {}}
          onChange={(change) => onChange({ ...form, ssh: { ...form.ssh, ...change } })}
        />
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
