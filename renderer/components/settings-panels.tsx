// The four tabs that edit settings, of a gateway, a group or the whole fleet: their labels, their panels, what stands
// in their place while the settings are read, and where each field's value comes from.
import { useMemo, type ReactNode } from 'react';
import { Button, Skeleton, Stack, Tabs } from '@mantine/core';
import type { Scope } from '#contract/scope';
import { ProblemAlert } from './problem-alert.tsx';
import { ScopeEditingContext, type ScopeEditing, type SettingsTab } from './scope-editing.ts';
import type { FieldProblems, SettingsEditor } from './settings-editor.ts';
import type { SettingsDraft } from './use-settings-draft.ts';
import classes from './settings-panels.module.css';

/** Tabs that edit the draft; the app fills them in, so that no feature imports another. */
export type SettingsPanels = Record<SettingsTab, (editor: SettingsEditor) => ReactNode>;

const prefixes: Record<SettingsTab, string> = {
  smtp: 'smtp.',
  connections: 'connections.',
  'message-rule': 'messageRule.',
  delivery: 'messageDelivery.',
};

/** What stands behind a tab's label where one of its fields must be corrected. */
export function WrongMark({ tab, problems }: { tab: string; problems: FieldProblems }) {
  const prefix = Object.entries(prefixes).find(([known]) => known === tab)?.[1];
  if (prefix === undefined || !Object.keys(problems).some((field) => field.startsWith(prefix))) return null;
  return (
    <span className={classes['wrong']} aria-label="has a field to correct">
      !
    </span>
  );
}

type Props = {
  scope: Scope;
  settings: SettingsDraft;
  panels: SettingsPanels;
  /** The rest of what the panels get. */
  beside: Pick<SettingsEditor, 'gateway' | 'addresses' | 'sight' | 'problems' | 'reportProblems'>;
};

/** The panels; they stand inside `Tabs`. */
export function SettingsPanelList({ scope, settings, panels, beside }: Props) {
  const { document, draft, reset, pin } = settings;
  const editing = useMemo<ScopeEditing | null>(
    () =>
      document === null || draft === null
        ? null
        : { scope, draft, inherited: document.inherited, deviations: document.deviations, reset, pin },
    [scope, document, draft, reset, pin],
  );
  if (document === null || draft === null) return settings.problem === null ? <Waiting /> : <Unread {...settings} />;
  const editor: SettingsEditor = {
    ...beside,
    scope,
    draft,
    files: document.files,
    change: settings.change,
    addFile: settings.addFile,
  };
  return (
    <ScopeEditingContext value={editing}>
      {settings.problem !== null && <Unread {...settings} />}
      {(['smtp', 'connections', 'message-rule', 'delivery'] as const).map((tab) => (
        // Connections stays: a file chosen there but not uploaded yet must not be forgotten by a look at another tab.
        <Tabs.Panel key={tab} value={tab} className={classes['panel']} keepMounted={tab === 'connections'}>
          {panels[tab](editor)}
        </Tabs.Panel>
      ))}
    </ScopeEditingContext>
  );
}

function Unread({ problem, reload }: Pick<SettingsDraft, 'problem' | 'reload'>) {
  if (problem === null) return null;
  return (
    <ProblemAlert problem={problem} title="The settings cannot be read">
      <Button size="xs" variant="default" onClick={reload}>
        Read them again
      </Button>
    </ProblemAlert>
  );
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
