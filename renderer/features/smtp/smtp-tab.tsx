// SMTP Routing > SMTP: how the gateway names itself to clients, to other servers, and in the notices it writes.
import { Code, Text, TextInput } from '@mantine/core';
import { SmtpConfig } from '#contract/config';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import { withSettings, type SettingsEditor } from '../../components/settings-editor.ts';
import { OwnOrDefault } from './own-or-default.tsx';

type Smtp = SettingsEditor['draft']['settings']['smtp'];

function labelOf(schema: { meta(): Record<string, unknown> | undefined }): string {
  return String(schema.meta()?.['label']);
}

/** The tab. */
export function SmtpTab({ draft, change, problems }: SettingsEditor) {
  const { smtp } = draft.settings;
  const set = (part: Partial<Smtp>): void => change(withSettings(draft, { smtp: { ...smtp, ...part } }));
  return (
    <>
      <SettingsSection title="SMTP" help="What the gateway calls itself when a client connects.">
        <OwnOrDefault
          of="smtp.greetingName"
          label={labelOf(SmtpConfig.shape.greetingName)}
          help="Should be the name that DNS has for the gateway’s address, and one that its certificate holds."
          value={smtp.greetingName}
          words={{
            standard: 'The name of the host',
            own: 'This name:',
            field: 'Own greeting name',
            placeholder: 'mx1.example.net',
          }}
          problem={problems['smtp.greetingName']}
          onChange={(greetingName) => set({ greetingName })}
        />
        <SettingsField
          of="smtp.bannerText"
          label={labelOf(SmtpConfig.shape.bannerText)}
          htmlFor="banner-text"
          problem={problems['smtp.bannerText']}
          help="Stands behind the name in the first line that a client reads. It may say who to ask; it should not say which program runs."
        >
          <TextInput
            id="banner-text"
            maw={480}
            placeholder="none"
            value={smtp.bannerText ?? ''}
            error={problems['smtp.bannerText'] !== undefined}
            onChange={(event) =>
              set({ bannerText: event.currentTarget.value === '' ? null : event.currentTarget.value })
            }
          />
          <FirstLine smtp={smtp} />
        </SettingsField>
      </SettingsSection>
      <SettingsSection
        title="Sending"
        help="What the gateway calls itself when it delivers mail and when it writes notices."
      >
        <OwnOrDefault
          of="smtp.heloName"
          label={labelOf(SmtpConfig.shape.heloName)}
          help="Many servers take mail only if DNS has this name for the address that the connection comes from."
          value={smtp.heloName}
          words={{
            standard: 'The greeting name',
            own: 'This HELO name:',
            field: 'Own HELO name',
            placeholder: 'out.example.net',
          }}
          problem={problems['smtp.heloName']}
          onChange={(heloName) => set({ heloName })}
        />
        <OwnOrDefault
          of="smtp.postmaster"
          label={labelOf(SmtpConfig.shape.postmaster)}
          help="Stands as the author in bounces and delay notices; people answer to it, so somebody should read it."
          value={smtp.postmaster}
          words={{
            standard: 'postmaster at the greeting name',
            own: 'This address:',
            field: 'Own postmaster address',
            placeholder: 'postmaster@example.net',
          }}
          problem={problems['smtp.postmaster']}
          onChange={(postmaster) => set({ postmaster })}
        />
      </SettingsSection>
    </>
  );
}

function FirstLine({ smtp }: { smtp: Smtp }) {
  const name = smtp.greetingName === null || smtp.greetingName === '' ? '(name of the host)' : smtp.greetingName;
  const text = smtp.bannerText === null ? '' : ` ${smtp.bannerText}`;
  return (
    <Text fz={13} c="dimmed">
      Clients read <Code>{`220 ${name} ESMTP${text}`}</Code>
    </Text>
  );
}
