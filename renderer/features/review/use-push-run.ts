// One drawer's pushes: starts them, follows their progress, cancels them, keeps how each gateway ended.
import { useCallback, useRef, useState } from 'react';
import type { Problem } from '#contract/outcome';
import { PushStep, type PushProgress, type PushResult } from '#contract/push';
import { callGateway, refreshCalls, useGatewayEvent } from '../../api/gateway-bridge.ts';
import { describeResult } from '../../components/describe-result.ts';
import { stepNames } from '../../components/step-names.ts';

/** Every step in the ladder's order. */
export const pushSteps = PushStep.options;

/** One gateway's way up the ladder. */
export type GatewayRun = {
  name: string;
  steps: Partial<Record<PushStep, PushProgress>>;
  result: PushResult | null;
  problem: Problem | null; // the run itself failed: nothing is known of the gateway
};

type Runs = Record<string, GatewayRun>;

function newRun(name: string): GatewayRun {
  return { name, steps: {}, result: null, problem: null };
}

/** What the drawer shows and does about pushing. */
export type PushRun = {
  runs: GatewayRun[];
  isRunning: boolean;
  isCancelling: boolean;
  announcement: string; // for aria-live
  start: (names: string[], overwriteThere: boolean) => Promise<void>;
  cancel: () => void;
};

/** State of the pushes that were started from here. */
export function usePushRun(): PushRun {
  const [runs, setRuns] = useState<Runs>({});
  const [announcement, setAnnouncement] = useState('');
  const [isCancelling, setCancelling] = useState(false);
  const [running, setRunning] = useState(0);
  const runIds = useRef(new Set<string>());
  const change = useCallback((name: string, next: (run: GatewayRun) => GatewayRun) => {
    setRuns((all) => ({ ...all, [name]: next(all[name] ?? newRun(name)) }));
  }, []);
  useGatewayEvent('push:progress', ({ runId, progress }) => {
    if (!runIds.current.has(runId)) return;
    change(progress.gateway, (run) => ({ ...run, steps: { ...run.steps, [progress.step]: progress } }));
    if (progress.state === 'failed' || progress.state === 'done')
      setAnnouncement(`${progress.gateway}: ${stepNames[progress.step]} ${progress.state}`);
  });
  const finish = useCallback(
    (gateway: string, result: PushResult) => {
      change(gateway, (run) => ({ ...run, result }));
      setAnnouncement(describeResult(gateway, result).title);
    },
    [change],
  );
  useGatewayEvent('push:result', ({ runId, gateway, result }) => {
    if (runIds.current.has(runId)) finish(gateway, result);
  });
  const start = useCallback(
    async (names: string[], overwriteThere: boolean) => {
      const runId = crypto.randomUUID();
      runIds.current.add(runId);
      setCancelling(false);
      setRunning((count) => count + 1);
      for (const name of names) change(name, () => newRun(name));
      const outcome = await callGateway('push:run', { runId, names, overwriteThere });
      runIds.current.delete(runId);
      setRunning((count) => count - 1);
      if (outcome.ok) for (const { gateway, result } of outcome.value) finish(gateway, result);
      else
        for (const name of names)
          change(name, (run) => (run.result === null ? { ...run, problem: outcome.problem } : run));
      await Promise.all(names.map((name) => callGateway('fleet:refresh', { name })));
      await refreshCalls('fleet:list');
    },
    [change, finish],
  );
  const cancel = useCallback(() => {
    setCancelling(true);
    for (const runId of runIds.current) void callGateway('push:cancel', { runId });
  }, []);
  return { runs: Object.values(runs), isRunning: running > 0, isCancelling, announcement, start, cancel };
}
