// SMTP Routing > Message Rule: for whom, and from whom, mail is taken. Its defaults make no open relay.
import { Alert, Checkbox } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { MessageRuleConfig } from '#contract/config';
import { ExplainPanel } from '../../components/explain-panel.tsx';
import { scopeFileName } from '../../components/scope-editing.ts';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import { withSettings, type SettingsEditor } from '../../components/settings-editor.ts';
import { DecisionLadder } from './decision-ladder.tsx';
import { LimitsSection } from './limits-section.tsx';
import { PermittedSenders } from './permitted-senders.tsx';
import { RelayDomains } from './relay-domains.tsx';

/** The tab. */
export function MessageRuleTab({ scope, gateway, draft, change, problems }: SettingsEditor) {
  const rule = draft.settings.messageRule;
  const set = (part: Partial<MessageRuleConfig>): void =>
    change(withSettings(draft, { messageRule: { ...rule, ...part } }));
  return (
    <>
      <SettingsSection
        title="Relay"
        help="Mail is taken if its recipient is in a relay domain, or if it comes from a permitted sender. Everything else is answered 550 5.7.1."
      >
        <RelayDomains
          fileName={scopeFileName(scope)}
          domains={rule.relayDomains}
          problem={problems['messageRule.relayDomains']}
          onChange={(relayDomains) => set({ relayDomains })}
        />
        <PermittedSenders rule={rule} problem={problems['messageRule.permittedSenders']} onChange={set} />
        <TakesNothing rule={rule} />
      </SettingsSection>
      <LimitsSection rule={rule} problems={problems} onChange={set} />
      <SettingsSection
        title="Checks in DNS"
        help="Off by default: some honest servers fail them. Where DNS itself fails, the client is asked to try later. Permitted senders are not checked."
      >
        <SettingsField
          label="Reject"
          of={[
            { path: 'messageRule.rejectsUnknownSenderDomain', title: 'Unknown sender domains' },
            { path: 'messageRule.rejectsClientWithoutReverseDns', title: 'Clients without reverse DNS' },
          ]}
        >
          <Checkbox
            pt={8}
            label="Unknown sender domains"
            description="Mail whose sender’s domain has neither an MX nor an address record. The empty sender of notices is taken."
            checked={rule.rejectsUnknownSenderDomain}
            onChange={(event) => set({ rejectsUnknownSenderDomain: event.currentTarget.checked })}
          />
          <Checkbox
            pt={8}
            label="Clients without reverse DNS"
            description="Addresses for which DNS has no name."
            checked={rule.rejectsClientWithoutReverseDns}
            onChange={(event) => set({ rejectsClientWithoutReverseDns: event.currentTarget.checked })}
          />
        </SettingsField>
      </SettingsSection>
      <DecisionLadder scope={scope} draft={draft} />
      {gateway !== null && <ExplainPanel name={gateway} title="What would happen?" />}
    </>
  );
}

function TakesNothing({ rule }: { rule: MessageRuleConfig }) {
  if (rule.relayDomains.length > 0 || rule.permittedSenders.length > 0 || rule.permitsNetwork !== 'none') return null;
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={18} />}>
      {rule.permitsGatewayItself
        ? 'No relay domain and no permitted sender: mail from other machines is refused.'
        : 'No relay domain and no permitted sender: all mail is refused.'}
    </Alert>
  );
}
