// The way to the next hop of one client session: every RCPT and the final dot get the next hop's own verdict while the
// client waits, so nothing is acknowledged that is not delivered. One connection serves all messages of the session.
import type { Readable } from 'node:stream';
import { MessageEncoder } from './message-encoder.ts';
import { hopMinutes, openHop, type HopTarget, type OpenHop } from './open-hop.ts';
import { buildReceivedHeader, type TraceFacts } from './received-header.ts';
import { hopFailure, type HopAnswer } from './reply-reader.ts';
import { verdictOf, type Verdict } from './verdict.ts';

export type MessageEnvelope = { from: string; declaredBytes: number | null; is8bit: boolean };
export type SessionTrace = Omit<TraceFacts, 'ownName' | 'recipient' | 'at'>;

const noNextHop: Verdict = { code: 451, enhanced: '4.4.4', text: 'No next hop is configured' };
const noRecipient: Verdict = { code: 451, enhanced: '4.4.0', text: 'No recipient is open at the next hop' };
const clientGone: Verdict = { code: 451, enhanced: '4.4.2', text: 'The message did not arrive whole' };

/** Relays the messages of one session to the target that was configured when it began. */
export class RelaySession {
  #target: HopTarget | null;
  #hop: OpenHop | null = null;
  #envelope: MessageEnvelope | null = null;
  #recipients = new Set<string>();
  /** Why this message cannot go on; every further recipient hears the same. */
  #broken: Verdict | null = null;
  #mailIsOpen = false;
  #needsReset = false;
  #isSending = false;
  #isClosed = false;

  constructor(target: HopTarget | null) {
    this.#target = target;
  }

  begin(envelope: MessageEnvelope): void {
    this.#envelope = envelope;
    this.#recipients = new Set();
    this.#broken = null;
  }

