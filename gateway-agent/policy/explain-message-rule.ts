// The fourth rung of the ladder in words: what DNS says of client and sender, then whose mail is taken for whom.
import type { Policy } from './build-policy.ts';
import {
  decideReverseDns,
  decideSenderDomain,
  isTrustedPeer,
  senderDomainToAsk,
  type OriginDecision,
} from './decide-origin.ts';
import { decideRecipient, type RecipientDecision } from './decide-recipient.ts';
import { decideSender } from './decide-relay.ts';
import type { MailFacts, Step } from './explain-mail.ts';

/** Names of relay domains that fit into one sentence. */
const namedDomains = 5;

/** The first refusal is the answer; otherwise everything that has to be said, conditions included. */
export function explainMessageRule(policy: Policy, facts: MailFacts): Step {
  const steps = [...explainOrigin(policy, facts), explainRecipient(policy, facts)];
  const refusal = steps.find(({ outcome }) => outcome === 'refuse');
  if (refusal) return refusal;
  const condition = steps.find(({ outcome }) => outcome === 'condition');
  const entry = steps.find((step) => step.entry !== undefined)?.entry;
  return {
    outcome: condition ? 'condition' : 'pass',
    words: steps.map(({ words }) => words).join(' '),
    ...(entry === undefined ? {} : { entry }),
    ...(condition?.reply === undefined ? {} : { reply: condition.reply }),
  };
}

function explainOrigin(policy: Policy, facts: MailFacts): Step[] {
  const { rejectsUnknownSenderDomain, rejectsClientWithoutReverseDns } = policy.origin;
  if (isTrustedPeer(policy, facts)) return [];
  return [
    ...(rejectsClientWithoutReverseDns ? [explainReverse(facts)] : []),
    ...(rejectsUnknownSenderDomain ? [explainSenderDomain(facts)] : []),
  ];
}

function explainReverse({ dns }: MailFacts): Step {
  const answer = dns?.reverse;
  if (answer === undefined) {
    return { outcome: 'condition', words: 'The client must have a reverse DNS name.', reply: '550 5.7.25' };
  }
  const words = {
    found: 'The client has a reverse DNS name.',
    none: 'The client has no reverse DNS name.',
    failed: 'DNS did not say whether the client has a name: it is asked to try later.',
  };
  return tell(decideReverseDns(answer), words[answer]);
}

function explainSenderDomain({ sender, dns }: MailFacts): Step {
  const domain = sender === undefined ? null : senderDomainToAsk(sender);
  if (sender !== undefined && domain === null) {
    return { outcome: 'pass', words: sender === '' ? 'The null sender is always taken.' : 'The sender has no domain.' };
  }
  const answers = dns?.senderDomain;
  if (domain === null || answers === undefined) {
    const name = domain ?? "The sender's domain";
    return { outcome: 'condition', words: `${name} must exist in DNS.`, reply: '550 5.1.8' };
  }
  const decision = decideSenderDomain(answers);
  if (decision.accept) return tell(decision, `The sender's domain ${domain} exists.`);
  if (decision.code === 451) {
    return tell(decision, `DNS did not say whether ${domain} exists: the client is asked to try later.`);
  }
  const isNullMx = answers.mx === 'null-mx';
  return tell(decision, `The sender's domain ${domain} ${isNullMx ? 'says that it has no mail' : 'does not exist'}.`);
}

function tell(decision: OriginDecision, words: string): Step {
  if (decision.accept) return { outcome: 'pass', words };
  return { outcome: 'refuse', words, reply: `${decision.code} ${decision.enhanced}` };
}

function explainRecipient(policy: Policy, facts: MailFacts): Step {
  const { relay } = policy;
  if (facts.recipient !== undefined) {
    const recipient = facts.recipient;
    return tellRecipient(decideRecipient(relay, { ...facts, recipient }), recipient);
  }
  const sender = decideSender(relay, facts);
  if (sender.accept) {
    const words = `${whoSends(sender)} may send to any recipient.`;
    return { outcome: 'pass', words, ...(sender.entry === undefined ? {} : { entry: sender.entry }) };
  }
  const domains = [...relay.relayDomains];
  if (domains.length === 0) {
    const words = 'This address is no permitted sender and no relay domain is named: every recipient is refused.';
    return { outcome: 'refuse', words, reply: '550 5.7.1' };
  }
  const more = domains.length > namedDomains ? ` and ${domains.length - namedDomains} more` : '';
  const words = `Only recipients at ${domains.slice(0, namedDomains).join(', ')}${more} are taken.`;
  return { outcome: 'condition', words, reply: '550 5.7.1' };
}

function tellRecipient(decision: RecipientDecision, recipient: string): Step {
  if (!decision.accept) {
    return { outcome: 'refuse', words: refusalWords[decision.rule](recipient), reply: '550 5.7.1' };
  }
  if (decision.by === 'postmaster') return { outcome: 'pass', words: 'Mail for the postmaster is always taken.' };
  const { entry } = decision;
  const words =
    decision.by === 'relay-domain'
      ? `Relay domain ${entry ?? ''} takes mail for ${recipient}.`
      : `${whoSends(decision)} may send to ${recipient}.`;
  return { outcome: 'pass', words, ...(entry === undefined ? {} : { entry }) };
}

const refusalWords = {
  'relay-denied': (recipient) => `This address is no permitted sender, and no relay domain holds ${recipient}.`,
  'routed-address': (recipient) => `${recipient} names a second host in its local part: only permitted senders may.`,
  'malformed-address': (recipient) => `${recipient} is no mail address.`,
} as const satisfies Record<string, (recipient: string) => string>;

function whoSends({ by, entry = '' }: { by: string; entry?: string }): string {
  if (by === 'permitted-sender') return `Permitted sender ${entry}`;
  return by === 'permitted-network' ? `The gateway's own network ${entry}` : 'The gateway itself';
}
