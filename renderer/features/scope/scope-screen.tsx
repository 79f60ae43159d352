// Settings of a group or of the whole fleet: the same four tabs as a gateway's. A save reaches every gateway below that
// does not set the field itself; the review says what it does on each.
import { useCallback, useMemo, useState } from 'react';
import { Button, Stack, Tabs, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { Draft } from '#ipc';
import type { Scope } from '#contract/scope';
import { callGateway, useCall } from '../../api/gateway-bridge.ts';
import { countGateways } from '../../components/format-time.ts';
import { gatewayTabs } from '../../components/gateway-path.ts';
import { groupPath } from '../../components/group-path.ts';
import { goTo, useLeaveGuard } from '../../components/guarded-location.ts';
import { HistoryLink } from '../../components/history-link.tsx';
import { useOpenReview } from '../../components/open-review.ts';
import { reportOutcome } from '../../components/report-outcome.ts';
import { scopeInWords, scopePath, type SettingsTab } from '../../components/scope-editing.ts';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { SettingsActions } from '../../components/settings-actions.tsx';
import type { FieldProblems } from '../../components/settings-editor.ts';
import { SettingsPanelList, WrongMark, type SettingsPanels } from '../../components/settings-panels.tsx';
import { useSettingsDraft } from '../../components/use-settings-draft.ts';
import { describeScopeSave } from './describe-scope-save.ts';
import classes from './scope.module.css';

type SharedScope = Exclude<Scope, { kind: 'gateway' }>;

type Props = {
  scope: SharedScope;
  tab: SettingsTab;
  panels: SettingsPanels;
  /** Problems that follow from the draft alone. */
  judge: (draft: Draft) => FieldProblems;
};

const tabs = gatewayTabs.filter((known) => !known.observes);

function askLeave(leave: () => void): void {
  modals.openConfirmModal({
    title: 'Leave without saving?',
    children: <Text>The changes on these tabs are not saved.</Text>,
    labels: { confirm: 'Leave and lose the changes', cancel: 'Stay' },
    confirmProps: { color: 'red' },
    onConfirm: leave,
  });
}

/** The screen; a scope of its own for each `key`. */
export function ScopeScreen({ scope, tab, panels, judge }: Props) {
  const settings = useSettingsDraft(scope);
  const reach = useCall('settings:reach', { scope });
  const [reported, setReported] = useState<FieldProblems>({});
  const { draft } = settings;
  const problems = useMemo(() => (draft === null ? {} : { ...judge(draft), ...reported }), [draft, judge, reported]);
  const waiting = useWaiting(reach.value ?? []);
  const review = useScopeReview(scope, settings, waiting);
  const stays = scopePath(scope, 'smtp').replace(/\/smtp$/, '');
  useLeaveGuard({ isDirty: settings.isDirty, stays, ask: askLeave });
  return (
    <>
      <ScreenHeader
        title={scope.kind === 'fleet' ? 'Fleet settings' : `Group ${scope.name}`}
        facts={
          <Text c="dimmed" truncate>
            {reach.value === undefined ? '' : reachWords(scope, reach.value.length)}
          </Text>
        }
      >
        {scope.kind === 'group' && (
          <Button variant="default" onClick={() => goTo(groupPath(scope.name))}>
            Gateways
          </Button>
        )}
        <HistoryLink scope={scope} />
        <SettingsActions
          settings={settings}
          problems={problems}
          hasUnpushedChanges={waiting.length > 0}
          onReview={() => void review()}
        />
      </ScreenHeader>
      <Tabs
        value={tab}
        onChange={(next) => goTo(scopePath(scope, tabs.find((known) => known.tab === next)?.tab ?? 'connections'))}
        className={classes['tabs']}
        keepMounted={false}
      >
        <Tabs.List className={classes['list']}>
          {tabs.map(({ tab: each, label }) => (
            <Tabs.Tab key={each} value={each}>
              {label}
              <WrongMark tab={each} problems={problems} />
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <SettingsPanelList
          scope={scope}
          settings={settings}
          panels={panels}
          beside={{ gateway: null, addresses: null, sight: null, problems, reportProblems: setReported }}
        />
        {settings.problem?.code === 'not-found' && <NoSuchScope scope={scope} />}
      </Tabs>
    </>
  );
}

function reachWords(scope: SharedScope, count: number): string {
  const gateways = countGateways(count);
  return scope.kind === 'fleet' ? `for all ${gateways}` : `for the ${gateways} in and below it`;
}

/** Those of these gateways whose saved settings wait for a push. */
function useWaiting(names: readonly string[]): string[] {
  const fleet = useCall('fleet:list', {});
  return useMemo(() => {
    const reached = new Set(names);
    const rows = fleet.value ?? [];
    return rows.filter((row) => row.hasUnpushedChanges && reached.has(row.name)).map((row) => row.name);
  }, [fleet.value, names]);
}

/** With a draft, everybody whom it reaches is asked; without one, those who wait for a push. */
function useScopeReview(
  scope: SharedScope,
  settings: ReturnType<typeof useSettingsDraft>,
  waiting: string[],
): () => Promise<void> {
  const openReview = useOpenReview();
  return useCallback(async () => {
    const { draft, document } = settings;
    const common = { onSaved: settings.markSaved, onReload: settings.reload };
    if (!settings.isDirty || draft === null || document === null) {
      return openReview({ ...common, targets: waiting.map((name) => ({ name })) });
    }
    const reached = await callGateway('settings:reach', { scope });
    if (!reached.ok) return void reportOutcome(reached);
    const words = describeScopeSave(scope, document.draft, draft);
    return openReview({
      ...common,
      targets: reached.value.map((name) => ({ name })),
      unsaved: { scope, draft, savedVersion: document.savedVersion, words },
    });
  }, [scope, settings, waiting, openReview]);
}

function NoSuchScope({ scope }: { scope: SharedScope }) {
  return (
    <Stack px="lg" align="flex-start">
      <Text>The fleet has no {scopeInWords(scope)}. It may have been removed or renamed in the fleet folder.</Text>
      <Button variant="default" onClick={() => goTo('/')}>
        To the fleet
      </Button>
    </Stack>
  );
}
