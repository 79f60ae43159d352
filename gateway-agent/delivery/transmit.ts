// One transaction: one message to some recipients over an open connection. Commands are pipelined where the server
// offers it (RFC 2920). Every recipient gets a verdict, whatever happens.
import type { Readable } from 'node:stream';
import { encodeXtext } from './xtext.ts';
import { hopMinutes } from './hop-limits.ts';
import type { OpenHop } from './open-hop.ts';
import { hopFailure, type HopAnswer } from './reply-reader.ts';
import { DotStuffer, finalDot } from './stuff-dots.ts';
import { deferral, rejection, verdictOf, type Verdict } from './verdict.ts';

/** One recipient of the transaction, with its DSN wishes. */
export type Recipient = { address: string; notify?: string[]; originalRecipient?: string };

/** A message as it lies in the queue. */
export type Parcel = {
  sender: string;
  bytes: number;
  eightBit: boolean;
  returnContent?: 'full' | 'headers';
  envelopeId?: string;
  body: readonly Buffer[] | Readable;
};

/** `verdicts` in the order of the recipients; null for one that did not fit in and goes into the next transaction. */
export type Transmission = {
  verdicts: (Verdict | null)[];
  /** The connection can serve another message. */
  isUsable: boolean;
  /** The server had closed the connection before it said anything about this message. */
  wasStale: boolean;
  /** The server takes DSN parameters, so that telling of success is its turn. */
  passedOnDsn: boolean;
};

/** RFC 5321 §4.5.3.1.8: at least 100 must be taken. */
export const maxRecipientsTogether = 100;

/** Runs the transaction to its end. Never rejects. */
export async function transmit(hop: OpenHop, parcel: Parcel, recipients: readonly Recipient[]): Promise<Transmission> {
  const refusal = judgeBeforehand(hop, parcel);
  if (refusal) return over(recipients, refusal, { isUsable: true });
  return new Transaction(hop, parcel, recipients).run();
}

function over(
  recipients: readonly unknown[],
  verdict: Verdict,
  rest: { isUsable: boolean; wasStale?: boolean },
): Transmission {
  return { verdicts: recipients.map(() => verdict), wasStale: false, passedOnDsn: false, ...rest };
}

/** What the server's extensions rule out. */
function judgeBeforehand({ extensions, server }: OpenHop, parcel: Parcel): Verdict | null {
  if (parcel.eightBit && !extensions.has('8BITMIME')) {
    // RFC 6152 §3: convert or return it. Converting would break every DKIM signature over the body.
    return rejection('5.6.3', `${server} takes no 8-bit messages, and this one is not converted`);
  }
  const limit = sizeLimit(extensions);
  if (limit === null || limit === 0 || parcel.bytes <= limit) return null;
  return rejection('5.3.4', `The message has ${parcel.bytes} octets, ${server} takes ${limit}`);
}

/** Null where SIZE is not offered, 0 where it names no limit: RFC 1870 §4. */
function sizeLimit(extensions: ReadonlySet<string>): number | null {
  for (const line of extensions) {
    const match = /^SIZE(?: (\d{1,20}))?$/.exec(line);
    if (match) return Number(match[1] ?? 0);
  }
  return null;
}

class Transaction {
  readonly #hop: OpenHop;
  readonly #parcel: Parcel;
  readonly #recipients: readonly Recipient[];
  readonly #verdicts: (Verdict | null)[];
  readonly #takesDsn: boolean;

  constructor(hop: OpenHop, parcel: Parcel, recipients: readonly Recipient[]) {
    this.#hop = hop;
    this.#parcel = parcel;
    this.#recipients = recipients;
    this.#verdicts = recipients.map(() => null);
    this.#takesDsn = hop.extensions.has('DSN');
  }

  run(): Promise<Transmission> {
    return this.#hop.extensions.has('PIPELINING') ? this.#runPipelined() : this.#runInSteps();
  }