  async addRecipient(address: string): Promise<Verdict> {
    const refusal = this.#broken ?? (await this.#openMail());
    if (refusal || !this.#hop) return (this.#broken = refusal ?? noRecipient);
    // A repeated recipient gets one copy, and its reply from the first time.
    if (this.#recipients.has(address)) return { code: 250, enhanced: '2.1.5', text: 'OK' };
    const verdict = this.#hear(await this.#ask(`RCPT TO:<${address}>`));
    if (verdict.code < 400) this.#recipients.add(address);
    return verdict;
  }

  /** Streams the message; memory does not grow with its size. The content is read to its end in every case. */
  async sendMessage(content: Readable & { sizeExceeded?: boolean }, trace: SessionTrace): Promise<Verdict> {
    this.#isSending = true;
    try {
      const refusal = this.#broken ?? (await this.#startData());
      if (refusal) {
        await drain(content);
        return refusal;
      }
      return await this.#transfer(content, trace);
    } finally {
      this.#isSending = false;
      if (this.#isClosed) this.close();
    }
  }

  reset(): void {
    if (this.#isSending) return;
    this.#needsReset ||= this.#mailIsOpen;
    this.#mailIsOpen = false;
    this.#broken = null;
    this.#recipients = new Set();
    this.#envelope = null;
  }

  /** A message whose content arrived whole is still finished: its fate is the next hop's already. */
  close(): void {
    this.#isClosed = true;
    if (!this.#isSending) this.#hop?.dialogue.close();
  }

  /** Breaks off; the next hop gets no final dot. */
  abort(): void {
    this.#isClosed = true;
    this.#dropHop();
  }

  async #openMail(): Promise<Verdict | null> {
    if (this.#mailIsOpen) return null;
    if (!this.#target) return noNextHop;
    const unusable = await this.#findHop(this.#target);
    if (unusable || !this.#hop || !this.#envelope) return unusable ?? noRecipient;
    const { from, declaredBytes, is8bit } = this.#envelope;
    const { extensions } = this.#hop;
    if (is8bit && !extensions.has('8BITMIME')) {
      // temporary: the client's next EHLO no longer offers 8BITMIME, and it converts the message itself
      return verdictOf(hopFailure('eight-bit', 'The next hop takes no 8-bit messages'));
    }
    const takesSize = [...extensions].some((line) => line.split(' ', 1)[0] === 'SIZE');
    const size = declaredBytes !== null && takesSize ? ` SIZE=${declaredBytes}` : '';
    const verdict = this.#hear(await this.#ask(`MAIL FROM:<${from}>${size}${is8bit ? ' BODY=8BITMIME' : ''}`));
    if (verdict.code >= 400) return verdict;
    this.#mailIsOpen = true;
    return null;
  }

  /** Takes up the open connection, or opens one where there is none or it has gone stale. */
  async #findHop(target: HopTarget): Promise<Verdict | null> {
    if (this.#hop && this.#needsReset) {
      const answer = await this.#ask('RSET');
      if (answer.kind === 'failure' || answer.code !== 250) this.#dropHop();
    }
    this.#needsReset = false;
    if (this.#hop?.dialogue.isUsable) return null;
    this.#dropHop();
    const opened = await openHop(target);
    if (!opened.ok) return opened.verdict;
    this.#hop = opened.hop;
    if (this.#isClosed) this.close();
    return null;
  }

  async #startData(): Promise<Verdict | null> {
    if (!this.#mailIsOpen || this.#recipients.size === 0) return noRecipient;
    const answer = await this.#ask('DATA', hopMinutes.dataStart);
    if (answer.kind === 'reply' && answer.code === 354) return null;
    const verdict = this.#hear(answer);
    this.#endMail();
    if (verdict.code >= 400) return verdict;
    this.#dropHop(); // a 250 instead of 354: nobody knows where the next hop thinks it is
    return verdictOf(hopFailure('garbage', 'The next hop answered DATA with success'));
  }

  async #transfer(content: Readable & { sizeExceeded?: boolean }, trace: SessionTrace): Promise<Verdict> {
    const encoder = new MessageEncoder();
    let failure = await this.#write(Buffer.from(this.#traceLine(trace)));
    try {
      for await (const chunk of content) {
        const block = encoder.push(chunk as Buffer);
        if (failure) continue;
        if (encoder.problem || content.sizeExceeded) failure = encoder.problem ?? clientGone;
        else failure = await this.#write(block);
        if (failure) this.#dropHop(); // without its final dot the next hop throws away what it has
      }
    } catch {
      failure ??= clientGone;
    }
    if (!content.readableEnded || content.sizeExceeded) failure ??= clientGone;
    const end = encoder.finish();
    failure ??= encoder.problem;
    if (failure || !end) {
      this.#dropHop();
      return failure ?? clientGone;
    }
    failure = await this.#write(end);
    const minutes = hopMinutes.finalDot * (this.#target?.minuteMilliseconds ?? 0);
    const verdict = failure ?? this.#hear(this.#hop ? await this.#hop.dialogue.read(minutes) : lost);
    this.#endMail();
    return verdict;
  }

  #traceLine(trace: SessionTrace): string {
    const recipient = this.#recipients.size === 1 ? [...this.#recipients].join() : null;
    return buildReceivedHeader({ ...trace, ownName: this.#target?.heloName ?? '', recipient, at: new Date() });
  }

  async #write(block: Buffer): Promise<Verdict | null> {
    const limit = hopMinutes.block * (this.#target?.minuteMilliseconds ?? 0);
    const failure = this.#hop ? await this.#hop.dialogue.write(block, limit) : lost;
    return failure && verdictOf(failure);
  }

  async #ask(line: string, minutes = hopMinutes.command): Promise<HopAnswer> {
    if (!this.#hop || !this.#target) return lost;
    return this.#hop.dialogue.ask(line, minutes * this.#target.minuteMilliseconds);
  }

  /** The verdict of an answer; a next hop that failed or said 421 is left. */
  #hear(answer: HopAnswer): Verdict {
    const verdict = verdictOf(answer);
    if (answer.kind === 'reply' && answer.code !== 421) return verdict;
    this.#dropHop();
    return (this.#broken = verdict);
  }

  #endMail(): void {
    this.#mailIsOpen = false;
    this.#recipients = new Set();
  }

  #dropHop(): void {
    this.#hop?.dialogue.abort();
    this.#hop = null;
    this.#endMail();
  }
}

const lost = hopFailure('closed', 'The next hop closed the connection');

async function drain(content: Readable): Promise<void> {
  try {
    for await (const _ of content);
  } catch {
    // the client went away: there is nothing left to read and nobody to answer
  }
}
