// The three hooks of a message. Each one answers with a coded reply whatever happens: smtp-server turns a bare error
// into a permanent refusal, and the sender would give up on a mere bug of ours.
import { networkInterfaces } from 'node:os';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server/lib/types';
import { parsePeerAddress } from '#contract/addresses';
import { decideRecipient } from '../policy/decide-recipient.ts';
import type { GatewayServer } from './gateway-server.ts';
import { findUnknownParameter } from './judge-command.ts';
import { newReference, refuse, type HookError, type Reply } from './refuse.ts';
import type { SessionFacts } from './smtp-settings.ts';

export type Hook = { server: GatewayServer; session: SMTPServerSession };
type Refused = (HookError & { isElsewhere?: boolean }) | null;

const internalTrouble: Reply = { code: 451, enhanced: '4.3.0', text: 'Internal trouble, try again later' };
const relayDenied: Reply = { code: 550, enhanced: '5.7.1', text: 'Relaying denied' };

/** MAIL FROM: only what was announced may be asked for. Nothing is connected yet. */
export function beginMessage({ server, session }: Hook, sender: SMTPServerAddress): Refused {
  const unknown = findUnknownParameter(sender.args, ['SIZE', 'BODY']);
  if (unknown !== null) return refuse({ code: 555, enhanced: '5.5.4', text: 'Parameter not recognised' });
  const args = sender.args || {};
  server.relayOf(session, true).begin({
    from: sender.address,
    declaredBytes: typeof args['SIZE'] === 'string' ? Number(args['SIZE']) : null,
    is8bit: session.envelope.bodyType === '8bitmime',
  });
  return null;
}

/** RCPT TO: the message rule, then the next hop's own verdict. */
export async function judgeRecipient({ server, session }: Hook, recipient: SMTPServerAddress): Promise<Refused> {
  try {
    const to = recipient.address;
    const sender = session.envelope.mailFrom;
    const event = { from: sender ? sender.address : '', to };
    if (findUnknownParameter(recipient.args, []) !== null) {
      return refuse({ code: 555, enhanced: '5.5.4', text: 'Parameter not recognised' });
    }
    const peer = parsePeerAddress(session.remoteAddress);
    if ('reason' in peer) return refuse(internalTrouble);
    const isGatewayItself = isOwnAddress(session.remoteAddress);
    const decision = decideRecipient(server.settings.policy.relay, { peer, isGatewayItself, recipient: to });
    if (!decision.accept) return refused({ server, session }, relayDenied, { rule: decision.rule, ...event });
    const verdict = await server.relayOf(session).addRecipient(to);
    if (verdict.code < 400) return null;
    return refused({ server, session }, verdict, { rule: 'delivery', ...event });
  } catch (error) {
    return trouble({ server, session }, error);
  }
}

/** DATA: reads the message to its end and answers what the next hop says of it. */
export async function relayMessage(
  { server, session }: Hook,
  stream: SMTPServerDataStream,
): Promise<{ error: Refused; message?: string }> {
  const { mailFrom, rcptTo } = session.envelope;
  try {
    const facts = describeSession({ server, session });
    const verdict = await server.relayOf(session).sendMessage(stream, facts);
    const from = mailFrom ? mailFrom.address : '';
    if (verdict.code >= 400) {
      return { error: refused({ server, session }, verdict, { rule: 'delivery', from }) };
    }
    server.reports.record({
      event: 'relayed',
      peer: session.remoteAddress,
      from,
      recipients: rcptTo.length,
      bytes: stream.byteLength,
      tls: session.secure,
    });
    return { error: null, message: `${verdict.enhanced} ${verdict.text}` };
  } catch (error) {
    return { error: trouble({ server, session }, error) };
  } finally {
    stream.resume(); // an unread rest would keep the reply back for ever
  }
}

type Reason = { rule: string; from?: string; to?: string };

function refused({ server, session }: Hook, reply: Reply, reason: Reason): Refused {
  const ref = newReference();
  server.reports.record({
    event: 'refused',
    ref,
    peer: session.remoteAddress,
    reply: `${reply.code} ${reply.enhanced}`,
    ...(reason.rule === 'delivery' ? { reason: reply.text } : {}),
    ...reason,
  });
  return Object.assign(refuse(reply, ref), { isElsewhere: reason.rule === 'delivery' });
}

function trouble(hook: Hook, error: unknown): Refused {
  const text = error instanceof Error ? error.message : String(error);
  const refusal = refused(hook, internalTrouble, { rule: 'internal' });
  process.emitWarning(`SMTP session: ${text}`);
  return refusal;
}

function describeSession({ server, session }: Hook): SessionFacts {
  return {
    sessionId: session.id,
    heloName: session.hostNameAppearsAs,
    peerAddress: session.remoteAddress,
    protocol: session.transmissionType,
    tls: server.tlsOf(session),
  };
}

/** A connection from one of our own addresses comes from a program on this gateway. */
export function isOwnAddress(address: string): boolean {
  if (address === '::1' || address.startsWith('127.')) return true;
  return Object.values(networkInterfaces()).some((each) => each?.some((one) => one.address === address));
}
