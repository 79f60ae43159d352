// The shape of the fake bridge's answers: each file of the fakes gives some of them.
import type { CallName, EventData, EventName, FleetRow, GroupRow, Output, RawInput, VaultState } from '#ipc';
import type { Outcome } from '#contract/outcome';

/** One answer a call. */
export type Answers = { [C in CallName]: (input: RawInput<C>) => Promise<Outcome<Output<C>>> };
/** The answers of some namespaces: 'groups' | 'gateways'. */
export type Part<N extends string> = Pick<Answers, Extract<CallName, `${N}:${string}`>>;
/** Sends an event to the window. */
export type FakeEmit = <E extends EventName>(event: E, data: EventData<E>) => void;

/** What lives until the page is loaded again. */
export type World = {
  rows: FleetRow[];
  groups: GroupRow[];
  vault: VaultState;
  emit: FakeEmit;
  cancelled: Set<string>;
};

/** As long as a network takes. */
export const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
