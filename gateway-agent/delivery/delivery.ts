// Brings queued messages to their destinations: takes what is due, gives it to the lanes, and writes down what became
// of it. Nothing is finished before its sender has been told, durably, where it must be told.
import type { DeliveryQueue, DueMessage } from './delivery-queue.ts';
import type { DeliveryReports, DeliverySettings } from './delivery-settings.ts';
import { endAll, type Ending, type Job } from './job.ts';
import { Lane } from './lane.ts';
import { domainOf, openWay } from './open-way.ts';
import { Settlement } from './settlement.ts';
import { rejection } from './verdict.ts';

/** Messages taken from the queue at a time: half of Postfix' qmgr_message_active_limit, about 10 MB. */
const maxTaken = 10_000;
const takenTogether = 100;

/** An operator waits so long for a hand-over under way before it is told that the message cannot be returned now. */
const handOverMilliseconds = 5_000;

/** The longest that Node's timers wait is 24.8 days. */
const maxSleepMilliseconds = 60_000;

type Taken = { message: DueMessage; openJobs: number };

/** The scheduler of all deliveries. */
export class Delivery {
  readonly #queue: DeliveryQueue;
  readonly #settlement: Settlement;
  readonly #now: () => number;
  #settings: DeliverySettings | null = null;
  readonly #lanes = new Map<string, Lane>();
  /** Lanes of former settings that finish what they have begun. */
  readonly #retired = new Set<Lane>();
  readonly #taken = new Map<string, Taken>();
  /** Who waits until a message is given back. */
  readonly #waiters = new Map<string, (() => void)[]>();
  #timer: NodeJS.Timeout | undefined;
  #isPumpOrdered = false;
  #isStopped = false;
  #isAborted = false;
  #onIdle: () => void = () => undefined;

