// How much one message and one connection may bring.
import type { MessageRuleConfig } from '#contract/config';
import { LimitField } from '../../components/limit-field.tsx';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import type { FieldProblems } from '../../components/settings-editor.ts';
import { WholeNumber } from '../../components/whole-number.tsx';

type Props = {
  rule: MessageRuleConfig;
  problems: FieldProblems;
  onChange: (part: Partial<MessageRuleConfig>) => void;
};

/** The section. */
export function LimitsSection({ rule, problems, onChange }: Props) {
  return (
    <SettingsSection title="Limits" help="They take effect for new messages at once.">
      <SettingsField
        label="Maximum message size"
        htmlFor="max-size"
        problem={problems['messageRule.maxMessageMegabytes']}
        of="messageRule.maxMessageMegabytes"
        help="Announced to clients; a larger message is answered 552 5.3.4."
      >
        <WholeNumber
          id="max-size"
          value={rule.maxMessageMegabytes}
          unit="MB"
          isWrong={problems['messageRule.maxMessageMegabytes'] !== undefined}
          onChange={(maxMessageMegabytes) => onChange({ maxMessageMegabytes })}
        />
      </SettingsField>
      <SettingsField
        label="Recipients per message"
        htmlFor="max-recipients"
        problem={problems['messageRule.maxRecipients']}
        of="messageRule.maxRecipients"
        help="RFC 5321 asks for at least 100. Recipients above are answered 452 4.5.3; the client sends them again in a message of their own."
      >
        <WholeNumber
          id="max-recipients"
          value={rule.maxRecipients}
          isWrong={problems['messageRule.maxRecipients'] !== undefined}
          onChange={(maxRecipients) => onChange({ maxRecipients })}
        />
      </SettingsField>
      <LimitField
        id="max-messages"
        of="messageRule.maxMessagesPerConnection"
        label="Messages per connection"
        value={rule.maxMessagesPerConnection}
        prefilled={100}
        unit="messages"
        help="The message over the limit is answered 421; the client connects again and goes on."
        problem={problems['messageRule.maxMessagesPerConnection']}
        onChange={(maxMessagesPerConnection) => onChange({ maxMessagesPerConnection })}
      />
      <LimitField
        id="max-data"
        of="messageRule.maxMegabytesPerConnection"
        label="Data per connection"
        value={rule.maxMegabytesPerConnection}
        prefilled={1000}
        unit="MB"
        help="All messages of one connection together."
        problem={problems['messageRule.maxMegabytesPerConnection']}
        onChange={(maxMegabytesPerConnection) => onChange({ maxMegabytesPerConnection })}
      />
    </SettingsSection>
  );
}
