// Puts a notice to the sender into the queue, durably, before the message that it is about is finished.
import { done, failed, type Outcome } from '#contract/outcome';
import { buildNotice, type NoticeKind } from './build-notice.ts';
import type { DeliveryQueue, DueMessage, DueRecipient } from './delivery-queue.ts';
import type { DeliverySettings } from './delivery-settings.ts';
import type { Ending } from './job.ts';

/** A message without a word about it comes back whole up to this size: Postfix' bounce_size_limit. */
const usualReturnBytes = 50_000;

const msPerHour = 3_600_000;

/** A header comes back in a part of 7 bits, which every server takes: a notice is not returned when it is refused. */
const beyondAscii = /[^\t\r\n -~]/gu;

/** What is told to whom. */
export type Notice = { kind: NoticeKind; message: DueMessage; endings: readonly Ending[] };

/** RFC 3461 §4.1: who hears of what. Without a wish: of failure and delay. */
export function wantsNotice(recipient: DueRecipient, kind: NoticeKind): boolean {
  const wish = { failed: 'failure', delayed: 'delay', relayed: 'success' } as const;
  return recipient.notify ? recipient.notify.includes(wish[kind]) : kind !== 'relayed';
}

/** The id of the notice, or null where there is nobody to tell: a bounce is never answered with a bounce. */
export async function sendNotice(
  queue: DeliveryQueue,
  settings: DeliverySettings,
  notice: Notice,
): Promise<Outcome<string | null>> {
  const { kind, message } = notice;
  const endings = notice.endings.filter(({ recipient }) => wantsNotice(recipient, kind));
  if (message.envelope.sender === '' || endings.length === 0) return done(null);
  const returns = kind === 'failed' ? whatReturns(message, endings) : 'headers';
  const { head, tail } = buildNotice({
    kind,
    returns,
    endings,
    id: message.id,
    sender: message.envelope.sender,
    envelopeId: message.envelope.envelopeId,
    eightBit: returns === 'full' && message.envelope.eightBit,
    receivedAt: new Date(message.receivedAt),
    at: new Date(),
    retryUntil: new Date(message.receivedAt + settings.giveUpAfterHours * msPerHour),
    reportingName: settings.reportingName,
    postmaster: settings.postmaster,
  });
  return store(queue, { message, parts: { head, tail }, returns, helo: settings.reportingName });
}

/**
 * RFC 3461 §4.3: RET decides; without it, the server. What was too wide for the way out is too wide for the way back, and
 * octets beyond ASCII go home only where somebody asked for them: a notice that the way home refuses is told to nobody.
 */
function whatReturns({ envelope, bytes }: DueMessage, endings: readonly Ending[]): 'full' | 'headers' {
  if (endings.some(({ verdict }) => verdict.status === '5.6.3' || verdict.status === '5.3.4')) return 'headers';
  const isReturnedWhole = bytes <= usualReturnBytes && !envelope.eightBit;
  return envelope.returnContent ?? (isReturnedWhole ? 'full' : 'headers');
}

type Content = {
  message: DueMessage;
  parts: { head: string; tail: string };
  returns: 'full' | 'headers';
  helo: string;
};

async function store(
  queue: DeliveryQueue,
  { message, parts, returns, helo }: Content,
): Promise<Outcome<string | null>> {
  const incoming = queue.begin({
    sender: '',
    recipients: [{ address: message.envelope.sender, notify: ['never'] }],
    smtpUtf8: false,
    eightBit: returns === 'full' && message.envelope.eightBit,
    requiresTls: false,
    receivedFrom: { address: '127.0.0.1', helo },
  });
  try {
    await incoming.write(Buffer.from(parts.head));
    if (returns === 'headers') {
      const header = await queue.header(message.id);
      if (header.ok) await incoming.write(Buffer.from(header.value.replace(beyondAscii, '?')));
    } else {
      const body = await queue.body(message.id);
      if (body.ok) for await (const chunk of body.value) await incoming.write(chunk as Buffer);
    }
    await incoming.write(Buffer.from(parts.tail));
  } catch (error) {
    incoming.discard();
    return failed('storage-failed', error instanceof Error ? error.message : 'The original cannot be read.');
  }
  const stored = await incoming.commit();
  return stored.ok ? done(incoming.id) : stored;
}
