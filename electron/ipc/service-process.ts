// The service process as the main process sees it: started once, started again when it dies, asked by number. SSH, git
// and the vault run there, so neither the window nor this process ever waits for them.
import { utilityProcess, type UtilityProcess } from 'electron';
import type { CallName, EventName } from '#ipc';
import { failed, type Outcome, type Problem } from '#contract/outcome';
import type { DialogQuestion, FromService, ServiceStart, ToService } from './service-messages.ts';

/** Deaths within a minute after which it is left dead: something kills it at every start. */
const maxDeaths = 5;
const deathWindowMilliseconds = 60_000;
/** Gateways of this computer are ended in order first; then it goes without asking. */
const closeMilliseconds = 12_000;

export type ServiceParts = {
  file: string;
  start: ServiceStart;
  onEvent(event: EventName, data: unknown): void;
  askDialog(question: DialogQuestion): Promise<string | null>;
  logBug(words: string): void;
};

export type ServiceProcess = {
  /** Resolves when it serves, or with why the fleet folder cannot be opened. */
  started: Promise<Outcome<void>>;
  call(channel: CallName, rawInput: unknown): Promise<Outcome<unknown>>;
  close(): Promise<void>;
};

const died = failed(
  'internal',
  'The part of Postern that talks to gateways ended unexpectedly and was started again.',
  'Look at the state of the gateways, then try again.',
);

/** Starts it. */
export function startServiceProcess(parts: ServiceParts): ServiceProcess {
  const waiting = new Map<number, (outcome: Outcome<unknown>) => void>();
  let lastId = 0;
  let deaths: number[] = [];
  let isClosing = false;
  let onClosed: () => void = () => undefined;
  let settleStart: (outcome: Outcome<void>) => void = () => undefined;
  const started = new Promise<Outcome<void>>((resolve) => (settleStart = resolve));

  const send = (child: UtilityProcess, message: ToService) => child.postMessage(message);

  const receive = (child: UtilityProcess, message: FromService): void => {
    if (message.kind === 'ready') settleStart({ ok: true, value: undefined });
    else if (message.kind === 'failed') settleStart({ ok: false, problem: message.problem satisfies Problem });
    else if (message.kind === 'event') parts.onEvent(message.event, message.data);
    else if (message.kind === 'closed') onClosed();
    else if (message.kind === 'dialog') {
      void parts.askDialog(message.question).then((path) => {
        if (child === current) send(child, { kind: 'dialog-answer', id: message.id, path });
      });
    } else {
      waiting.get(message.id)?.(message.outcome);
      waiting.delete(message.id);
    }
  };

  const fork = (): UtilityProcess => {
    const child = utilityProcess.fork(parts.file, [], { serviceName: 'Postern service', stdio: 'inherit' });
    child.on('message', (message: FromService) => receive(child, message));
    child.on('exit', (code) => {
      for (const answer of waiting.values()) answer(died);
      waiting.clear();
      if (isClosing) return onClosed();
      parts.logBug(`the service process ended with ${code}`);
      const now = Date.now();
      deaths = [...deaths.filter((at) => now - at < deathWindowMilliseconds), now];
      if (deaths.length >= maxDeaths) return settleStart(died);
      current = fork();
      parts.onEvent('fleet:changed', { name: null });
    });
    send(child, { kind: 'start', start: parts.start });
    return child;
  };

  let current = fork();
  return {
    started,
    call: (channel, rawInput) =>
      new Promise((resolve) => {
        const id = ++lastId;
        waiting.set(id, resolve);
        send(current, { kind: 'call', id, channel, rawInput });
      }),
    close: () =>
      new Promise((resolve) => {
        isClosing = true;
        const timer = setTimeout(() => current.kill(), closeMilliseconds);
        onClosed = () => {
          clearTimeout(timer);
          current.kill();
          resolve();
        };
        send(current, { kind: 'close' });
      }),
  };
}
