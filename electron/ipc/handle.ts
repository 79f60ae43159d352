// The only door between window and main: who asks, what they ask, data back.
import { ipcMain, type WebContents } from 'electron';
import { z } from 'zod';
import { calls, events, type CallName, type EventData, type EventName, type Input, type Output } from '#ipc';
import type { Outcome } from '#contract/outcome';
import { isOurWindow } from './is-our-window.ts';

/** Answers one channel. A bug becomes a neutral problem here; its story goes to `logBug` only. */
export function createHandle(logBug: (channel: string, error: unknown) => void) {
  return function handle<C extends CallName>(channel: C, answer: (input: Input<C>) => Promise<Outcome<Output<C>>>) {
    ipcMain.handle(channel, async (event, rawInput: unknown): Promise<Outcome<Output<C>>> => {
      if (!isOurWindow(event.senderFrame)) throw new Error(`${channel}: refused, not our window`);
      const input = calls[channel].input.safeParse(rawInput) as z.ZodSafeParseResult<Input<C>>;
      if (!input.success) {
        return { ok: false, problem: { code: 'bad-request', message: z.prettifyError(input.error) } };
      }
      try {
        return await answer(input.data);
      } catch (error) {
        logBug(channel, error);
        return {
          ok: false,
          problem: {
            code: 'internal',
            message: 'Postern made a mistake. Nothing was changed by it.',
            hint: 'Try again.',
          },
        };
      }
    });
  };
}

/** Sends events to one window, checked against the contract so that nothing else ever crosses. */
export function createEmit(webContents: WebContents): <E extends EventName>(event: E, data: EventData<E>) => void {
  return (event, data) => {
    if (!webContents.isDestroyed()) webContents.send(event, events[event].parse(data));
  };
}
