// "Try it on this computer": starts the local gateway, tells how far it is, and opens it.
import { useState } from 'react';
import type { Problem } from '#contract/outcome';
import { refreshCalls, useAct, useGatewayEvent } from '../../api/gateway-bridge.ts';
import { gatewayPath } from '../../components/gateway-path.ts';
import { goTo } from '../../components/guarded-location.ts';

/** What a button and the line beside it need. */
export type TryHere = { start: () => void; isRunning: boolean; words: string; problem: Problem | null };

/** State of the attempt. */
export function useTryHere(): TryHere {
  const local = useAct('local:start');
  const [words, setWords] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  useGatewayEvent('local:progress', (progress) => setWords(progress.words));
  const run = async (): Promise<void> => {
    setProblem(null);
    setWords('Starting a gateway on this computer…');
    const outcome = await local.run({});
    setWords('');
    if (!outcome.ok) return setProblem(outcome.problem);
    await refreshCalls('fleet:list');
    goTo(gatewayPath(outcome.value.name));
  };
  return { start: () => void run(), isRunning: local.isRunning, words, problem };
}