  async #runPipelined(): Promise<Transmission> {
    const { dialogue } = this.#hop;
    const lines = [this.#mailLine(), ...this.#recipients.map((each) => this.#rcptLine(each)), 'DATA'];
    const early = dialogue.say(`${lines.join('\r\n')}\r\n`);
    const mail = early ?? (await this.#read(hopMinutes.mail));
    if (mail.kind === 'failure') return this.#lost(mail, mail.cause === 'closed');
    if (early) return this.#lost(mail, true); // 421 before anything was said
    const mailVerdict = verdictOf(mail);
    const isRefused = mailVerdict.kind !== 'delivered';
    if (isRefused) this.#verdicts.fill(mailVerdict); // whatever RCPT is answered now only follows from it
    for (const index of this.#recipients.keys()) {
      const answer = await this.#read(hopMinutes.rcpt);
      if (answer.kind === 'failure') return this.#lost(answer);
      if (!isRefused) this.#hear(index, answer);
    }
    const data = await this.#read(hopMinutes.dataStart);
    if (data.kind === 'failure') return this.#lost(data);
    return this.#afterData(data);
  }

  async #runInSteps(): Promise<Transmission> {
    const mail = await this.#ask(this.#mailLine(), hopMinutes.mail);
    if (mail.kind === 'failure') return this.#lost(mail, mail.cause === 'closed');
    const verdict = verdictOf(mail);
    if (verdict.kind !== 'delivered') return this.#refused(verdict, mail);
    for (const [index, recipient] of this.#recipients.entries()) {
      const answer = await this.#ask(this.#rcptLine(recipient), hopMinutes.rcpt);
      if (answer.kind === 'failure') return this.#lost(answer);
      this.#hear(index, answer);
      if (answer.code === 421) return this.#lost(answer);
    }
    if (!this.#accepted.length) return this.#finish(await this.#reset());
    const data = await this.#ask('DATA', hopMinutes.dataStart);
    if (data.kind === 'failure') return this.#lost(data);
    return this.#afterData(data);
  }

  /** Recipients that the server has taken; their verdict is still to come. */
  get #accepted(): number[] {
    return [...this.#verdicts.keys()].filter((index) => this.#verdicts[index]?.kind === 'delivered');
  }

  #hear(index: number, answer: HopAnswer): void {
    const verdict = verdictOf(answer);
    const isFull = answer.kind === 'reply' && (answer.code === 452 || answer.code === 552);
    // RFC 5321 §4.5.3.1.10: too many recipients; 552 is the old code. The rest goes into the next transaction.
    const fitsNext = isFull && this.#accepted.length > 0 && /^[45]\.5\.3$|^[45]\.0\.0$/.test(verdict.status);
    this.#verdicts[index] = fitsNext ? null : verdict;
  }

