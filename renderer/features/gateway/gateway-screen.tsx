// One gateway: header with its state and its one action, tabs of SMTP Routing, and what it does now beside them.
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { Button, Stack, Tabs, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { Draft, FleetRow } from '#ipc';
import type { Scope } from '#contract/scope';
import { useCall } from '../../api/gateway-bridge.ts';
import { gatewayPath, gatewayTabs, type GatewayTab } from '../../components/gateway-path.ts';
import { goTo, useLeaveGuard } from '../../components/guarded-location.ts';
import { useOpenReview } from '../../components/open-review.ts';
import { ScreenHeader } from '../../components/screen-header.tsx';
import type { FieldProblems } from '../../components/settings-editor.ts';
import { SettingsPanelList, WrongMark, type SettingsPanels } from '../../components/settings-panels.tsx';
import { useSettingsDraft } from '../../components/use-settings-draft.ts';
import { GatewayHeader } from './gateway-header.tsx';
import { GatewayNotices } from './gateway-notices.tsx';
import { LiveTab } from './live-tab.tsx';
import classes from './gateway.module.css';

type Props = {
  name: string;
  tab: GatewayTab;
  panels: SettingsPanels;
  queue: (name: string) => ReactNode;
  /** Shows what somebody else changed there; `reload` reads the settings again when some of it was taken over. */
  drift: (name: string, reload: () => void) => ReactNode;
  /** Problems that follow from the draft alone. */
  judge: (draft: Draft) => FieldProblems;
};

function askLeave(leave: () => void): void {
  modals.openConfirmModal({
    title: 'Leave without saving?',
    children: <Text>The changes on this gateway’s tabs are not saved.</Text>,
    labels: { confirm: 'Leave and lose the changes', cancel: 'Stay' },
    confirmProps: { color: 'red' },
    onConfirm: leave,
  });
}

/** The screen of the gateway `name`. */
export function GatewayScreen({ name, tab, panels, queue, drift, judge }: Props) {
  const fleet = useCall('fleet:list', {});
  const hello = useCall('fleet:hello', { name });
  const scope = useMemo<Scope>(() => ({ kind: 'gateway', name }), [name]);
  const settings = useSettingsDraft(scope);
  const [reported, setReported] = useState<FieldProblems>({});
  const openReview = useOpenReview();
  useLeaveGuard({ isDirty: settings.isDirty, stays: `/gateways/${name}`, ask: askLeave });
  const row = fleet.value?.find((candidate) => candidate.name === name);
  const { draft, document } = settings;
  const problems = useMemo(() => (draft === null ? {} : { ...judge(draft), ...reported }), [draft, judge, reported]);
  const review = useCallback(() => {
    const isUnsaved = settings.isDirty && draft !== null && document !== null;
    openReview({
      targets: [{ name }],
      ...(isUnsaved ? { unsaved: { scope, draft, savedVersion: document.savedVersion } } : {}),
      onSaved: settings.markSaved,
      onReload: settings.reload,
    });
  }, [settings, draft, document, name, scope, openReview]);
  if (fleet.value !== undefined && row === undefined) return <NoSuchGateway name={name} />;
  return (
    <>
      <GatewayHeader name={name} row={row} settings={settings} problems={problems} onReview={review} />
      <GatewayNotices name={name} row={row} drift={settings.isDirty ? <EditsFirst /> : drift(name, settings.reload)} />
      <Tabs
        value={tab}
        onChange={(next) => goTo(gatewayPath(name, gatewayTabs.find((known) => known.tab === next)?.tab))}
        className={classes['tabs']}
        keepMounted={false}
      >
        <TabList problems={problems} />
        <SettingsPanelList
          scope={scope}
          settings={settings}
          panels={panels}
          beside={{
            gateway: name,
            addresses: hello.value?.addresses ?? null,
            sight: row?.sight ?? null,
            problems,
            reportProblems: setReported,
          }}
        />
        <Tabs.Panel value="live" className={classes['panel']}>
          {tab === 'live' && <LiveTab name={name} row={row} />}
        </Tabs.Panel>
        <Tabs.Panel value="queue" className={classes['panel']}>
          {tab === 'queue' && queue(name)}
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function TabList({ problems }: { problems: FieldProblems }) {
  return (
    <Tabs.List className={classes['list']}>
      {gatewayTabs.map(({ tab, label, observes }) => (
        <Tabs.Tab key={tab} value={tab} className={observes ? classes['observes'] : undefined}>
          {label}
          <WrongMark tab={tab} problems={problems} />
        </Tabs.Tab>
      ))}
    </Tabs.List>
  );
}

/** Taking over reads the settings again, and edits that are not saved would be lost by it. */
function EditsFirst() {
  return <Text c="dimmed">Save or cancel your edits to see what changed there.</Text>;
}

function NoSuchGateway({ name }: { name: FleetRow['name'] }) {
  return (
    <>
      <ScreenHeader title={name} />
      <Stack px="lg" align="flex-start">
        <Text>The fleet has no gateway named {name}. It may have been removed or renamed in the fleet folder.</Text>
        <Button variant="default" onClick={() => goTo('/')}>
          To the fleet
        </Button>
      </Stack>
    </>
  );
}
