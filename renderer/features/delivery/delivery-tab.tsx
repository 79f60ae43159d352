// SMTP Routing > Message Delivery: the one server that takes every accepted message.
import { Alert, Anchor, Switch, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { NextHop, type OutgoingTls } from '#contract/config';
import type { Draft } from '#ipc';
import { gatewayPath } from '../../components/gateway-path.ts';
import { SettingsField, SettingsSection } from '../../components/settings-section.tsx';
import { withSettings, type FieldProblems, type SettingsEditor } from '../../components/settings-editor.ts';
import { WholeNumber } from '../../components/whole-number.tsx';

const hostField = 'messageDelivery.nextHop.host';
const portField = 'messageDelivery.nextHop.port';

const tlsWords: Record<OutgoingTls, string> = {
  off: 'Outgoing TLS is off: mail goes to the next hop in clear.',
  opportunistic:
    'Outgoing TLS is opportunistic: encrypted if the next hop offers it, else in clear, which is recorded.',
  required: 'Outgoing TLS is required: mail never goes in clear, and the next hop’s certificate and name are verified.',
};

/** What keeps this tab from being saved. */
export function judgeDelivery({ settings }: Draft): FieldProblems {
  const { nextHop } = settings.messageDelivery;
  if (nextHop === null) return {};
  return {
    ...(NextHop.shape.host.safeParse(nextHop.host).success
      ? {}
      : { [hostField]: 'Type a host name or an IP address.' }),
    ...(NextHop.shape.port.safeParse(nextHop.port).success ? {} : { [portField]: 'A whole number from 1 to 65535.' }),
  };
}

/** The tab. */
export function DeliveryTab({ gateway, draft, change, problems }: SettingsEditor) {
  const { nextHop } = draft.settings.messageDelivery;
  const set = (next: typeof nextHop): void =>
    change(withSettings(draft, { messageDelivery: { ...draft.settings.messageDelivery, nextHop: next } }));
  return (
    <SettingsSection
      title="Next hop"
      help="The gateway passes each message on while the client waits, and answers with the next hop’s own verdict: nothing acknowledged can be lost."
    >
      <SettingsField label="Delivery">
        <Switch
          pt={8}
          label="Pass accepted mail on to one server"
          checked={nextHop !== null}
          onChange={(event) => set(event.currentTarget.checked ? { host: '', port: 25 } : null)}
        />
      </SettingsField>
      {nextHop === null ? (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />}>
          Without a next hop every recipient is answered 451: clients keep their mail and try again.
        </Alert>
      ) : (
        <>
          <SettingsField label="Host" htmlFor="next-hop-host" problem={problems[hostField]}>
            <TextInput
              id="next-hop-host"
              maw={400}
              placeholder="mailstore.example.net"
              value={nextHop.host}
              error={problems[hostField] !== undefined}
              onChange={(event) => set({ ...nextHop, host: event.currentTarget.value.trim() })}
            />
          </SettingsField>
          <SettingsField label="Port" htmlFor="next-hop-port" problem={problems[portField]}>
            <WholeNumber
              id="next-hop-port"
              value={nextHop.port}
              isWrong={problems[portField] !== undefined}
              onChange={(port) => set({ ...nextHop, port })}
            />
          </SettingsField>
        </>
      )}
      <SettingsField label="Encryption">
        <Text pt={8}>
          {tlsWords[draft.settings.connections.tls.outgoing]}{' '}
          <Anchor underline="always" href={`#${gatewayPath(gateway)}`}>
            Change it in Connections
          </Anchor>
          .
        </Text>
      </SettingsField>
    </SettingsSection>
  );
}