  async #afterData(data: HopAnswer): Promise<Transmission> {
    const goesOn = data.kind === 'reply' && data.code === 354;
    if (this.#accepted.length === 0) {
      // RFC 2920 §3.1: DATA was sent with the rest and taken although nobody is there to receive it.
      if (goesOn) return this.#finish((await this.#ask('.', hopMinutes.finalDot)).kind === 'reply');
      return this.#finish(data.kind === 'reply' && data.code !== 421 && (await this.#reset()));
    }
    if (!goesOn) {
      const verdict = verdictOf(data);
      const isOdd = verdict.kind === 'delivered'; // success without a message: nobody knows where the server is
      this.#settleAccepted(
        isOdd ? deferral('4.5.0', `The next hop ${this.#hop.server} answered DATA with success`) : verdict,
      );
      return this.#finish(!isOdd && data.kind === 'reply' && data.code !== 421 && (await this.#reset()));
    }
    const failure = (await this.#earlyAnswer()) ?? (await this.#sendBody());
    const answer = failure ?? (await this.#read(hopMinutes.finalDot));
    this.#settleAccepted(verdictOf(answer));
    return this.#finish(failure === null && answer.kind === 'reply' && answer.code !== 421);
  }

  /** What is said before the final dot speaks of no whole message: a refusal counts, success promises nothing. */
  async #earlyAnswer(): Promise<HopAnswer | null> {
    const { dialogue, server } = this.#hop;
    if (dialogue.isUsable) return null;
    const answer = await this.#read(hopMinutes.finalDot);
    dialogue.abort();
    if (answer.kind === 'failure' || answer.code >= 400) return answer;
    return hopFailure('garbage', `The next hop ${server} answered before it had the message`);
  }

  async #sendBody(): Promise<HopAnswer | null> {
    const { dialogue, minuteMilliseconds } = this.#hop;
    const limit = hopMinutes.block * minuteMilliseconds;
    const stuffer = new DotStuffer();
    const { body } = this.#parcel;
    if (isInMemory(body)) {
      return dialogue.write([...body.flatMap((chunk) => stuffer.push(chunk)), finalDot], limit);
    }
    try {
      for await (const chunk of body) {
        const failure = await dialogue.write(stuffer.push(chunk as Buffer), limit);
        if (failure) return failure;
      }
    } catch {
      dialogue.abort(); // without its final dot the server throws away what it has
      return hopFailure('closed', 'The message could not be read from the queue');
    }
    return (await this.#earlyAnswer()) ?? dialogue.write([finalDot], limit);
  }

  #settleAccepted(verdict: Verdict): void {
    for (const index of this.#accepted) this.#verdicts[index] = verdict;
  }

  /** The connection is gone. What was refused for good before stays so, everybody else is tried again. */
  #lost(answer: HopAnswer, wasStale = false): Transmission {
    const verdict = verdictOf(answer);
    for (const [index, known] of this.#verdicts.entries()) {
      if (known === null || known.kind === 'delivered') this.#verdicts[index] = verdict;
    }
    this.#hop.dialogue.abort();
    return { verdicts: this.#verdicts, isUsable: false, wasStale, passedOnDsn: this.#takesDsn };
  }

  async #refused(verdict: Verdict, mail: HopAnswer): Promise<Transmission> {
    this.#verdicts.fill(verdict);
    return this.#finish(mail.kind === 'reply' && mail.code !== 421 && (await this.#reset()));
  }

  #finish(isUsable: boolean): Transmission {
    return { verdicts: this.#verdicts, isUsable, wasStale: false, passedOnDsn: this.#takesDsn };
  }

  async #reset(): Promise<boolean> {
    const answer = await this.#ask('RSET', hopMinutes.mail);
    return answer.kind === 'reply' && answer.code === 250;
  }

  #ask(line: string, minutes: number): Promise<HopAnswer> {
    return this.#hop.dialogue.ask(line, minutes * this.#hop.minuteMilliseconds);
  }

  #read(minutes: number): Promise<HopAnswer> {
    return this.#hop.dialogue.read(minutes * this.#hop.minuteMilliseconds);
  }

  #mailLine(): string {
    const { sender, bytes, eightBit, returnContent, envelopeId } = this.#parcel;
    const { extensions } = this.#hop;
    let line = `MAIL FROM:<${sender}>`;
    if (sizeLimit(extensions) !== null) line += ` SIZE=${bytes}`;
    if (eightBit) line += ' BODY=8BITMIME';
    if (!this.#takesDsn) return line;
    if (returnContent) line += returnContent === 'full' ? ' RET=FULL' : ' RET=HDRS';
    return envelopeId === undefined ? line : `${line} ENVID=${encodeXtext(envelopeId)}`;
  }

  #rcptLine({ address, notify, originalRecipient }: Recipient): string {
    let line = `RCPT TO:<${address}>`;
    if (!this.#takesDsn) return line;
    if (notify) line += ` NOTIFY=${notify.join(',').toUpperCase()}`;
    if (originalRecipient === undefined) return line;
    const [type = '', ...rest] = originalRecipient.split(';');
    return `${line} ORCPT=${type};${encodeXtext(rest.join(';'))}`;
  }
}

function isInMemory(body: Parcel['body']): body is readonly Buffer[] {
  return Array.isArray(body);
}