  constructor(queue: DeliveryQueue, reports: DeliveryReports, now: () => number = Date.now) {
    this.#queue = queue;
    this.#now = now;
    this.#settlement = new Settlement(queue, reports, now);
    queue.whenDue(() => this.#orderPump());
  }

  /** Messages that are being delivered now. */
  get activeCount(): number {
    return this.#taken.size;
  }

  /** From now on these settings count; null stops until there are some. What waits for a lane is routed anew. */
  obey(settings: DeliverySettings | null): void {
    const isNew = settings?.signature !== this.#settings?.signature;
    this.#settings = settings;
    if (isNew) {
      for (const job of this.#retireLanes()) this.#reroute(job);
    }
    this.#orderPump();
  }

  /** An operator asks for another try: destinations that failed a moment ago are tried too. */
  revive(): void {
    for (const lane of this.#lanes.values()) lane.revive();
    this.#orderPump();
  }

  /**
   * Returns the message to its sender now. False when there is nothing to return, or when it is just being handed over:
   * it must not be delivered and returned too.
   */
  async bounce(id: string): Promise<boolean> {
    const isHeld = this.#queue.act(id, 'hold'); // nobody takes it up again meanwhile
    if (this.#taken.has(id)) await this.#whenGivenBack(id);
    const message = this.#queue.message(id);
    const settings = this.#settings;
    const open = message?.recipients.filter(({ state }) => state !== 'delivered' && state !== 'bounced') ?? [];
    if (!message || !settings || open.length === 0 || message.removedAt !== null || this.#taken.has(id)) {
      if (isHeld) this.#queue.act(id, 'release');
      return false;
    }
    const endings = endAll(open, rejection('5.7.0', 'Returned by the operator of this gateway'));
    const isReturned = await this.#settlement.settle({ message, recipients: open }, endings, settings);
    if (!isReturned && isHeld) this.#queue.act(id, 'release');
    return isReturned;
  }

  /** Takes up nothing new; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    for (const job of this.#retireLanes()) this.#finishJob(job);
    if (this.#taken.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  /** Breaks off what is still under way: it is due again at the next start. */
  abort(): void {
    this.#isAborted = true;
    for (const lane of this.#retired) lane.abort();
  }

  #whenGivenBack(id: string): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, handOverMilliseconds);
      const waiters = this.#waiters.get(id) ?? [];
      this.#waiters.set(id, waiters);
      waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #stillDue({ message: { id }, recipients }: Job): Job['recipients'] {
    const message = this.#queue.message(id);
    if (!message || message.removedAt !== null) return [];
    return recipients.filter(({ index }) => {
      const state = message.recipients[index]?.state;
      return state === 'queued' || state === 'deferred';
    });
  }

  #retireLanes(): Job[] {
    const waiting: Job[] = [];
    for (const lane of this.#lanes.values()) {
      this.#retired.add(lane);
      waiting.push(...lane.retire());
    }
    this.#lanes.clear();
    return waiting;
  }

  #orderPump(): void {
    if (this.#isPumpOrdered || this.#isStopped) return;
    this.#isPumpOrdered = true;
    setImmediate(() => this.#pump()); // whoever was just told 250 hears it first
  }

  #pump(): void {
    this.#isPumpOrdered = false;
    if (!this.#settings || this.#isStopped) return;
    clearTimeout(this.#timer);
    while (this.#taken.size < maxTaken) {
      const due = this.#queue.takeDue(takenTogether);
      if (due.length === 0) break;
      for (const message of due) this.#dispatch(message, this.#settings);
    }
    const next = this.#queue.nextDueAt();
    if (next === null || this.#taken.size >= maxTaken) return;
    this.#timer = setTimeout(() => this.#pump(), Math.min(Math.max(next - this.#now(), 1), maxSleepMilliseconds));
    this.#timer.unref();
  }

  #dispatch(message: DueMessage, settings: DeliverySettings): void {
    const now = this.#now();
    const due = message.recipients.filter(
      ({ state, nextAttemptAt }) => (state === 'queued' || state === 'deferred') && nextAttemptAt <= now,
    );
    const jobs = splitByLane({ message, recipients: due }, settings);
    const taken = { message, openJobs: jobs.length };
    this.#taken.set(message.id, taken);
    if (jobs.length === 0) return this.#giveBack(taken);
    for (const { key, job } of jobs) this.#laneFor(key, job, settings).add(job);
  }

  #reroute(job: Job): void {
    const settings = this.#settings;
    if (!settings) return this.#finishJob(job);
    const jobs = splitByLane(job, settings);
    const taken = this.#taken.get(job.message.id);
    if (taken) taken.openJobs += jobs.length - 1;
    for (const { key, job: part } of jobs) this.#laneFor(key, part, settings).add(part);
  }

  #laneFor(key: string, job: Job, settings: DeliverySettings): Lane {
    const known = this.#lanes.get(key);
    if (known) return known;
    const address = job.recipients[0]?.address ?? '';
    const lane: Lane = new Lane({
      maxConnections: settings.maxConnectionsPerDestination,
      minuteMilliseconds: settings.manner.minuteMilliseconds,
      open: () => openWay(address, settings),
      bodyOf: (id) => this.#queue.body(id),
      stillDue: (waiting) => this.#stillDue(waiting),
      onEnd: (ended, endings) => void this.#onEnd(ended, endings, settings),
      onEmpty: () => {
        if (this.#lanes.get(key) === lane) this.#lanes.delete(key);
        this.#retired.delete(lane);
      },
    });
    this.#lanes.set(key, lane);
    return lane;
  }

  async #onEnd(job: Job, endings: Ending[], settings: DeliverySettings): Promise<void> {
    // What we broke off ourselves counts as no attempt: it is due at once at the next start.
    const told = this.#isAborted ? endings.filter(({ verdict }) => verdict.kind !== 'deferred') : endings;
    try {
      await this.#settlement.settle(job, told, settings);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error)); // a bug: the message stays and is tried again
      this.#settlement.putOff(job, settings);
    }
    this.#finishJob(job);
  }

  #finishJob({ message }: Job): void {
    const taken = this.#taken.get(message.id);
    if (!taken) return;
    taken.openJobs -= 1;
    if (taken.openJobs <= 0) this.#giveBack(taken);
  }

  #giveBack({ message }: Taken): void {
    const wasFull = this.#taken.size >= maxTaken;
    this.#taken.delete(message.id);
    for (const tell of this.#waiters.get(message.id) ?? []) tell();
    this.#waiters.delete(message.id);
    this.#queue.giveBack(message.id);
    if (this.#taken.size === 0) this.#onIdle();
    if (wasFull || !this.#isStopped) this.#orderPump();
  }
}

/** Recipients with the same destination share a transaction. */
function splitByLane({ message, recipients }: Job, settings: DeliverySettings): { key: string; job: Job }[] {
  const jobs = new Map<string, Job>();
  for (const recipient of recipients) {
    const key = laneKey(recipient.address, settings);
    const job = jobs.get(key);
    if (job) job.recipients.push(recipient);
    else jobs.set(key, { message, recipients: [recipient] });
  }
  return [...jobs].map(([key, job]) => ({ key, job }));
}

const keys = new WeakMap<object, string>();

function laneKey(address: string, { routes, outgoing }: DeliverySettings): string {
  const route = routes.choose(address);
  const { destination } = route;
  let key = keys.get(destination);
  if (key === undefined) {
    key = JSON.stringify([destination, route.outgoing ?? outgoing]);
    keys.set(destination, key);
  }
  return destination.kind === 'mx' && destination.name === null ? `${domainOf(address)} ${key}` : key;
}
