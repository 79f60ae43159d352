// One shared list: the same workbench as a gateway's own list, saved as a file that many use.
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { Button, Skeleton, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { Problem } from '#contract/outcome';
import { callGateway, refreshCalls, useCall } from '../../api/gateway-bridge.ts';
import { goTo, useLeaveGuard } from '../../components/guarded-location.ts';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { ScreenHeader } from '../../components/screen-header.tsx';
import classes from './lists.module.css';

/** The workbench of one list; the app fills it in, so that no feature imports another. */
export type ListWorkbench = (props: {
  name: string;
  text: string;
  onText: (text: string) => void;
  /** What keeps the list from being saved; null: nothing. */
  onProblem: (problem: string | null) => void;
}) => ReactNode;

function askLeave(leave: () => void): void {
  modals.openConfirmModal({
    title: 'Leave without saving?',
    children: <Text>The changes of this list are not saved.</Text>,
    labels: { confirm: 'Leave and lose the changes', cancel: 'Stay' },
    confirmProps: { color: 'red' },
    onConfirm: leave,
  });
}

/** The screen of the list `name`. */
export function ListScreen({ name, workbench }: { name: string; workbench: ListWorkbench }) {
  const list = useSharedList(name);
  const [wrong, setWrong] = useState<string | null>(null);
  const { loaded, text, problem } = list;
  const isDirty = loaded !== null && text !== loaded.text;
  useLeaveGuard({ isDirty, stays: `/lists/${name}`, ask: askLeave });
  return (
    <>
      <ScreenHeader title={name} facts={<Users name={name} />}>
        {isDirty && wrong !== null && (
          <Text style={{ color: 'var(--mantine-color-error)' }} truncate maw={320} title={wrong}>
            {wrong}
          </Text>
        )}
        <Button variant="default" onClick={() => goTo('/lists')}>
          All lists
        </Button>
        {isDirty && (
          <Button variant="subtle" color="gray" onClick={list.cancel}>
            Cancel
          </Button>
        )}
        <Button disabled={!isDirty || wrong !== null} loading={list.isSaving} onClick={() => void list.save()}>
          Save
        </Button>
      </ScreenHeader>
      <div className={classes['screen']}>
        {problem !== null && (
          <ProblemAlert problem={problem}>
            <Button size="xs" variant="default" onClick={list.reload}>
              Read it again
            </Button>
          </ProblemAlert>
        )}
        {loaded === null && problem === null && <Skeleton height={240} aria-label="Reading the list" />}
        {loaded !== null && workbench({ name, text, onText: list.change, onProblem: setWrong })}
      </div>
    </>
  );
}

function Users({ name }: { name: string }) {
  const lists = useCall('lists:list', {});
  const usedBy = lists.value?.find((row) => row.name === name)?.usedBy ?? [];
  const words = usedBy.length === 0 ? 'used by nobody yet' : `used by ${usedBy.slice(0, 4).join(', ')}`;
  return (
    <Text c="dimmed" truncate>
      shared list, {words}
      {usedBy.length > 4 && ` and ${(usedBy.length - 4).toLocaleString('en')} more`}
    </Text>
  );
}

type Loaded = { text: string; savedVersion: string };

function useSharedList(name: string) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    void callGateway('lists:load', { name }).then((outcome) => {
      if (!isCurrent) return;
      setProblem(outcome.ok ? null : outcome.problem);
      if (!outcome.ok) return;
      setLoaded(outcome.value);
      setText(outcome.value.text);
    });
    return () => {
      isCurrent = false;
    };
  }, [name, round]);
  const save = useCallback(async (): Promise<void> => {
    setSaving(true);
    const saved = await callGateway('lists:save', { name, text, savedVersion: loaded?.savedVersion ?? null });
    setSaving(false);
    setProblem(saved.ok ? null : saved.problem);
    if (saved.ok) setLoaded({ text, savedVersion: saved.value.savedVersion });
    await Promise.all([refreshCalls('lists:list'), refreshCalls('fleet:list')]);
  }, [name, text, loaded]);
  return {
    loaded,
    text,
    problem,
    isSaving,
    save,
    change: setText,
    cancel: () => setText(loaded?.text ?? ''),
    reload: () => setRound((count) => count + 1),
  };
}
