// SMTP Routing > Message Rule: for whom, and from whom, mail is taken. Its defaults make no open relay.
import { Alert, Checkbox, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { LinesField } from '../../components/lines-field.tsx';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import { withSettings, type SettingsEditor } from '../../components/settings-editor.ts';
import { WholeNumber } from '../../components/whole-number.tsx';

type Rule = SettingsEditor['draft']['settings']['messageRule'];

/** The tab. */
export function MessageRuleTab({ draft, change, problems }: SettingsEditor) {
  const rule = draft.settings.messageRule;
  const set = (part: Partial<Rule>): void => change(withSettings(draft, { messageRule: { ...rule, ...part } }));
  return (
    <>
      <SettingsSection
        title="Relay"
        help="Mail is taken if its recipient is in a relay domain, or if it comes from a permitted sender. Everything else is answered 550 5.7.1."
      >
        <SettingsField
          label="Relay domains"
          htmlFor="relay-domains"
          problem={problems['messageRule.relayDomains']}
          help="One a line. example.net takes only that domain; *.example.net takes every name below it."
        >
          <LinesField
            id="relay-domains"
            entries={rule.relayDomains}
            placeholder={'example.net\n*.example.net'}
            isWrong={problems['messageRule.relayDomains'] !== undefined}
            onChange={(relayDomains) => set({ relayDomains: relayDomains.map((domain) => domain.toLowerCase()) })}
          />
        </SettingsField>
        <SettingsField label="Permitted senders of relayed mail" problem={problems['messageRule.permittedSenders']}>
          <Checkbox
            pt={8}
            label="The gateway itself"
            description="Connections from the gateway’s own addresses, loopback included."
            checked={rule.permitsGatewayItself}
            onChange={(event) => set({ permitsGatewayItself: event.currentTarget.checked })}
          />
          <Text component="label" htmlFor="permitted-senders" mt={8}>
            These addresses and groups, one a line
          </Text>
          <LinesField
            id="permitted-senders"
            entries={rule.permittedSenders}
            placeholder={'192.0.2.7\n192.0.2.0/24\n2001:db8::/32'}
            isWrong={problems['messageRule.permittedSenders'] !== undefined}
            onChange={(permittedSenders) => set({ permittedSenders })}
          />
          <Text c="dimmed" fz={13}>
            They may send to any domain through this gateway. Permit only machines that you run.
          </Text>
        </SettingsField>
        <TakesNothing rule={rule} />
      </SettingsSection>
      <SettingsSection title="Limits" help="Per message. They take effect for new messages at once.">
        <SettingsField
          label="Maximum message size"
          htmlFor="max-size"
          problem={problems['messageRule.maxMessageMegabytes']}
          help="Announced to clients; a larger message is answered 552 5.3.4."
        >
          <WholeNumber
            id="max-size"
            value={rule.maxMessageMegabytes}
            unit="MB"
            isWrong={problems['messageRule.maxMessageMegabytes'] !== undefined}
            onChange={(maxMessageMegabytes) => set({ maxMessageMegabytes })}
          />
        </SettingsField>
        <SettingsField
          label="Recipients per message"
          htmlFor="max-recipients"
          problem={problems['messageRule.maxRecipients']}
          help="RFC 5321 asks for at least 100. Recipients above are answered 452 4.5.3; the client sends them again in a message of their own."
        >
          <WholeNumber
            id="max-recipients"
            value={rule.maxRecipients}
            isWrong={problems['messageRule.maxRecipients'] !== undefined}
            onChange={(maxRecipients) => set({ maxRecipients })}
          />
        </SettingsField>
      </SettingsSection>
    </>
  );
}

function TakesNothing({ rule }: { rule: Rule }) {
  if (rule.relayDomains.length > 0 || rule.permittedSenders.length > 0) return null;
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={18} />}>
      {rule.permitsGatewayItself
        ? 'No relay domain and no permitted sender: mail from other machines is refused.'
        : 'No relay domain and no permitted sender: all mail is refused.'}
    </Alert>
  );
}
