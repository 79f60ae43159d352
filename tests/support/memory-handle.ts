// Calls handlers as the window does, schemas included, without Electron.
import type { z } from 'zod';
import {
  calls,
  events,
  type CallName,
  type EventName,
  type Output,
  type RawInput,
} from '../../electron/ipc/contract.ts';
import type { Emit, Handle } from '../../electron/handlers/services.ts';
import type { Outcome } from '../../gateway-agent/contract/outcome.ts';

type Answer = (input: unknown) => Promise<Outcome<unknown>>;

/** `handle` for registering, `call` for asking; a second handler of one channel throws. */
export function memoryHandle(): {
  handle: Handle;
  channels: () => string[];
  call: <C extends CallName>(channel: C, input: RawInput<C>) => Promise<Outcome<Output<C>>>;
} {
  const answers = new Map<string, Answer>();
  const handle: Handle = (channel, answer) => {
    if (answers.has(channel)) throw new Error(`${channel} has two handlers.`);
    answers.set(channel, answer as unknown as Answer);
  };
  async function call<C extends CallName>(channel: C, input: RawInput<C>): Promise<Outcome<Output<C>>> {
    const answer = answers.get(channel);
    if (answer === undefined) throw new Error(`${channel} has no handler.`);
    const outcome = await answer(calls[channel].input.parse(input));
    if (!outcome.ok) return outcome;
    const output: z.ZodType = calls[channel].output;
    return { ok: true, value: output.parse(structuredClone(outcome.value)) as Output<C> };
  }
  return { handle, channels: () => [...answers.keys()], call };
}

/** An `emit` that remembers; every event is checked against the contract. */
export function memoryEmit(): { emit: Emit; emitted: { event: EventName; data: unknown }[] } {
  const emitted: { event: EventName; data: unknown }[] = [];
  return { emit: (event, data) => void emitted.push({ event, data: events[event].parse(data) }), emitted };
}
