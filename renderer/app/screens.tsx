// Which screen stands at which address. The features meet here, and only here.
import { useMemo } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Button, Stack, Text } from '@mantine/core';
import type { Draft } from '#ipc';
import { gatewayPath, gatewayTabs } from '../components/gateway-path.ts';
import { goTo } from '../components/guarded-location.ts';
import { scopePath, type SettingsTab } from '../components/scope-editing.ts';
import { ScreenHeader } from '../components/screen-header.tsx';
import { AddGatewayScreen } from '../features/add-gateway/add-gateway-screen.tsx';
import { AuditScreen } from '../features/audit/audit-screen.tsx';
import { ConnectionsScreen } from '../features/connections/connections-screen.tsx';
import { BackupsScreen } from '../features/backups/backups-screen.tsx';
import { SharedListEditor } from '../features/connections/shared-list-editor.tsx';
import { DeliveryTab } from '../features/delivery/delivery-tab.tsx';
import { judgeDelivery } from '../features/delivery/judge-delivery.ts';
import { EnrolScreen } from '../features/enrol/enrol-screen.tsx';
import { UnenrolScreen } from '../features/enrol/unenrol-screen.tsx';
import { FleetScreen } from '../features/fleet/fleet-screen.tsx';
import { DriftButton } from '../features/drift/drift-button.tsx';
import type { SettingsPanels } from '../components/settings-panels.tsx';
import { HistoryScreen } from '../features/history/history-screen.tsx';
import { GatewayScreen } from '../features/gateway/gateway-screen.tsx';
import { ImportSshScreen } from '../features/import-ssh/import-ssh-screen.tsx';
import { ListScreen, type ListWorkbench } from '../features/lists/list-screen.tsx';
import { ListsScreen } from '../features/lists/lists-screen.tsx';
import { judgeMessageRule } from '../features/message-rule/judge-message-rule.ts';
import { MessageRuleTab } from '../features/message-rule/message-rule-tab.tsx';
import { QueueTab } from '../features/queue/queue-tab.tsx';
import { NewRolloutScreen } from '../features/rollout/new-rollout-screen.tsx';
import { RolloutScreen } from '../features/rollout/rollout-screen.tsx';
import { RolloutsScreen } from '../features/rollout/rollouts-screen.tsx';
import { ScopeScreen } from '../features/scope/scope-screen.tsx';
import { SharingStatus } from '../features/sharing/sharing-status.tsx';
import { judgeSmtp } from '../features/smtp/judge-smtp.ts';
import { SignInScreen } from '../features/sign-in/sign-in-screen.tsx';
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

const drift = (name: string, reload: () => void) => <DriftButton key={name} name={name} onTaken={reload} />;

/** Connections judges itself and reports; these follow from the draft alone. */
function judge(draft: Draft) {
  return { ...judgeSmtp(draft), ...judgeMessageRule(draft), ...judgeDelivery(draft) };
}

const wholeFleet = { kind: 'fleet' } as const;

const sharing = <SharingStatus />;

const workbench: ListWorkbench = (props) => <SharedListEditor {...props} />;

function settingsTabOf(asked: string): SettingsTab | null {
  const known = gatewayTabs.find(({ tab }) => tab === asked)?.tab;
  return known === undefined || known === 'live' || known === 'queue' ? null : known;
}

/** The scope stays the same object while its screen is open. */
function GroupSettings({ name, tab }: { name: string; tab: SettingsTab }) {
  const scope = useMemo(() => ({ kind: 'group', name }) as const, [name]);
  return <ScopeScreen scope={scope} tab={tab} panels={panels} judge={judge} />;
}

function ScopeHistory({ kind, name }: { kind: 'group' | 'gateway'; name: string }) {
  const scope = useMemo(() => ({ kind, name }), [kind, name]);
  return <HistoryScreen scope={scope} sharing={sharing} />;
}

/** The screen of the current address. */
export function Screens() {
  return (
    <Switch>
      <Route path="/">
        <FleetScreen />
      </Route>
      <Route path="/groups/:group">{({ group }) => <FleetScreen key={group} group={group} />}</Route>
      <Route path="/groups/:group/:tab">
        {({ group, tab: asked }) => {
          const tab = settingsTabOf(asked);
          if (tab === null) return <Redirect to={scopePath({ kind: 'group', name: group }, 'connections')} />;
          return <GroupSettings key={group} name={group} tab={tab} />;
        }}
      </Route>
      <Route path="/fleet-settings">
        <Redirect to={scopePath(wholeFleet, 'connections')} />
      </Route>
      <Route path="/fleet-settings/:tab">
        {({ tab: asked }) => {
          const tab = settingsTabOf(asked);
          if (tab === null) return <Redirect to={scopePath(wholeFleet, 'connections')} />;
          return <ScopeScreen scope={wholeFleet} tab={tab} panels={panels} judge={judge} />;
        }}
      </Route>
      <Route path="/lists">
        <ListsScreen />
      </Route>
      <Route path="/lists/:list">{({ list }) => <ListScreen key={list} name={list} workbench={workbench} />}</Route>
      <Route path="/activity">
        <AuditScreen />
      </Route>
      <Route path="/history">
        <HistoryScreen key="all" scope={null} sharing={sharing} />
      </Route>
      <Route path="/history/fleet">
        <HistoryScreen key="fleet" scope={wholeFleet} sharing={sharing} />
      </Route>
      <Route path="/history/groups/:name">{({ name }) => <ScopeHistory key={name} kind="group" name={name} />}</Route>
      <Route path="/history/gateways/:name">
        {({ name }) => <ScopeHistory key={name} kind="gateway" name={name} />}
      </Route>
      <Route path="/backups">
        <BackupsScreen />
      </Route>
      <Route path="/rollouts">
        <RolloutsScreen />
      </Route>
      <Route path="/rollouts/new">
        <NewRolloutScreen />
      </Route>
      <Route path="/rollouts/:id">{({ id }) => <RolloutScreen key={id} id={id} />}</Route>
      <Route path="/add">
        <AddGatewayScreen />
      </Route>
      <Route path="/enrol">
        <EnrolScreen />
      </Route>
      <Route path="/sign-in">
        <SignInScreen />
      </Route>
      <Route path="/import-ssh">
        <ImportSshScreen />
      </Route>
      <Route path="/unenrol/:name">{({ name }) => <UnenrolScreen key={name} name={name} />}</Route>
      <Route path="/gateways/:name/:tab">
        {({ name, tab: asked }) => {
          const tab = gatewayTabs.find((known) => known.tab === asked)?.tab;
          if (tab === undefined) return <Redirect to={gatewayPath(name)} />;
          return (
            <GatewayScreen key={name} name={name} tab={tab} panels={panels} queue={queue} drift={drift} judge={judge} />
          );
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
