// The actions of a screen that edits settings: what is wrong, undo and redo, cancel, review.
import { ActionIcon, Button, Group, Text, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import type { FieldProblems } from './settings-editor.ts';
import type { SettingsDraft } from './use-settings-draft.ts';

type Props = {
  settings: SettingsDraft;
  problems: FieldProblems;
  /** What is saved waits for a push. */
  hasUnpushedChanges: boolean;
  onReview: () => void;
};

/** For the right end of the header. */
export function SettingsActions({ settings, problems, hasUnpushedChanges, onReview }: Props) {
  useHotkeys([
    ['mod+Z', settings.undo],
    ['mod+shift+Z', settings.redo],
  ]);
  const wrong = Object.values(problems);
  const canPushSaved = !settings.isDirty && hasUnpushedChanges;
  return (
    <>
      {settings.isDirty && wrong.length > 0 && (
        <Text style={{ color: 'var(--mantine-color-error)', whiteSpace: 'nowrap' }} title={wrong.join('\n')}>
          {wrong.length === 1 ? '1 field needs correction' : `${wrong.length} fields need correction`}
        </Text>
      )}
      {(settings.canUndo || settings.canRedo) && <Steps settings={settings} />}
      {settings.isDirty && (
        <Button variant="subtle" color="gray" onClick={settings.cancel}>
          Cancel
        </Button>
      )}
      <Button
        onClick={onReview}
        disabled={!canPushSaved && (!settings.isDirty || wrong.length > 0)}
        variant={canPushSaved || settings.isDirty ? 'filled' : 'default'}
        data-review
      >
        {canPushSaved ? 'Review saved changes…' : 'Review changes…'}
      </Button>
    </>
  );
}

function Steps({ settings }: { settings: SettingsDraft }) {
  return (
    <Group gap={0} wrap="nowrap">
      <Tooltip label="Undo">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Undo"
          disabled={!settings.canUndo}
          onClick={settings.undo}
        >
          <IconArrowBackUp size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Redo">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Redo"
          disabled={!settings.canRedo}
          onClick={settings.redo}
        >
          <IconArrowForwardUp size={18} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
