// The way to one destination: the jobs that wait for it and the connections to it, which are kept, reused, and grow in
// number with the line. A destination that cannot be reached puts off everything that waits for it at once.
import type { Readable } from 'node:stream';
import type { Outcome } from '#contract/outcome';
import { hopMinutes } from './hop-limits.ts';
import { endAll, type Ending, type Job } from './job.ts';
import { JobLine } from './job-line.ts';
import type { OpenedHop, OpenHop } from './open-hop.ts';
import { maxRecipientsTogether, transmit, type Recipient } from './transmit.ts';
import { deferral, type Verdict } from './verdict.ts';

/** Measured: 4 keep a next hop on the same network busy; more only help where answers are slow. */
const firstConnections = 4;

/** What a lane needs; `minuteMilliseconds` shortens its times alike, for tests. */
export type LaneParts = {
  maxConnections: number;
  minuteMilliseconds: number;
  open(): Promise<OpenedHop>;
  bodyOf(id: string): Promise<Outcome<readonly Buffer[] | Readable>>;
  /** Recipients of the job that are to be tried now: an operator may have held, removed or returned it meanwhile. */
  stillDue(job: Job): Job['recipients'];
  onEnd(job: Job, endings: Ending[]): void;
  /** Nothing waits, nothing is open. */
  onEmpty(): void;
};

/** After a failure to connect, new jobs are put off without an attempt for this long; else each would wait for its own. */
const deadMinutes = 0.1;

/** When a server lets no further connection in, no more are tried for this long. Postern's own number. */
const cautiousMinutes = 1;

/** All connections to one destination. */
export class Lane {
  readonly #parts: LaneParts;
  readonly #line = new JobLine();
  readonly #open = new Set<OpenHop>();
  #workers = 0;
  #idle: ((job: Job | null) => void)[] = [];
  #dead: { verdict: Verdict; until: number } | null = null;
  #cautious: { limit: number; until: number } | null = null;
  #isRetired = false;

  constructor(parts: LaneParts) {
    this.#parts = parts;
  }

  add(job: Job): void {
    if (this.#dead && performance.now() < this.#dead.until) {
      return this.#parts.onEnd(job, endAll(job.recipients, this.#dead.verdict));
    }
    const waiter = this.#idle.pop();
    if (waiter) return waiter(job);
    this.#line.push(job);
    this.#grow();
  }

  /** An operator wants to know it now. */
  revive(): void {
    this.#dead = null;
  }

