// One sync at a time: how far it is, how it ended, and what is to be decided before it can end.
import { useState } from 'react';
import type { SyncResult } from '#ipc';
import type { Problem } from '#contract/outcome';
import { callGateway, refreshCalls, useGatewayEvent } from '../../api/gateway-bridge.ts';
import type { Choices } from './conflict-choices.ts';

/** What a sync came to; null: none ended yet. */
export type SyncEnd = { result: SyncResult; problem: null } | { result: null; problem: Problem };

export type Sync = {
  isRunning: boolean;
  /** How far it is; '' when none runs. */
  words: string;
  isCancelling: boolean;
  /** False while what others saved is put in its place. */
  canStop: boolean;
  end: SyncEnd | null;
  /** Gives the fields that two sides changed differently; then nothing was changed yet. */
  start: () => Promise<SyncEnd>;
  cancel: () => void;
  resolve: (choices: Choices) => Promise<SyncEnd>;
  forget: () => void;
};

/** What may be another after others' saves came. */
const followers = ['remote:state', 'history:log', 'fleet:list', 'groups:list', 'lists:list', 'settings:load'] as const;

type Running = { words: string; canStop: boolean; isCancelling: boolean };

/** The state of the sync that this screen started. */
export function useSync(): Sync {
  const [running, setRunning] = useState<Running | null>(null);
  const [end, setEnd] = useState<SyncEnd | null>(null);
  useGatewayEvent('remote:progress', (told) => setRunning((now) => (now === null ? null : { ...now, ...told })));
  const run = async (work: () => ReturnType<typeof callGateway<'remote:sync'>>, words: string): Promise<SyncEnd> => {
    setRunning({ words, canStop: true, isCancelling: false });
    setEnd(null);
    const outcome = await work();
    const ended: SyncEnd = outcome.ok
      ? { result: outcome.value, problem: null }
      : { result: null, problem: outcome.problem };
    setRunning(null);
    setEnd(ended);
    await Promise.all(followers.map((channel) => refreshCalls(channel)));
    return ended;
  };
  return {
    isRunning: running !== null,
    words: running?.words ?? '',
    isCancelling: running?.isCancelling === true,
    canStop: running?.canStop === true,
    end,
    start: () => run(() => callGateway('remote:sync', {}), 'Asking the remote…'),
    cancel: () => {
      setRunning((now) => (now === null ? null : { ...now, isCancelling: true }));
      void callGateway('remote:cancel', {});
    },
    resolve: (choices) => run(() => callGateway('remote:resolve', { choices }), 'Joining both sides…'),
    forget: () => setEnd(null),
  };
}
