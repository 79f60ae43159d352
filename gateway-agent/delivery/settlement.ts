// Writes down how attempts ended: delivered, to be tried again, given up. A message is finished for a recipient only
// after the notice to its sender is on the disk; where that fails, it stays and is tried again.
import { isDelayNoticeDue, isGivenUp, nextAttemptAt } from '../policy/retry-schedule.ts';
import type { DeliveryQueue, DueRecipient, RecipientChange } from './delivery-queue.ts';
import type { DeliveryEvent, DeliveryReports, DeliverySettings } from './delivery-settings.ts';
import { endAll, type Ending, type Job } from './job.ts';
import { sendNotice, wantsNotice } from './send-notice.ts';
import { deferral } from './verdict.ts';

const minute = 60_000;

/** RFC 3463: delivery time expired. */
const expiredStatus = '4.4.7';

/** How a recipient is done with; `notice` tells the sender. */
type Final = { event: 'delivered' | 'bounced'; notice?: string };

/** Settles jobs. */
export class Settlement {
  readonly #queue: DeliveryQueue;
  readonly #reports: DeliveryReports;
  readonly #now: () => number;

  constructor(queue: DeliveryQueue, reports: DeliveryReports, now: () => number) {
    this.#queue = queue;
    this.#reports = reports;
    this.#now = now;
  }

  /** False when a notice could not be stored, so that its recipients are still open. */
  async settle(job: Job, endings: readonly Ending[], settings: DeliverySettings): Promise<boolean> {
    const { message } = job;
    const ofKind = (kind: Ending['verdict']['kind']) => endings.filter(({ verdict }) => verdict.kind === kind);
    const delivered = ofKind('delivered');
    this.#finish(job, delivered, { event: 'delivered' });
    const age = this.#ageOf(job, settings);
    const isOver = isGivenUp(settings, age);
    const deferred = isOver ? [] : ofKind('deferred');
    if (deferred.length > 0) this.#defer(job, deferred, settings);
    const expired = isOver ? ofKind('deferred').map(asExpired) : [];
    const failures = [...ofKind('bounced'), ...expired];
    if (failures.length > 0 && !(await this.#bounce(job, failures, settings))) return false;
    const unconfirmed = delivered.filter(({ recipient, passedOnDsn }) => {
      return !passedOnDsn && recipient.notify !== undefined && wantsNotice(recipient, 'relayed');
    });
    if (unconfirmed.length > 0)
      await sendNotice(this.#queue, settings, { kind: 'relayed', message, endings: unconfirmed });
    const late = deferred.filter(({ recipient }) => {
      return isDelayNoticeDue(settings, { ...age, isNoticeSent: recipient.delayNoticeAt !== undefined });
    });
    if (late.length > 0) await this.#tellDelay(job, late, settings);
    return true;
  }

  /** Everybody is tried again. */
  putOff(job: Job, settings: DeliverySettings): void {
    this.#defer(job, endAll(job.recipients, deferral('4.3.0', 'Internal trouble of this gateway')), settings);
  }

  /** Short minutes of a test make messages old sooner. */
  #ageOf({ message }: Job, { manner }: DeliverySettings): { receivedAt: number; now: number } {
    const { receivedAt } = message;
    return { receivedAt, now: receivedAt + ((this.#now() - receivedAt) * minute) / manner.minuteMilliseconds };
  }

  #finish({ message }: Job, endings: readonly Ending[], what: Final): void {
    if (endings.length === 0) return;
    this.#queue.record(
      message.id,
      endings.map(({ recipient: { index }, verdict }) => ({ index, state: what.event, lastReply: verdict.reply })),
    );
    this.#report(message.id, endings, what);
  }

  #defer({ message }: Job, endings: readonly Ending[], { manner }: DeliverySettings): void {
    const now = this.#now();
    const nextAt = ({ attempts }: DueRecipient) =>
      Math.round(now + (nextAttemptAt(attempts + 1, 0) * manner.minuteMilliseconds) / minute);
    this.#queue.record(
      message.id,
      endings.map(({ recipient, verdict }): RecipientChange => {
        return {
          index: recipient.index,
          state: 'deferred',
          nextAttemptAt: nextAt(recipient),
          lastReply: verdict.reply,
        };
      }),
    );
    const first = endings[0];
    if (!first) return;
    this.#report(message.id, endings, {
      event: 'deferred',
      nextAttemptAt: new Date(nextAt(first.recipient)).toISOString(),
    });
  }

  async #bounce(job: Job, failures: Ending[], settings: DeliverySettings): Promise<boolean> {
    const told = await sendNotice(this.#queue, settings, { kind: 'failed', message: job.message, endings: failures });
    if (!told.ok) {
      const verdict = deferral('4.3.1', `The sender could not be told: ${told.problem.message}`);
      this.#defer(
        job,
        failures.map((failure) => ({ ...failure, verdict })),
        settings,
      );
      return false;
    }
    this.#finish(job, failures, { event: 'bounced', ...(told.value === null ? {} : { notice: told.value }) });
    return true;
  }

  async #tellDelay({ message }: Job, late: Ending[], settings: DeliverySettings): Promise<void> {
    const told = await sendNotice(this.#queue, settings, { kind: 'delayed', message, endings: late });
    if (!told.ok) return; // the next attempt tells
    const delayNoticeAt = this.#now();
    this.#queue.record(
      message.id,
      late.map(({ recipient: { index } }) => ({ index, delayNoticeAt })),
    );
  }

  /** One event for all that heard the same. */
  #report(
    id: string,
    endings: readonly Ending[],
    what: Pick<DeliveryEvent, 'event' | 'nextAttemptAt' | 'notice'>,
  ): void {
    const groups = new Map<string, DeliveryEvent>();
    for (const { recipient, verdict, server, tls } of endings) {
      const domain = recipient.address.slice(recipient.address.lastIndexOf('@') + 1).toLowerCase();
      const key = `${domain} ${verdict.reply}`;
      const group = groups.get(key);
      if (group) group.recipients += 1;
      else groups.set(key, { ...what, id, domain, recipients: 1, reply: verdict.reply, server, tls });
    }
    for (const event of groups.values()) this.#reports.record(event);
  }
}

function asExpired(ending: Ending): Ending {
  return { ...ending, verdict: { ...ending.verdict, kind: 'bounced', status: expiredStatus } };
}
