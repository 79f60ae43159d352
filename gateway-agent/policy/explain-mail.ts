// The ladder of decisions in words: what would happen now to a connection from one address and, where they are given,
// to a sender and a recipient. It asks the same functions that the listener asks, so it cannot tell another story.
import { formatAddress, type Address } from '#contract/addresses';
import type { Explanation, LadderStep } from '#contract/replies';
import type { Policy } from './build-policy.ts';
import type { DnsAnswer, SenderDomainFacts } from './decide-origin.ts';
import { explainControl, explainRoom, explainTls } from './explain-connection.ts';
import { explainDelivery } from './explain-delivery.ts';
import { explainMessageRule } from './explain-message-rule.ts';

/** `openConnections` as the listener counts them now; what DNS was not asked is told as a condition. */
export type MailFacts = {
  peer: Address;
  isGatewayItself: boolean;
  openConnections: number;
  /** What stands between the angle brackets; '' is the null sender of bounces. */
  sender?: string | undefined;
  recipient?: string | undefined;
  /** What the recipient's domain publishes (MTA-STS, DANE), in words; missing where nobody asked. */
  peerPolicy?: string | undefined;
  dns?: { senderDomain?: SenderDomainFacts | undefined; reverse?: DnsAnswer | undefined } | undefined;
};

/** One rung without its name. */
export type Step = Omit<LadderStep, 'rule'>;

/** The first two rungs decide about the connection itself. */
const doorSteps = 2;

const ladder: readonly { rule: LadderStep['rule']; explain: (policy: Policy, facts: MailFacts) => Step }[] = [
  { rule: 'connection-control', explain: explainControl },
  { rule: 'simultaneous-connections', explain: explainRoom },
  { rule: 'tls-requirement', explain: explainTls },
  { rule: 'message-rule', explain: explainMessageRule },
  { rule: 'delivery', explain: explainDelivery },
];

/** Rungs behind a refusal are not reached. The verdict is that of the connection alone. */
export function explainMail(policy: Policy, facts: MailFacts): Explanation {
  const steps: LadderStep[] = [];
  let isRefused = false;
  for (const { rule, explain } of ladder) {
    const step: Step = isRefused ? { outcome: 'not-reached', words: 'Not reached.' } : explain(policy, facts);
    steps.push({ rule, ...step });
    isRefused ||= step.outcome === 'refuse';
  }
  const isTurnedAway = steps.slice(0, doorSteps).some(({ outcome }) => outcome === 'refuse');
  return { address: formatAddress(facts.peer), verdict: isTurnedAway ? 'refuse' : 'accept', steps };
}
