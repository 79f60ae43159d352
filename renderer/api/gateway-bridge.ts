// The only code that touches window.gateway: calls as queries and acts, events as subscriptions.
import { useCallback, useEffect, useRef, useState } from 'react';
import { keepPreviousData, QueryClient, useQuery } from '@tanstack/react-query';
import type { CallName, EventData, EventName, GatewayBridge, Output, RawInput } from '#ipc';
import type { Outcome, Problem } from '#contract/outcome';

declare global {
  interface Window {
    gateway?: GatewayBridge;
  }
}

/** Carries a problem through react-query, which knows failure only as something thrown. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** One cache for the whole window. Failures are shown at once: the engine behind the bridge does its own retries. */
export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, staleTime: 2_000, networkMode: 'always' } },
});

function bridge(): GatewayBridge {
  if (window.gateway === undefined) throw new Error('window.gateway is missing: the preload script did not run.');
  return window.gateway;
}

/** One call to the main process; failure is a value. */
export function callGateway<C extends CallName>(channel: C, input: RawInput<C>): Promise<Outcome<Output<C>>> {
  return bridge().call(channel, input);
}

/** What a screen needs to know of a call: the last good value stays while a newer one is fetched or fails. */
export type CallState<T> = {
  value: T | undefined;
  problem: Problem | null;
  isLoading: boolean;
  isFetching: boolean;
  updatedAt: number;
  reload: () => Promise<void>;
};

/** Options of a call that is repeated by itself. */
export type CallOptions = { everyMilliseconds?: number; isEnabled?: boolean; staysAcrossInputs?: boolean };

/** A call whose answer is shown on screen. */
export function useCall<C extends CallName>(
  channel: C,
  input: RawInput<C>,
  options: CallOptions = {},
): CallState<Output<C>> {
  const query = useQuery<Output<C>, Error>({
    queryKey: [channel, input],
    queryFn: async () => {
      const outcome = await callGateway(channel, input);
      if (!outcome.ok) throw new ProblemError(outcome.problem);
      return outcome.value;
    },
    refetchInterval: options.everyMilliseconds ?? false,
    enabled: options.isEnabled ?? true,
    ...(options.staysAcrossInputs === true ? { placeholderData: keepPreviousData } : {}),
  });
  return {
    value: query.data,
    problem: query.error === null ? null : asProblem(query.error),
    isLoading: query.isLoading,
    isFetching: query.isFetching,
    updatedAt: query.dataUpdatedAt,
    reload: async () => {
      await query.refetch();
    },
  };
}

function asProblem(error: Error): Problem {
  return error instanceof ProblemError ? error.problem : { code: 'internal', message: error.message };
}

/** A call that changes something. `run` never throws; calls that show the change are asked again by `refreshCalls`. */
export type Act<C extends CallName> = {
  run: (input: RawInput<C>) => Promise<Outcome<Output<C>>>;
  isRunning: boolean;
};

/** An act for a button: tells while it runs, answers with an outcome. */
export function useAct<C extends CallName>(channel: C): Act<C> {
  const [running, setRunning] = useState(0);
  const run = useCallback(
    async (input: RawInput<C>) => {
      setRunning((count) => count + 1);
      try {
        return await callGateway(channel, input);
      } finally {
        setRunning((count) => count - 1);
      }
    },
    [channel],
  );
  return { run, isRunning: running > 0 };
}

/** Asks again what is on screen from this channel. */
export function refreshCalls(channel: CallName): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: [channel] });
}

/** Another fleet folder is open: no answer of the one before may stay, nor be shown while its own is awaited. */
export function forgetAnswers(): Promise<void> {
  return queryClient.resetQueries();
}

/** Listens to an event of the main process; returns how to stop. */
export function onGatewayEvent<E extends EventName>(event: E, listener: (data: EventData<E>) => void): () => void {
  return bridge().on(event, listener);
}

/** Listens while the component is mounted. */
export function useGatewayEvent<E extends EventName>(event: E, listener: (data: EventData<E>) => void): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => onGatewayEvent(event, (data) => latest.current(data)), [event]);
}
