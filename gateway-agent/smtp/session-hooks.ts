// The hooks of MAIL and RCPT: who may send what to whom. They answer at once unless DNS has to be asked, and always with
// a coded reply.
import { networkInterfaces } from 'node:os';
import type { SMTPServerAddress } from 'smtp-server/lib/types';
import { parsePeerAddress } from '#contract/addresses';
import { qualifyRecipient } from '../policy/choose-route.ts';
import { decideAllowance } from '../policy/decide-allowance.ts';
import {
  decideReverseDns,
  decideSenderDomain,
  isTrustedPeer,
  senderDomainToAsk,
  type OriginDecision,
} from '../policy/decide-origin.ts';
import { decideRecipient } from '../policy/decide-recipient.ts';
import { findUnknownParameter } from './judge-command.ts';
import { refuse, type HookError, type Reply } from './refuse.ts';
import { report, trouble, type Hook } from './report-refusal.ts';

type Refused = HookError | null;

const unknownParameter: Reply = { code: 555, enhanced: '5.5.4', text: 'Parameter not recognised' };
const relayDenied: Reply = { code: 550, enhanced: '5.7.1', text: 'Relaying denied' };
const noStorage: Reply = { code: 452, enhanced: '4.3.1', text: 'Insufficient system storage' };
const usedUp = 'This connection has brought enough, come again with a new one';
const unknownPeer: Reply = { code: 451, enhanced: '4.3.0', text: 'Internal trouble, try again later' };

/** MAIL FROM. A promise only where DNS is asked. */
export function judgeSender(hook: Hook, sender: SMTPServerAddress): Refused | Promise<Refused> {
  const { server, session } = hook;
  const { settings } = server;
  if (findUnknownParameter(sender.args, ['SIZE', 'BODY', 'RET', 'ENVID']) !== null) return refuse(unknownParameter);
  const args = sender.args || {};
  const declaredBytes = typeof args['SIZE'] === 'string' ? Number(args['SIZE']) : null;
  const brought = server.broughtBy(session);
  const allowance = decideAllowance(settings.policy.allowance, { ...brought, declaredBytes });
  if (!allowance.accept) {
    return report(hook, { ...allowance, text: usedUp }, { rule: allowance.rule, from: sender.address });
  }
  if (!server.intake.hasRoomFor(settings.maxMessageBytes)) {
    return report(hook, noStorage, { rule: 'storage', from: sender.address });
  }
  const { rejectsUnknownSenderDomain, rejectsClientWithoutReverseDns } = settings.policy.origin;
  if (!rejectsUnknownSenderDomain && !rejectsClientWithoutReverseDns) return null;
  return judgeOrigin(hook, sender.address);
}

async function judgeOrigin(hook: Hook, from: string): Promise<Refused> {
  try {
    const { server, session } = hook;
    const { policy } = server.settings;
    const peer = parsePeerAddress(session.remoteAddress);
    if ('reason' in peer) return refuse(unknownPeer);
    if (isTrustedPeer(policy, { peer, isGatewayItself: isOwnAddress(session.remoteAddress) })) return null;
    const domain = senderDomainToAsk(from);
    const decisions: OriginDecision[] = [];
    if (policy.origin.rejectsClientWithoutReverseDns) {
      decisions.push(decideReverseDns(await server.origins.reverse(session.remoteAddress)));
    }
    if (policy.origin.rejectsUnknownSenderDomain && domain !== null) {
      decisions.push(decideSenderDomain(await server.origins.senderDomain(domain)));
    }
    const refusal = decisions.find((decision) => !decision.accept);
    if (!refusal || refusal.accept) return null;
    const text = refusal.rule === 'no-reverse-dns' ? 'Client address has no name' : 'Sender domain not found';
    return report(hook, { ...refusal, text }, { rule: refusal.rule, from });
  } catch (error) {
    return trouble(hook, error);
  }
}

/** RCPT TO: the message rule. */
export function judgeRecipient(hook: Hook, recipient: SMTPServerAddress): Refused {
  const { server, session } = hook;
  const { settings } = server;
  const to = recipient.address;
  if (findUnknownParameter(recipient.args, ['NOTIFY', 'ORCPT']) !== null) return refuse(unknownParameter);
  const peer = parsePeerAddress(session.remoteAddress);
  if ('reason' in peer) return refuse(unknownPeer);
  const isGatewayItself = isOwnAddress(session.remoteAddress);
  const decision = decideRecipient(settings.policy.relay, { peer, isGatewayItself, recipient: to });
  if (decision.accept) {
    recipient.address = qualifyRecipient(to, settings.postmaster);
    return null;
  }
  const sender = session.envelope.mailFrom;
  return report(hook, relayDenied, { rule: decision.rule, from: sender ? sender.address : '', to });
}

/** Interfaces come and go, so the list is read again, but not for every recipient: it costs 50 µs. */
const lookAgainMilliseconds = 1000;
let ownAddresses: { at: number; list: Set<string> } = { at: -Infinity, list: new Set() };

/** A connection from one of our own addresses comes from a program on this gateway. */
export function isOwnAddress(address: string): boolean {
  if (address === '::1' || address.startsWith('127.')) return true;
  if (performance.now() - ownAddresses.at > lookAgainMilliseconds) {
    const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    ownAddresses = { at: performance.now(), list: new Set(all.map((one) => one.address)) };
  }
  return ownAddresses.list.has(address);
}
