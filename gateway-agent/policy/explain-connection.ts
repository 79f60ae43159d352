// The ladder of decisions for one address, in words: what would happen now, and which entry says so. It asks the same
// functions that the listener asks, so it cannot tell another story.
import { formatAddress, type Address } from '#contract/addresses';
import type { Explanation, LadderStep } from '#contract/replies';
import type { Policy } from './build-policy.ts';
import { decideConnection, decideRoom } from './decide-connection.ts';
import { decideSender } from './decide-relay.ts';

/** Names of relay domains that fit into one sentence. */
const namedDomains = 5;

/** `openConnections` as the listener counts them now. */
export function explainConnection(
  policy: Policy,
  facts: { peer: Address; isGatewayItself: boolean; openConnections: number },
): Explanation {
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

type Facts = Parameters<typeof explainConnection>[1];
type Step = Omit<LadderStep, 'rule'>;

/** The first two rungs decide about the connection itself. */
const doorSteps = 2;

const ladder: readonly { rule: LadderStep['rule']; explain: (policy: Policy, facts: Facts) => Step }[] = [
  { rule: 'connection-control', explain: explainControl },
  { rule: 'simultaneous-connections', explain: explainRoom },
  { rule: 'tls-requirement', explain: explainTls },
  { rule: 'message-rule', explain: explainMessageRule },
  { rule: 'delivery', explain: explainDelivery },
];

function explainControl({ control }: Policy, { peer }: Facts): Step {
  const decision = decideConnection(control, peer);
  const list = control.mode === 'accept-except' ? 'Deny list' : 'Permit list';
  const reply = decision.accept ? {} : { reply: '554 5.7.1' };
  const outcome = decision.accept ? 'pass' : 'refuse';
  if (decision.entry === undefined) {
    const words = decision.accept
      ? 'No entry of the deny list holds this address.'
      : `No entry of the permit list holds this address${control.list.size === 0 ? ': the list is empty' : ''}.`;
    return { outcome, words, ...reply };
  }
  const note = decision.note === undefined ? '' : ` (${decision.note})`;
  const verb = decision.accept ? 'permits' : 'refuses';
  const words = `${list} entry ${decision.entry}${note} ${verb} this address.`;
  return { outcome, words, entry: decision.entry, ...reply };
}

function explainRoom({ maxConnections }: Policy, { openConnections }: Facts): Step {
  if (maxConnections === null) return { outcome: 'pass', words: `No limit; ${openConnections} connections are open.` };
  const words = `${openConnections} of ${maxConnections} connections are open.`;
  if (decideRoom(maxConnections, openConnections).accept) return { outcome: 'pass', words };
  return { outcome: 'refuse', words: `${words} A new one is asked to try later.`, reply: '421 4.3.2' };
}

function explainTls({ tls }: Policy): Step {
  if (tls.requiresStartTls) {
    return { outcome: 'condition', words: 'Mail is taken only after STARTTLS.', reply: '530 5.7.0' };
  }
  const words = tls.offersStartTls
    ? 'STARTTLS is offered, not required.'
    : 'STARTTLS is not offered: mail comes in clear.';
  return { outcome: 'pass', words };
}

function explainMessageRule({ relay }: Policy, facts: Facts): Step {
  const sender = decideSender(relay, facts);
  if (sender.accept && sender.entry !== undefined) {
    const words = `Permitted sender ${sender.entry} may send to any recipient.`;
    return { outcome: 'pass', words, entry: sender.entry };
  }
  if (sender.accept) return { outcome: 'pass', words: 'The gateway itself may send to any recipient.' };
  const domains = [...relay.relayDomains];
  if (domains.length === 0) {
    const words = 'This address is no permitted sender and no relay domain is named: every recipient is refused.';
    return { outcome: 'refuse', words, reply: '550 5.7.1' };
  }
  const more = domains.length > namedDomains ? ` and ${domains.length - namedDomains} more` : '';
  const words = `Only recipients at ${domains.slice(0, namedDomains).join(', ')}${more} are taken.`;
  return { outcome: 'condition', words, reply: '550 5.7.1' };
}

function explainDelivery({ nextHop }: Policy): Step {
  if (nextHop === null) {
    return { outcome: 'refuse', words: 'There is no next hop: every recipient is put off.', reply: '451 4.4.4' };
  }
  return {
    outcome: 'condition',
    words: `${nextHop.host}, port ${nextHop.port}, must take each recipient and message.`,
  };
}
