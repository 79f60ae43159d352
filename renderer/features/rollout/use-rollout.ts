// One rollout as it runs: its summary comes by itself, its members are asked for a few times a second at most.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '#contract/outcome';
import type { PushStep } from '#contract/push';
import type { Rollout } from '#contract/rollout';
import { callGateway, useGatewayEvent } from '../../api/gateway-bridge.ts';

/** A thousand members with their proofs are a megabyte: after each answer a rest. */
const restMilliseconds = 500;
/** A rollout that another program runs tells nothing here; it is looked at so often. */
const lookMilliseconds = 5_000;

/** The step that a gateway under way is at. */
export type Steps = ReadonlyMap<string, PushStep>;

type Watched = { rollout: Rollout | null; problem: Problem | null; steps: Steps; reload: () => void };

/** Asks again as often as it is told to, one at a time, with a rest behind each answer. */
function createAsker(ask: () => Promise<void>): { tell: () => void; stop: () => void } {
  let state: 'idle' | 'busy' | 'asked-again' | 'stopped' = 'idle';
  const tell = (): void => {
    if (state === 'busy') state = 'asked-again';
    if (state !== 'idle') return;
    state = 'busy';
    void ask().then(() => setTimeout(rested, restMilliseconds));
  };
  const rested = (): void => {
    const isAskedAgain = state === 'asked-again';
    if (state !== 'stopped') state = 'idle';
    if (isAskedAgain) tell();
  };
  return { tell, stop: () => (state = 'stopped') };
}

/** The rollout with its members. */
export function useRollout(id: string): Watched {
  const [rollout, setRollout] = useState<Rollout | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [steps, setSteps] = useState<Steps>(new Map());
  const heard = useRef(new Map<string, PushStep>());
  const asker = useRef<ReturnType<typeof createAsker>>(null);
  useEffect(() => {
    let isGone = false;
    const mine = createAsker(async () => {
      const outcome = await callGateway('rollout:get', { id });
      if (isGone) return;
      setProblem(outcome.ok ? null : outcome.problem);
      if (outcome.ok) setRollout(outcome.value);
      setSteps(new Map(heard.current));
    });
    asker.current = mine;
    mine.tell();
    return () => {
      isGone = true;
      mine.stop();
    };
  }, [id]);
  const reload = useCallback(() => asker.current?.tell(), []);
  useGatewayEvent('push:progress', ({ runId, progress }) => {
    if (runId === id) heard.current.set(progress.gateway, progress.step); // drawn with the members
  });
  useGatewayEvent('rollout:changed', ({ summary }) => {
    if (summary.id === id) reload();
  });
  const isRunning = rollout?.state === 'running';
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(reload, lookMilliseconds);
    return () => clearInterval(timer);
  }, [isRunning, reload]);
  return { rollout, problem, steps, reload };
}