  /** No further job; gives back those that wait. What is under way goes on, then the connections close. */
  retire(): Job[] {
    this.#isRetired = true;
    for (const waiter of this.#idle.splice(0)) waiter(null);
    return this.#line.empty();
  }

  /** Breaks off what is under way. */
  abort(): void {
    for (const { dialogue } of this.#open) dialogue.abort();
  }

  #grow(): void {
    if (this.#line.length === 0 || this.#workers >= this.#limit()) return;
    if (this.#workers < firstConnections || this.#line.length >= 2 * this.#workers) void this.#work();
  }

  #limit(): number {
    const { maxConnections } = this.#parts;
    if (this.#open.size === 0) return Math.min(firstConnections, maxConnections);
    if (this.#cautious && performance.now() < this.#cautious.until) return this.#cautious.limit;
    return maxConnections;
  }

  async #work(): Promise<void> {
    this.#workers += 1;
    let hop: OpenHop | null = null;
    for (let job = this.#line.shift(); job; job = this.#line.shift() ?? (await this.#waitForJob(hop))) {
      hop = await this.#deliver(job, hop);
      if (!hop && this.#line.length > 0 && this.#open.size > 0) break; // the others go on
    }
    if (hop) this.#close(hop);
    this.#workers -= 1;
    if (this.#line.length > 0) this.#grow();
    else if (this.#workers === 0) this.#parts.onEmpty();
  }

  #waitForJob(hop: OpenHop | null): Promise<Job | null> {
    if (!hop || this.#isRetired) return Promise.resolve(null);
    return new Promise((resolve) => {
      const waiter = (job: Job | null) => {
        clearTimeout(timer);
        resolve(job);
      };
      const leave = () => {
        this.#idle = this.#idle.filter((each) => each !== waiter);
        resolve(null);
      };
      const timer = setTimeout(leave, hopMinutes.idle * this.#parts.minuteMilliseconds);
      timer.unref();
      this.#idle.push(waiter);
    });
  }

  /** Gives the connection back where it can serve another job. */
  async #deliver(job: Job, kept: OpenHop | null): Promise<OpenHop | null> {
    const endings: Ending[] = [];
    let hop = this.#ifUsable(kept);
    let isKept = hop !== null;
    let left = this.#parts.stillDue(job);
    while (left.length > 0) {
      if (!hop) {
        const opened = await this.#parts.open();
        if (!opened.ok) {
          if (endings.length === 0 && this.#leaveToOthers(job, opened.verdict)) return null;
          endings.push(...endAll(left, opened.verdict));
          this.#giveUp(opened.verdict);
          break;
        }
        hop = this.#welcome(opened.hop);
      }
      const now = left.slice(0, maxRecipientsTogether);
      const sent = await this.#transmit(hop, job, now);
      if (!sent.isUsable) hop = this.#close(hop);
      if (sent.wasStale && isKept) {
        isKept = false; // it had been closed while it waited: nothing was said about this message
        continue;
      }
      isKept = false;
      endings.push(...sent.endings);
      left = [...now.filter((_, index) => sent.isLeft[index]), ...left.slice(now.length)];
    }
    this.#parts.onEnd(job, endings);
    return hop;
  }

  #ifUsable(hop: OpenHop | null): OpenHop | null {
    if (!hop || hop.dialogue.isUsable) return hop;
    return this.#close(hop);
  }

  async #transmit(hop: OpenHop, { message }: Job, recipients: Job['recipients']) {
    const body = await this.#parts.bodyOf(message.id);
    if (!body.ok) {
      const endings = endAll(recipients, deferral('4.3.0', body.problem.message));
      return { endings, isLeft: [], isUsable: true, wasStale: false };
    }
    const { sender, eightBit, returnContent, envelopeId } = message.envelope;
    const parcel = {
      sender,
      eightBit,
      bytes: message.bytes,
      body: body.value,
      ...(returnContent === undefined ? {} : { returnContent }),
      ...(envelopeId === undefined ? {} : { envelopeId }),
    };
    const sent = await transmit(hop, parcel, recipients.map(toRecipient));
    if ('destroy' in body.value) body.value.destroy();
    const { server, tls } = hop;
    const endings = recipients.flatMap((recipient, index) => {
      const verdict = sent.verdicts[index];
      return verdict ? [{ recipient, verdict, server, tls, passedOnDsn: sent.passedOnDsn }] : [];
    });
    return { ...sent, endings, isLeft: sent.verdicts.map((verdict) => verdict === null) };
  }

  #welcome(hop: OpenHop): OpenHop {
    this.#open.add(hop);
    this.#dead = null;
    this.#grow();
    return hop;
  }

  #close(hop: OpenHop): null {
    this.#open.delete(hop);
    hop.dialogue.close();
    return null;
  }

  /** Other connections are open: the server only wants no more of them. */
  #leaveToOthers(job: Job, verdict: Verdict): boolean {
    if (this.#open.size === 0 || verdict.kind !== 'deferred' || this.#isRetired) return false;
    const until = performance.now() + cautiousMinutes * this.#parts.minuteMilliseconds;
    this.#cautious = { limit: this.#open.size, until };
    this.#line.putBack(job);
    return true;
  }

  /** Nobody is reached: whoever waits hears the same. */
  #giveUp(verdict: Verdict): void {
    if (this.#open.size > 0) return;
    if (verdict.kind === 'deferred') {
      this.#dead = { verdict, until: performance.now() + deadMinutes * this.#parts.minuteMilliseconds };
    }
    for (const job of this.#line.empty()) this.#parts.onEnd(job, endAll(job.recipients, verdict));
  }
}

function toRecipient({ address, notify, originalRecipient }: Job['recipients'][number]): Recipient {
  return {
    address,
    ...(notify === undefined ? {} : { notify }),
    ...(originalRecipient === undefined ? {} : { originalRecipient }),
  };
}
