// Where the mail of recipients goes whom no route claims: by MX record, or to one server.
import { useState } from 'react';
import { Anchor, Radio, Stack, Text, TextInput } from '@mantine/core';
import type { NextHop, OutgoingTls } from '#contract/config';
import type { Scope } from '#contract/scope';
import { scopePath } from '../../components/scope-editing.ts';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import type { FieldProblems } from '../../components/settings-editor.ts';
import { WholeNumber } from '../../components/whole-number.tsx';

const tlsWords: Record<OutgoingTls, string> = {
  off: 'Outgoing TLS is off: mail is sent in clear.',
  opportunistic: 'Outgoing TLS is opportunistic: encrypted if the server offers it, else in clear, which is recorded.',
  required: 'Outgoing TLS is required: mail never goes in clear, and the server’s certificate and name are verified.',
};

type Props = {
  scope: Scope;
  nextHop: NextHop | null;
  outgoing: OutgoingTls;
  problems: FieldProblems;
  onChange: (nextHop: NextHop | null) => void;
};

/** The first section of the tab. */
export function EverythingElse({ scope, nextHop, outgoing, problems, onChange }: Props) {
  const [kept, setKept] = useState<NextHop>(nextHop ?? { host: '', port: 25 });
  const set = (next: NextHop): void => {
    setKept(next);
    onChange(next);
  };
  return (
    <SettingsSection title="Everything else" help="Where mail goes whose recipient no route below claims.">
      <SettingsField label="Delivered by" of="messageDelivery.nextHop">
        <Radio.Group
          aria-label="Delivered by"
          value={nextHop === null ? 'mx' : 'static'}
          onChange={(kind) => onChange(kind === 'mx' ? null : kept)}
        >
          <Stack gap={8} pt={8}>
            <Radio value="mx" label="MX record of the recipient’s domain" />
            <Radio value="static" label="One server, the next hop" />
          </Stack>
        </Radio.Group>
      </SettingsField>
      {nextHop !== null && (
        <>
          <SettingsField label="Host" htmlFor="next-hop-host" problem={problems['messageDelivery.nextHop.host']}>
            <TextInput
              id="next-hop-host"
              maw={400}
              placeholder="mailstore.example.net"
              spellCheck={false}
              value={nextHop.host}
              error={problems['messageDelivery.nextHop.host'] !== undefined}
              onChange={(event) => set({ ...nextHop, host: event.currentTarget.value.trim() })}
            />
          </SettingsField>
          <SettingsField label="Port" htmlFor="next-hop-port" problem={problems['messageDelivery.nextHop.port']}>
            <WholeNumber
              id="next-hop-port"
              value={nextHop.port}
              isWrong={problems['messageDelivery.nextHop.port'] !== undefined}
              onChange={(port) => set({ ...nextHop, port })}
            />
          </SettingsField>
        </>
      )}
      <SettingsField label="Encryption">
        <Text pt={8}>
          {tlsWords[outgoing]} A route may say otherwise.{' '}
          <Anchor underline="always" href={`#${scopePath(scope, 'connections')}`}>
            Change it in Connections
          </Anchor>
          .
        </Text>
      </SettingsField>
    </SettingsSection>
  );
}
