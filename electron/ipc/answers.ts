// The door of the service process: parses what the window sent, answers, and turns a bug into a neutral problem.
import { z } from 'zod';
import { calls, events, type CallName, type EventData, type EventName, type Input, type Output } from '#ipc';
import { failed, type Outcome } from '#contract/outcome';

type Answer = (rawInput: unknown) => Promise<Outcome<unknown>>;

/** The calls that have an answer. */
export type AnsweredCalls = {
  handle: <C extends CallName>(channel: C, answer: (input: Input<C>) => Promise<Outcome<Output<C>>>) => void;
  /** Never rejects: the story of a bug goes to `logBug` only, the window reads a neutral problem. */
  answer: (channel: string, rawInput: unknown) => Promise<Outcome<unknown>>;
};

/** Starts with none; a channel is answered by one handler alone. */
export function createAnswers(logBug: (channel: string, error: unknown) => void): AnsweredCalls {
  const answers = new Map<string, Answer>();
  return {
    handle<C extends CallName>(channel: C, answer: (input: Input<C>) => Promise<Outcome<Output<C>>>) {
      if (answers.has(channel)) throw new Error(`${channel} has two handlers.`);
      answers.set(channel, async (rawInput) => {
        const input = calls[channel].input.safeParse(rawInput) as z.ZodSafeParseResult<Input<C>>;
        if (!input.success) return failed('bad-request', z.prettifyError(input.error));
        return answer(input.data);
      });
    },
    async answer(channel, rawInput) {
      const answer = answers.get(channel);
      if (answer === undefined) return failed('bad-request', `There is no call ${channel}.`);
      try {
        return await answer(rawInput);
      } catch (error) {
        logBug(channel, error);
        return failed('internal', 'Postern made a mistake. Nothing was changed by it.', 'Try again.');
      }
    },
  };
}

/** Checks an event against the contract, so that nothing else ever crosses. */
export function parseEvent<E extends EventName>(event: E, data: EventData<E>): EventData<EventName> {
  return events[event].parse(data);
}
