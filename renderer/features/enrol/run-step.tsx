// Last step: the work as it happens, how to stop it, and how it ended.
import type { ReactNode } from 'react';
import { Alert, Button, Group, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { EnrolItem } from '#ipc';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { SettingsSection } from '../../components/settings-section.tsx';
import { ItemList } from './item-list.tsx';
import type { EnrolRunState } from './use-enrol-run.ts';
import classes from './enrol.module.css';

type Props = {
  title: string;
  run: EnrolRunState;
  /** How a success is called. */
  success: string;
  failure: string;
  /** A removal goes on to its end: half of one helps nobody. */
  canStop?: boolean;
  words?: Partial<Record<EnrolItem['state'], string>>;
  /** What comes next. */
  children?: ReactNode;
};

/** Progress is announced politely; buttons for what comes next go in as children. */
export function RunStep({ title, run, success, failure, canStop = false, words = {}, children }: Props) {
  return (
    <SettingsSection title={title}>
      <ItemList items={run.items} label="Progress" words={run.problem === null ? words : { ...words, ...endedWords }} />
      <div className={classes['srOnly']} role="status" aria-live="polite">
        {announcement(run.items)}
      </div>
      {run.isRunning && canStop && (
        <Group mt="xs">
          <Button variant="default" onClick={run.stop} disabled={run.isStopping}>
            Cancel
          </Button>
          {run.isStopping && <Text role="status">Stopping; what this run made is removed again.</Text>}
        </Group>
      )}
      {run.report !== null && (
        <Alert color="green" icon={<IconCircleCheck size={18} />} role="status" mt="xs">
          {success}
        </Alert>
      )}
      {run.problem !== null && (
        <ProblemAlert
          problem={run.problem}
          title={failure}
          tone={run.problem.code === 'cancelled' ? 'warning' : 'failure'}
        />
      )}
      {run.problem !== null && canStop && <Text role="status">{leftBehind(run.items)}</Text>}
      {!run.isRunning && <Group mt="xs">{children}</Group>}
    </SettingsSection>
  );
}

/** Of a run that stopped before its end. */
const endedWords: Partial<Record<EnrolItem['state'], string>> = { 'to-do': 'Not done', doing: 'Stopped' };

function announcement(items: readonly EnrolItem[]): string {
  const doing = items.find(({ state }) => state === 'doing');
  return doing === undefined ? '' : `${doing.words}: under way`;
}

/** What a run that did not end well leaves on the host. */
function leftBehind(items: readonly EnrolItem[]): string {
  if (items.some(({ id, state }) => id === 'undo' && state === 'failed')) {
    return 'Not everything that it made could be removed again: un-enrol the host, or enrol it once more.';
  }
  if (items.some(({ state }) => state === 'undone')) return 'What it made is removed again: the host is as it was.';
  return 'Nothing was made on the host.';
}
