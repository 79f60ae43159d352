// The only `ipcMain.handle` in the app: asks who calls, and passes the call on. What they ask is parsed at the door of
// the service process (answers.ts), so that a large document keeps no window waiting here.
import { ipcMain, type WebContents } from 'electron';
import { calls, type CallName, type EventName } from '#ipc';
import type { Outcome } from '#contract/outcome';
import { isOurWindow } from './is-our-window.ts';

/** Registers every call of the contract. */
export function relayCalls(ask: (channel: CallName, rawInput: unknown) => Promise<Outcome<unknown>>): void {
  for (const channel of Object.keys(calls) as CallName[]) {
    ipcMain.handle(channel, (event, rawInput: unknown) => {
      if (!isOurWindow(event.senderFrame)) throw new Error(`${channel}: refused, not our window`);
      return ask(channel, rawInput);
    });
  }
}

/** Sends an event to one window, which may be gone; the service has checked its data. */
export function sendEvent(webContents: WebContents, event: EventName, data: unknown): void {
  if (!webContents.isDestroyed()) webContents.send(event, data);
}
