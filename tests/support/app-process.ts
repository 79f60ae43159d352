// The app without its window, as a process of its own: two of them can share a fleet folder, and one can be killed.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CallName, EventData, EventName, Output, RawInput } from '../../electron/ipc/contract.ts';
import type { Outcome } from '../../gateway-agent/contract/outcome.ts';

const script = join(import.meta.dirname, 'app-process-child.ts');

export type AppProcess = {
  pid: number;
  call<C extends CallName>(channel: C, input: RawInput<C>): Promise<Outcome<Output<C>>>;
  on<E extends EventName>(event: E, listener: (data: EventData<E>) => void): void;
  /** SIGKILL, and waits until it is gone; calls that wait for an answer get none. */
  kill(): Promise<void>;
  /** As the app ends when its window is closed. */
  close(): Promise<void>;
};

type Message = { isReady: true } | { id: number; outcome: Outcome<unknown> } | { event: string; data: unknown };

/** Starts one on this fleet folder, with an app folder of its own or that of one that is gone. */
export async function startAppProcess(userData: string, fleetFolder: string): Promise<AppProcess> {
  const child = fork(script, [userData, fleetFolder], {
    env: { PATH: process.env['PATH'], HOME: userData, XDG_CONFIG_HOME: userData },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (outcome: Outcome<unknown>) => void>();
  const listeners: { event: string; listener: (data: unknown) => void }[] = [];
  const isGone = once(child, 'exit');
  const isReady = new Promise<void>((resolve) => {
    child.on('message', (message: Message) => {
      if ('isReady' in message) resolve();
      else if ('id' in message) waiting.get(message.id)?.(message.outcome);
      else for (const { event, listener } of listeners) if (event === message.event) listener(message.data);
    });
  });
  const died = isGone.then(([code]: unknown[]) => Promise.reject(new Error(`the app ended with ${String(code)}`)));
  died.catch(() => undefined); // later ends are asked for
  await Promise.race([isReady, died]);
  let last = 0;
  return {
    pid: child.pid ?? 0,
    call: <C extends CallName>(channel: C, input: RawInput<C>) =>
      new Promise<Outcome<Output<C>>>((resolve) => {
        const id = ++last;
        waiting.set(id, (outcome) => resolve(outcome as Outcome<Output<C>>)); // its own answer to this channel
        child.send({ id, channel, input });
      }),
    on: (event, listener) => void listeners.push({ event, listener: listener as (data: unknown) => void }),
    async kill() {
      child.kill('SIGKILL');
      await isGone;
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.send({ id: 0, channel: 'close', input: {} });
      await isGone;
    },
  };
}
