// The two optional questions to DNS: does the sender's domain exist, and does the client's address have a name? The
// answers come in as facts. What DNS could not answer is never held against the sender for good.
import type { Address } from '#contract/addresses';
import type { ActiveControl, RelayPolicy } from './build-policy.ts';
import { decideSender } from './decide-relay.ts';

/** found · none: DNS says that there is nothing (NXDOMAIN or no data) · failed: DNS did not say (time-out, SERVFAIL). */
export type DnsAnswer = 'found' | 'none' | 'failed';

/** `mx: 'null-mx'` is the single record '.' of RFC 7505; `address` stands for A and AAAA together. */
export type SenderDomainFacts = { mx: DnsAnswer | 'null-mx'; address: DnsAnswer };

/** `enhanced` of RFC 3463, RFC 7372 (X.7.25) and RFC 7505 (X.7.27). */
export type OriginDecision =
  | { accept: true }
  | { accept: false; rule: 'unknown-sender-domain'; code: 550 | 451; enhanced: '5.1.8' | '4.1.8' | '5.7.27' }
  | { accept: false; rule: 'no-reverse-dns'; code: 550 | 450; enhanced: '5.7.25' | '4.7.25' };

/** A permit entry beats every automatic block: then DNS need not even be asked. */
export function isTrustedPeer(
  policy: { control: ActiveControl; relay: RelayPolicy },
  facts: { peer: Address; isGatewayItself: boolean },
): boolean {
  const isOnPermitList = policy.control.mode === 'deny-except' && policy.control.list.find(facts.peer) !== null;
  return isOnPermitList || decideSender(policy.relay, facts).accept;
}

/** The domain to look up; null for the null sender of bounces and for address literals, which pass unasked. */
export function senderDomainToAsk(sender: string): string | null {
  const domain = sender.slice(sender.lastIndexOf('@') + 1).toLowerCase();
  return sender === '' || !sender.includes('@') || domain.startsWith('[') ? null : domain;
}

/** A domain exists for mail when it has an MX record or, RFC 5321 §5.1, an address. */
export function decideSenderDomain({ mx, address }: SenderDomainFacts): OriginDecision {
  const refused = { accept: false, rule: 'unknown-sender-domain' } as const;
  if (mx === 'null-mx') return { ...refused, code: 550, enhanced: '5.7.27' };
  if (mx === 'found' || address === 'found') return { accept: true };
  if (mx === 'failed' || address === 'failed') return { ...refused, code: 451, enhanced: '4.1.8' };
  return { ...refused, code: 550, enhanced: '5.1.8' };
}

/** Asks for a PTR record only: a name that does not lead back is common among honest senders. */
export function decideReverseDns(ptr: DnsAnswer): OriginDecision {
  const refused = { accept: false, rule: 'no-reverse-dns' } as const;
  if (ptr === 'found') return { accept: true };
  return ptr === 'failed'
    ? { ...refused, code: 450, enhanced: '4.7.25' }
    : { ...refused, code: 550, enhanced: '5.7.25' };
}
