// One gateway: header with its state and its one action, tabs of SMTP Routing, and what it does now beside them.
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { Button, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { Draft, FleetRow } from '#ipc';
import { useCall } from '../../api/gateway-bridge.ts';
import { gatewayPath, gatewayTabs, type GatewayTab } from '../../components/gateway-path.ts';
import { goTo, useLeaveGuard } from '../../components/guarded-location.ts';
import { useOpenReview } from '../../components/open-review.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { ScreenHeader } from '../../components/screen-header.tsx';
import type { FieldProblems, SettingsEditor } from '../../components/settings-editor.ts';
import { GatewayHeader } from './gateway-header.tsx';
import { GatewayNotices } from './gateway-notices.tsx';
import { LiveTab } from './live-tab.tsx';
import { useSettingsDraft } from './use-settings-draft.ts';
import classes from './gateway.module.css';

/** Tabs that edit the draft; the app fills them in, so that no feature imports another. */
export type SettingsPanels = Record<Exclude<GatewayTab, 'live' | 'queue'>, (editor: SettingsEditor) => ReactNode>;

type Props = {
  name: string;
  tab: GatewayTab;
  panels: SettingsPanels;
  queue: (name: string) => ReactNode;
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
export function GatewayScreen({ name, tab, panels, queue, judge }: Props) {
  const fleet = useCall('fleet:list', {});
  const hello = useCall('fleet:hello', { name });
  const settings = useSettingsDraft(name);
  const [reported, setReported] = useState<FieldProblems>({});
  const openReview = useOpenReview();
  useLeaveGuard({ isDirty: settings.isDirty, stays: `/gateways/${name}`, ask: askLeave });
  const row = fleet.value?.find((candidate) => candidate.name === name);
  const { draft, document } = settings;
  const problems = useMemo(() => (draft === null ? {} : { ...judge(draft), ...reported }), [draft, judge, reported]);
  const review = useCallback(() => {
    const unsaved = settings.isDirty && draft !== null && document !== null;
    openReview({
      targets: [unsaved ? { name, unsaved: { draft, savedVersion: document.savedVersion } } : { name }],
      onSaved: (_, savedVersion) => settings.markSaved(savedVersion),
      onReload: settings.reload,
    });
  }, [settings, draft, document, name, openReview]);
  if (fleet.value !== undefined && row === undefined) return <NoSuchGateway name={name} />;
  return (
    <>
      <GatewayHeader name={name} row={row} settings={settings} problems={problems} onReview={review} />
      <GatewayNotices name={name} row={row} />
      <Tabs
        value={tab}
        onChange={(next) => goTo(gatewayPath(name, gatewayTabs.find((known) => known.tab === next)?.tab))}
        className={classes['tabs']}
        keepMounted={false}
      >
        <TabList problems={problems} />
        {settings.problem !== null && (
          <ProblemAlert problem={settings.problem} title="The settings cannot be read">
            <Button size="xs" variant="default" onClick={settings.reload}>
              Read them again
            </Button>
          </ProblemAlert>
        )}
        {draft === null || document === null ? (
          settings.problem === null && <Waiting />
        ) : (
          <Panels
            panels={panels}
            editor={{
              gateway: name,
              draft,
              files: document.files,
              addresses: hello.value?.addresses ?? null,
              sight: row?.sight ?? null,
              problems,
              change: settings.change,
              reportProblems: setReported,
              addFile: settings.addFile,
            }}
          />
        )}
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
  const prefixes: Partial<Record<GatewayTab, string>> = {
    smtp: 'smtp.',
    connections: 'connections.',
    'message-rule': 'messageRule.',
    delivery: 'messageDelivery.',
  };
  const wrong = (tab: GatewayTab): boolean => {
    const prefix = prefixes[tab];
    return prefix !== undefined && Object.keys(problems).some((field) => field.startsWith(prefix));
  };
  return (
    <Tabs.List className={classes['list']}>
      {gatewayTabs.map(({ tab, label, observes }) => (
        <Tabs.Tab key={tab} value={tab} className={observes ? classes['observes'] : undefined}>
          {label}
          {wrong(tab) && (
            <span className={classes['wrong']} aria-label="has a field to correct">
              !
            </span>
          )}
        </Tabs.Tab>
      ))}
    </Tabs.List>
  );
}

// Connections stays mounted: a file chosen there but not uploaded yet must not be forgotten by a look at another tab.
function Panels({ panels, editor }: { panels: SettingsPanels; editor: SettingsEditor }) {
  return (['smtp', 'connections', 'message-rule', 'delivery'] as const).map((tab) => (
    <Tabs.Panel key={tab} value={tab} className={classes['panel']} keepMounted={tab === 'connections'}>
      {panels[tab](editor)}
    </Tabs.Panel>
  ));
}

function Waiting() {
  return (
    <Stack p="lg" gap="sm" aria-label="Reading the settings">
      {[40, 60, 50, 70].map((width) => (
        <Skeleton key={width} height={24} width={`${width}%`} />
      ))}
    </Stack>
  );
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
