// The ladder of decisions with what each rung is set to in the draft.
import type { LadderStep } from '#contract/replies';
import type { Draft } from '#ipc';
import type { SettingsTab } from '../../components/scope-editing.ts';

/** One rung: what lets through, what a client is told that is not, and where it is set. */
export type Rung = { rule: LadderStep['rule']; words: string; refusal: string; tab: SettingsTab; isStrict: boolean };

/** All five, in the order in which they are asked. */
export function describeLadder(draft: Draft): Rung[] {
  const { connections } = draft.settings;
  const limit = connections.interface.maxConnections;
  return [
    { rule: 'connection-control', refusal: '554 5.7.1', tab: 'connections', ...controlWords(draft) },
    {
      rule: 'simultaneous-connections',
      words: limit === null ? 'No limit' : `Up to ${limit.toLocaleString('en-US')} at once`,
      refusal: '421 4.3.2',
      tab: 'connections',
      isStrict: limit !== null,
    },
    {
      rule: 'tls-requirement',
      words: tlsWords(connections.tls),
      refusal: '530 5.7.0',
      tab: 'connections',
      isStrict: connections.tls.offersStartTls && connections.tls.requiresStartTls,
    },
    {
      rule: 'message-rule',
      words: ruleWords(draft.settings.messageRule),
      refusal: '550 5.7.1',
      tab: 'message-rule',
      isStrict: true,
    },
    {
      rule: 'delivery',
      words: deliveryWords(draft.settings.messageDelivery),
      refusal: 'kept and tried again, then returned',
      tab: 'delivery',
      isStrict: false,
    },
  ];
}

function controlWords({ settings, denyText, permitText }: Draft): { words: string; isStrict: boolean } {
  if (settings.connections.control.mode === 'accept-except') {
    const count = countEntries(denyText);
    return count === 0
      ? { words: 'Every address may connect', isStrict: false }
      : { words: `Every address but the ${entries(count)} of the deny list`, isStrict: true };
  }
  const count = countEntries(permitText);
  const words = count === 0 ? 'No address: the permit list is empty' : `Only the ${entries(count)} of the permit list`;
  return { words, isStrict: true };
}

function entries(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'entry' : 'entries'}`;
}

/** Long lists are counted once, not for every key typed elsewhere: both texts are remembered. */
const counted = new Map<string, number>();

function countEntries(text: string): number {
  const known = counted.get(text);
  if (known !== undefined) return known;
  let count = 0;
  for (const line of text.matchAll(/[^\r\n]+/g)) if (/^\s*[^\s#]/.test(line[0])) count += 1;
  if (counted.size >= 4) counted.clear();
  counted.set(text, count);
  return count;
}

function tlsWords({ offersStartTls, requiresStartTls }: Draft['settings']['connections']['tls']): string {
  if (!offersStartTls) return 'TLS is not offered: mail comes in clear';
  return requiresStartTls ? 'Only after STARTTLS' : 'STARTTLS is offered, not required';
}

function ruleWords(rule: Draft['settings']['messageRule']): string {
  const domains = rule.relayDomains.length;
  const senders = [
    ...(rule.permitsGatewayItself ? ['the gateway itself'] : []),
    ...(rule.permitsNetwork === 'none' ? [] : [`its own ${rule.permitsNetwork}`]),
    ...(rule.permittedSenders.length === 0 ? [] : [`${entries(rule.permittedSenders.length)} of permitted senders`]),
  ];
  const to =
    domains === 0
      ? 'To no domain from everybody'
      : `To ${domains.toLocaleString('en-US')} relay ${domains === 1 ? 'domain' : 'domains'} from everybody`;
  const from = senders.length === 0 ? '' : `; to any domain from ${senders.join(' and ')}`;
  return `${to}${from}; up to ${rule.maxMessageMegabytes} MB and ${rule.maxRecipients.toLocaleString('en-US')} recipients`;
}

function deliveryWords({ routes, nextHop }: Draft['settings']['messageDelivery']): string {
  const rest = nextHop === null ? 'by MX record' : `to ${nextHop.host} port ${nextHop.port}`;
  if (routes.length === 0) return `Everything ${rest}`;
  return `${routes.length.toLocaleString('en-US')} ${routes.length === 1 ? 'route' : 'routes'}, the rest ${rest}`;
}
