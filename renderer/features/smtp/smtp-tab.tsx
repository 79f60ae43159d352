// SMTP Routing > SMTP: how the gateway names itself.
import { Radio, Stack, TextInput } from '@mantine/core';
import { SmtpConfig } from '#contract/config';
import type { Draft } from '#ipc';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import { withSettings, type FieldProblems, type SettingsEditor } from '../../components/settings-editor.ts';

const field = 'smtp.greetingName';
const label = SmtpConfig.shape.greetingName.meta()?.['label'];

/** What keeps this tab from being saved. */
export function judgeSmtp({ settings }: Draft): FieldProblems {
  if (SmtpConfig.safeParse(settings.smtp).success) return {};
  return { [field]: 'Type a full host name, such as mx1.example.net, or choose the name of the host.' };
}

/** The tab. */
export function SmtpTab({ draft, change, problems }: SettingsEditor) {
  const { greetingName } = draft.settings.smtp;
  const set = (name: string | null): void =>
    change(withSettings(draft, { smtp: { ...draft.settings.smtp, greetingName: name } }));
  return (
    <SettingsSection
      title="SMTP"
      help="What the gateway calls itself when a client connects and when it delivers mail."
    >
      <SettingsField
        label={typeof label === 'string' ? label : 'Greeting name'}
        problem={problems[field]}
        help="Should be the name that DNS has for the gateway’s address, and one that its certificate holds."
      >
        <Radio.Group
          aria-label="Greeting name"
          value={greetingName === null ? 'host' : 'own'}
          onChange={(kind) => set(kind === 'host' ? null : '')}
        >
          <Stack gap={8} pt={8}>
            <Radio value="host" label="The name of the host" />
            <Radio value="own" label="This name:" />
          </Stack>
        </Radio.Group>
        <TextInput
          ml={28}
          w={320}
          aria-label="Own greeting name"
          placeholder="mx1.example.net"
          disabled={greetingName === null}
          error={problems[field] !== undefined}
          value={greetingName ?? ''}
          onChange={(event) => set(event.currentTarget.value.trim())}
        />
      </SettingsField>
    </SettingsSection>
  );
}
