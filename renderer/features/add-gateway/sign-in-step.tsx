// Last step: signs in, and stays here only when that fails.
import { Box, Button, Group, Loader, PasswordInput, Text } from '@mantine/core';
import type { Problem } from '#contract/outcome';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import type { GatewayForm } from './gateway-form.ts';

type Props = {
  form: GatewayForm;
  problem: Problem | null;
  isRunning: boolean;
  onChange: (form: GatewayForm) => void;
  onRetry: () => void;
  onBack: () => void;
};

/** A wrong password or passphrase is corrected here. */
export function SignInStep({ form, problem, isRunning, onChange, onRetry, onBack }: Props) {
  const { ssh } = form;
  const asksSecret = ssh.credential === null && ssh.kind !== 'agent';
  return (
    <SettingsSection title={`Sign in to ${form.name}`}>
      {isRunning && (
        <Group gap="xs" role="status">
          <Loader size={16} />
          <Text>
            Signing in {ssh.credential === null ? `as ${ssh.user}` : `with the credential ${ssh.credential}`} and asking
            the agent who it is…
          </Text>
        </Group>
      )}
      {problem !== null && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onRetry();
          }}
        >
          <Box mb="sm">
            <ProblemAlert problem={problem} title="Not added" />
          </Box>
          {asksSecret && (
            <SettingsField label={ssh.kind === 'key' ? 'Passphrase' : 'Password'} htmlFor="retry-secret">
              <PasswordInput
                id="retry-secret"
                w={320}
                autoComplete="off"
                value={ssh.secret}
                onChange={(event) => onChange({ ...form, ssh: { ...ssh, secret: event.currentTarget.value } })}
              />
            </SettingsField>
          )}
          <Group mt="md" ml={asksSecret ? 216 : 0}>
            <Button type="submit" loading={isRunning}>
              Sign in again
            </Button>
            <Button variant="subtle" color="gray" onClick={onBack}>
              Back to the first step
            </Button>
          </Group>
        </form>
      )}
    </SettingsSection>
  );
}
