// How mail is sent and how long it is tried: policies of the receiving side, connections, retries.
import { Radio, Stack } from '@mantine/core';
import type { MessageDeliveryConfig } from '#contract/config';
import { LimitField } from '../../components/limit-field.tsx';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import type { FieldProblems } from '../../components/settings-editor.ts';
import { WholeNumber } from '../../components/whole-number.tsx';

type Props = {
  delivery: MessageDeliveryConfig;
  problems: FieldProblems;
  onChange: (part: Partial<MessageDeliveryConfig>) => void;
};

/** The last section of the tab. */
export function AttemptsSection({ delivery, problems, onChange }: Props) {
  return (
    <SettingsSection title="Sending">
      <SettingsField
        label="MTA-STS and DANE"
        of="messageDelivery.peerPolicies"
        help="What the receiving domain publishes about its servers’ TLS; asked only where mail goes by MX record."
      >
        <Radio.Group
          aria-label="MTA-STS and DANE"
          value={delivery.peerPolicies}
          onChange={(policy) => onChange({ peerPolicies: policy as MessageDeliveryConfig['peerPolicies'] })}
        >
          <Stack gap={8} pt={8}>
            <Radio value="off" label="Off" />
            <Radio
              value="monitor"
              label="Monitor"
              description="Asks and records what would have failed; sends as before."
            />
            <Radio value="enforce" label="Enforce" description="Keeps mail back from servers that break the policy." />
          </Stack>
        </Radio.Group>
      </SettingsField>
      <SettingsField
        label="Connections per destination"
        htmlFor="max-per-destination"
        problem={problems['messageDelivery.maxConnectionsPerDestination']}
        of="messageDelivery.maxConnectionsPerDestination"
        help="At most so many at once to one server. Connections are kept and used again."
      >
        <WholeNumber
          id="max-per-destination"
          value={delivery.maxConnectionsPerDestination}
          isWrong={problems['messageDelivery.maxConnectionsPerDestination'] !== undefined}
          onChange={(maxConnectionsPerDestination) => onChange({ maxConnectionsPerDestination })}
        />
      </SettingsField>
      <SettingsField
        label="Give up after"
        htmlFor="give-up"
        problem={problems['messageDelivery.giveUpAfterHours']}
        of="messageDelivery.giveUpAfterHours"
        help="Tried after 1, 5, 15 and 30 minutes, then every hour; then the sender gets the message back. RFC 5321 asks for 4 to 5 days: 96 to 120 hours."
      >
        <WholeNumber
          id="give-up"
          value={delivery.giveUpAfterHours}
          unit="hours"
          isWrong={problems['messageDelivery.giveUpAfterHours'] !== undefined}
          onChange={(giveUpAfterHours) => onChange({ giveUpAfterHours })}
        />
      </SettingsField>
      <LimitField
        id="delay-notice"
        of="messageDelivery.delayNoticeAfterHours"
        label="Delay notice"
        value={delivery.delayNoticeAfterHours}
        prefilled={4}
        noLimit="None"
        upTo="After"
        unit="hours"
        help="Tells the sender once that the message still waits."
        problem={problems['messageDelivery.delayNoticeAfterHours']}
        onChange={(delayNoticeAfterHours) => onChange({ delayNoticeAfterHours })}
      />
    </SettingsSection>
  );
}
