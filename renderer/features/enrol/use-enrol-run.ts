// One enrolment or removal as it happens: its items by the event that tells them, its end, and how to stop it.
import { useCallback, useState } from 'react';
import { modals } from '@mantine/modals';
import type { EnrolItem, EnrolReport } from '#ipc';
import type { Outcome, Problem } from '#contract/outcome';
import { callGateway, useGatewayEvent } from '../../api/gateway-bridge.ts';
import { useLeaveGuard } from '../../components/guarded-location.ts';

export type EnrolRunState = {
  items: readonly EnrolItem[];
  isRunning: boolean;
  isStopping: boolean;
  report: EnrolReport | null;
  problem: Problem | null;
  start: (known: readonly EnrolItem[], work: (runId: string) => Promise<Outcome<EnrolReport>>) => Promise<boolean>;
  stop: () => void;
};

type Run = Omit<EnrolRunState, 'start' | 'stop'> & { runId: string | null };

const nothing: Run = { runId: null, items: [], isRunning: false, isStopping: false, report: null, problem: null };

/** Starts with none. Leaving `stays` while it runs asks first: its end would be told to nobody. */
export function useEnrolRun({ stays }: { stays: string }): EnrolRunState {
  const [run, setRun] = useState<Run>(nothing);
  useLeaveGuard({ isDirty: run.isRunning, stays, ask: askLeave });
  useGatewayEvent('enrol:progress', ({ runId, item }) => {
    setRun((before) => (before.runId === runId ? { ...before, items: withItem(before.items, item) } : before));
  });
  const start = useCallback<EnrolRunState['start']>(async (known, work) => {
    const runId = crypto.randomUUID();
    setRun({ ...nothing, runId, items: known, isRunning: true });
    const outcome = await work(runId);
    setRun((before) => ({
      ...before,
      isRunning: false,
      isStopping: false,
      ...(outcome.ok ? { report: outcome.value } : { problem: outcome.problem }),
    }));
    return outcome.ok;
  }, []);
  const { runId } = run;
  const stop = useCallback(() => {
    if (runId === null) return;
    setRun((before) => ({ ...before, isStopping: true }));
    void callGateway('enrol:cancel', { runId });
  }, [runId]);
  return { ...run, start, stop };
}

function withItem(items: readonly EnrolItem[], item: EnrolItem): EnrolItem[] {
  const known = items.find(({ id }) => id === item.id);
  if (known === undefined) return [...items, item];
  // The words of the look say more than those of the work.
  return items.map((one) => (one.id === item.id ? { ...item, words: known.words } : one));
}

function askLeave(leave: () => void): void {
  modals.openConfirmModal({
    title: 'Leave while it runs?',
    children: 'It goes on, but how it ends is told on this screen only, and in Activity.',
    labels: { confirm: 'Leave', cancel: 'Stay' },
    onConfirm: leave,
  });
}
