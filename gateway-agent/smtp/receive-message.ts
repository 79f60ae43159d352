// DATA: brings the content of one message to the disk and answers only when it is there. Every way out takes the content
// to its end, because an unread rest would keep the reply back for ever.
import type { SMTPServerEnvelope } from 'smtp-server/lib/types';
import { ContentNormaliser } from './content-normaliser.ts';
import type { MessageSink } from './message-sink.ts';
import { buildReceivedHeader } from './received-header.ts';
import { refuse, type Reply } from './refuse.ts';
import { report, trouble, type Hook } from './report-refusal.ts';
import type { AcceptedEnvelope, NotifyKind } from './smtp-settings.ts';

/** What the client hears. */
export type Received = { error: Error | null; message?: string };

const noStorage: Reply = { code: 452, enhanced: '4.3.1', text: 'Insufficient system storage' };
const notWhole: Reply = { code: 451, enhanced: '4.4.2', text: 'The message did not arrive whole' };

/** Stores the message, or says why not; resolves when the content has ended. Never rejects. */
export async function receiveMessage(hook: Hook, sink: MessageSink): Promise<Received> {
  const { server, session } = hook;
  const envelope = describeEnvelope(hook);
  const incoming = server.intake.begin(envelope);
  const content = new ContentNormaliser();
  try {
    void incoming.write(Buffer.from(traceLine(hook, incoming.id)));
    const isWhole = await sink.drainInto((chunk) => {
      if (!content.problem && !sink.sizeExceeded) return incoming.write(content.push(chunk));
    });
    void incoming.write(content.finish());
    const refusal = content.problem ?? (isWhole ? null : notWhole);
    if (sink.sizeExceeded) {
      incoming.discard();
      return { error: refuse(notWhole) }; // the library answers 552 instead
    }
    if (refusal) {
      incoming.discard();
      return { error: report(hook, refusal, { rule: 'content', from: envelope.sender, reason: refusal.text }) };
    }
    envelope.eightBit &&= content.hasEightBit;
    const stored = await incoming.commit();
    if (!stored.ok) {
      const reason = stored.problem.message;
      return { error: report(hook, noStorage, { rule: 'storage', from: envelope.sender, reason }) };
    }
  } catch (error) {
    incoming.discard();
    return { error: trouble(hook, error) };
  }
  server.reports.record({
    event: 'accepted',
    id: incoming.id,
    peer: session.remoteAddress,
    from: envelope.sender,
    recipients: envelope.recipients.length,
    bytes: sink.byteLength,
    tls: envelope.receivedFrom.tls ?? null,
  });
  return { error: null, message: `2.0.0 Queued as ${incoming.id}` };
}

function traceLine({ server, session }: Hook, queueId: string): string {
  const rcptTo = withoutRepetitions(session.envelope.rcptTo);
  return buildReceivedHeader({
    queueId,
    heloName: session.hostNameAppearsAs,
    peerAddress: session.remoteAddress,
    ownName: server.settings.greetingName,
    protocol: session.transmissionType,
    tls: server.tlsOf(session),
    recipient: rcptTo.length === 1 ? (rcptTo[0]?.address ?? null) : null,
    at: new Date(),
  });
}

function describeEnvelope({ server, session }: Hook): AcceptedEnvelope {
  const { mailFrom, rcptTo, dsn, bodyType } = session.envelope;
  const tls = server.tlsOf(session);
  return {
    sender: mailFrom ? mailFrom.address : '',
    recipients: withoutRepetitions(rcptTo).map(describeRecipient),
    smtpUtf8: false, // not announced
    eightBit: bodyType === '8bitmime',
    requiresTls: false, // not announced
    ...describeReturn(dsn),
    receivedFrom: {
      address: session.remoteAddress,
      helo: session.hostNameAppearsAs,
      ...(tls ? { tls: `${tls.version} ${tls.cipher}` } : {}),
    },
  };
}

/** One copy for each address; the wishes that were named last count. Domains have no case, local parts may have. */
function withoutRepetitions(rcptTo: SMTPServerEnvelope['rcptTo']): SMTPServerEnvelope['rcptTo'] {
  if (rcptTo.length < 2) return rcptTo;
  const found = new Map<string, SMTPServerEnvelope['rcptTo'][number]>();
  for (const recipient of rcptTo) {
    const at = recipient.address.lastIndexOf('@');
    found.set(recipient.address.slice(0, at) + recipient.address.slice(at).toLowerCase(), recipient);
  }
  return [...found.values()];
}

function describeReturn(dsn: SMTPServerEnvelope['dsn']): Pick<AcceptedEnvelope, 'returnContent' | 'envelopeId'> {
  return {
    ...(dsn?.ret ? { returnContent: dsn.ret === 'FULL' ? ('full' as const) : ('headers' as const) } : {}),
    ...(dsn?.envid ? { envelopeId: dsn.envid } : {}),
  };
}

function describeRecipient({ address, dsn }: SMTPServerEnvelope['rcptTo'][number]) {
  return {
    address,
    ...(dsn?.notify ? { notify: dsn.notify.map((kind) => notifyKinds[kind] ?? 'failure') } : {}),
    ...(dsn?.orcpt ? { originalRecipient: dsn.orcpt } : {}),
  };
}

const notifyKinds: Record<string, NotifyKind> = {
  NEVER: 'never',
  SUCCESS: 'success',
  FAILURE: 'failure',
  DELAY: 'delay',
};
