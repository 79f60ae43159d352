// Which screen stands at which address. The features meet here, and only here.
import { Redirect, Route, Switch } from 'wouter';
import { Button, Stack, Text } from '@mantine/core';
import type { Draft } from '#ipc';
import { gatewayPath, gatewayTabs } from '../components/gateway-path.ts';
import { goTo } from '../components/guarded-location.ts';
import { ScreenHeader } from '../components/screen-header.tsx';
import { AddGatewayScreen } from '../features/add-gateway/add-gateway-screen.tsx';
import { ConnectionsScreen } from '../features/connections/connections-screen.tsx';
import { DeliveryTab } from '../features/delivery/delivery-tab.tsx';
import { judgeDelivery } from '../features/delivery/judge-delivery.ts';
import { FleetScreen } from '../features/fleet/fleet-screen.tsx';
import type { SettingsPanels } from '../components/settings-panels.tsx';
import { GatewayScreen } from '../features/gateway/gateway-screen.tsx';
import { judgeMessageRule } from '../features/message-rule/judge-message-rule.ts';
import { MessageRuleTab } from '../features/message-rule/message-rule-tab.tsx';
import { QueueTab } from '../features/queue/queue-tab.tsx';
import { judgeSmtp } from '../features/smtp/judge-smtp.ts';
import { SmtpTab } from '../features/smtp/smtp-tab.tsx';

const panels: SettingsPanels = {
  smtp: (editor) => <SmtpTab {...editor} />,
  connections: (editor) => (
    <ConnectionsScreen
      scope={editor.scope}
      draft={editor.draft}
      files={editor.files}
      addresses={editor.addresses}
      sight={editor.sight}
      onChange={editor.change}
      onProblems={editor.reportProblems}
      onFileStored={editor.addFile}
    />
  ),
  'message-rule': (editor) => <MessageRuleTab {...editor} />,
  delivery: (editor) => <DeliveryTab {...editor} />,
};

const queue = (name: string) => <QueueTab key={name} name={name} />;

/** Connections judges itself and reports; these follow from the draft alone. */
function judge(draft: Draft) {
  return { ...judgeSmtp(draft), ...judgeMessageRule(draft), ...judgeDelivery(draft) };
}

/** The screen of the current address. */
export function Screens() {
  return (
    <Switch>
      <Route path="/">
        <FleetScreen />
      </Route>
      <Route path="/groups/:group">{({ group }) => <FleetScreen key={group} group={group} />}</Route>
      <Route path="/add">
        <AddGatewayScreen />
      </Route>
      <Route path="/gateways/:name/:tab">
        {({ name, tab: asked }) => {
          const tab = gatewayTabs.find((known) => known.tab === asked)?.tab;
          if (tab === undefined) return <Redirect to={gatewayPath(name)} />;
          return <GatewayScreen key={name} name={name} tab={tab} panels={panels} queue={queue} judge={judge} />;
        }}
      </Route>
      <Route path="/gateways/:name">{({ name }) => <Redirect to={gatewayPath(name)} />}</Route>
      <Route>
        <ScreenHeader title="Nothing here" />
        <Stack px="lg" align="flex-start">
          <Text>There is no screen at this address.</Text>
          <Button variant="default" onClick={() => goTo('/')}>
            To the fleet
          </Button>
        </Stack>
      </Route>
    </Switch>
  );
}
