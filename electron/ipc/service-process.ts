// The service process as the main process sees it: started once, started again when it dies, asked by number. SSH, git
// and the vault run there, so neither the window nor this process ever waits for them.
import { utilityProcess, type UtilityProcess } from 'electron';
import type { CallName, EventName } from '#ipc';
import { failed, type Outcome } from '#contract/outcome';
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
  const service = new Service(parts);
  return {
    started: service.started,
    call: (channel, rawInput) => service.call(channel, rawInput),
    close: () => service.close(),
  };
}

class Service {
  readonly started: Promise<Outcome<void>>;
  readonly #parts: ServiceParts;
  readonly #waiting = new Map<number, (outcome: Outcome<unknown>) => void>();
  #child: UtilityProcess;
  #lastId = 0;
  #deaths: number[] = [];
  #isClosing = false;
  #onClosed: () => void = () => undefined;
  #settleStart: (outcome: Outcome<void>) => void = () => undefined;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.started = new Promise((resolve) => (this.#settleStart = resolve));
    this.#child = this.#fork();
  }

  call(channel: CallName, rawInput: unknown): Promise<Outcome<unknown>> {
    return new Promise((resolve) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, resolve);
      this.#send({ kind: 'call', id, channel, rawInput });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#isClosing = true;
      const timer = setTimeout(() => this.#child.kill(), closeMilliseconds);
      this.#onClosed = () => {
        clearTimeout(timer);
        this.#child.kill();
        resolve();
      };
      this.#send({ kind: 'close' });
    });
  }

  #send(message: ToService): void {
    this.#child.postMessage(message);
  }

  #fork(): UtilityProcess {
    const child = utilityProcess.fork(this.#parts.file, [], { serviceName: 'Postern service', stdio: 'inherit' });
    child.on('message', (message: FromService) => this.#receive(child, message));
    child.on('exit', (code) => this.#rise(code));
    child.postMessage({ kind: 'start', start: this.#parts.start } satisfies ToService);
    return child;
  }

  #receive(child: UtilityProcess, message: FromService): void {
    if (message.kind === 'ready') this.#settleStart({ ok: true, value: undefined });
    else if (message.kind === 'failed') this.#settleStart({ ok: false, problem: message.problem });
    else if (message.kind === 'event') this.#parts.onEvent(message.event, message.data);
    else if (message.kind === 'closed') this.#onClosed();
    else if (message.kind === 'dialog') void this.#askDialog(child, message.id, message.question);
    else {
      this.#waiting.get(message.id)?.(message.outcome);
      this.#waiting.delete(message.id);
    }
  }

  async #askDialog(child: UtilityProcess, id: number, question: DialogQuestion): Promise<void> {
    const path = await this.#parts.askDialog(question);
    if (child === this.#child) this.#send({ kind: 'dialog-answer', id, path });
  }

  #rise(code: number): void {
    for (const answer of this.#waiting.values()) answer(died);
    this.#waiting.clear();
    if (this.#isClosing) return this.#onClosed();
    this.#parts.logBug(`the service process ended with ${code}`);
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < deathWindowMilliseconds), now];
    if (this.#deaths.length >= maxDeaths) return this.#settleStart(died);
    this.#child = this.#fork();
    this.#parts.onEvent('fleet:changed', { name: null });
  }
}
