// Who may send to any domain through this gateway: itself, its neighbours, listed addresses.
import { Alert, Checkbox, Radio, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { parseBlock } from '#contract/addresses';
import type { MessageRuleConfig } from '#contract/config';
import { LinesField } from '../../components/lines-field.tsx';
import { SettingsField } from '../../components/settings-section.tsx';

type Network = MessageRuleConfig['permitsNetwork'];
type Props = {
  rule: MessageRuleConfig;
  problem: string | undefined;
  onChange: (part: Partial<MessageRuleConfig>) => void;
};

/** Three ways to be permitted, each a row of the form. */
export function PermittedSenders({ rule, problem, onChange }: Props) {
  return (
    <>
      <SettingsField
        label="Permitted senders of relayed mail"
        problem={problem}
        of={[
          { path: 'messageRule.permitsGatewayItself', title: 'The gateway itself' },
          { path: 'messageRule.permitsNetwork', title: 'Own networks' },
          { path: 'messageRule.permittedSenders', title: 'Addresses and groups' },
        ]}
      >
        <Checkbox
          pt={8}
          label="The gateway itself"
          description="Connections from the gateway’s own addresses, loopback included."
          checked={rule.permitsGatewayItself}
          onChange={(event) => onChange({ permitsGatewayItself: event.currentTarget.checked })}
        />
        <Radio.Group
          mt="sm"
          label="Computers in the gateway’s own networks"
          value={rule.permitsNetwork}
          onChange={(network) => onChange({ permitsNetwork: network as Network })}
        >
          <Stack gap={8} pt={4}>
            <Radio value="none" label="None" />
            <Radio value="subnet" label="Same subnet" description="By the masks of the gateway’s interfaces." />
            <Radio
              value="class"
              label="Same class"
              description="By the classic A, B and C: around 10.1.2.3 these are all of 10.0.0.0/8."
            />
          </Stack>
        </Radio.Group>
        {rule.permitsNetwork === 'class' && (
          <Alert color="yellow" icon={<IconAlertTriangle size={18} />}>
            A class can be 16 million addresses, and of a public address most of them belong to strangers. Prefer the
            subnet, or list the addresses.
          </Alert>
        )}
        <Text component="label" htmlFor="permitted-senders" mt="sm">
          These addresses and groups, one a line
        </Text>
        <LinesField
          id="permitted-senders"
          entries={rule.permittedSenders}
          placeholder={'192.0.2.7\n192.0.2.0/24\n2001:db8::/32'}
          isWrong={problem !== undefined}
          onChange={(permittedSenders) => onChange({ permittedSenders })}
        />
        <Text c="dimmed" fz={13}>
          {countWords(rule.permittedSenders.length)} They may send to any domain through this gateway. Permit only
          machines that you run.
        </Text>
        {rule.permittedSenders.some(isEverybody) && (
          <Alert color="red" icon={<IconAlertTriangle size={18} />} title="An open relay">
            An entry holds every address: everybody may send to everybody through this gateway, and it will be on block
            lists within hours.
          </Alert>
        )}
      </SettingsField>
    </>
  );
}

function countWords(count: number): string {
  return count === 0 ? '' : `${count.toLocaleString('en-US')} ${count === 1 ? 'entry' : 'entries'}.`;
}

function isEverybody(entry: string): boolean {
  if (!entry.includes('/') && !entry.includes(':')) return false; // a single IPv4 address: most entries
  const parsed = parseBlock(entry);
  return 'block' in parsed && parsed.block.prefix === 0;
}
