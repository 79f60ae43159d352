// Above the tabs: which gateway, how it stands, what it runs, and the one action.
import { Anchor, Text } from '@mantine/core';
import type { FleetRow } from '#ipc';
import { GatewayStateBadge } from '../../components/gateway-state.tsx';
import { HistoryLink } from '../../components/history-link.tsx';
import { RevisionText } from '../../components/mono.tsx';
import { scopePath } from '../../components/scope-editing.ts';
import { ScreenHeader } from '../../components/screen-header.tsx';
import { SettingsActions } from '../../components/settings-actions.tsx';
import type { FieldProblems } from '../../components/settings-editor.ts';
import type { SettingsDraft } from '../../components/use-settings-draft.ts';

type Props = {
  name: string;
  row: FleetRow | undefined;
  settings: SettingsDraft;
  problems: FieldProblems;
  onReview: () => void;
};

/** Name, state, revision, group; history, undo, cancel, review. */
export function GatewayHeader({ name, row, settings, problems, onReview }: Props) {
  return (
    <ScreenHeader
      title={name}
      facts={
        row !== undefined && (
          <>
            <GatewayStateBadge state={row.sight.state} />
            {row.sight.status !== null && <RevisionText revision={row.sight.status.runningRevision} canCopy />}
            {row.group !== null && (
              <Text c="dimmed" truncate>
                in{' '}
                <Anchor
                  href={`#${scopePath({ kind: 'group', name: row.group }, 'connections')}`}
                  underline="always"
                  c="dimmed"
                >
                  group {row.group}
                </Anchor>
              </Text>
            )}
          </>
        )
      }
    >
      <HistoryLink scope={{ kind: 'gateway', name }} />
      <SettingsActions
        settings={settings}
        problems={problems}
        hasUnpushedChanges={row?.hasUnpushedChanges === true}
        onReview={onReview}
      />
    </ScreenHeader>
  );
}
