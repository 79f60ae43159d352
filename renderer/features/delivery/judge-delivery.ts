// What keeps the Message Delivery tab from being saved. The rules are the contract's; the words are here.
import { refuseMistypedIpv4 } from '#contract/address-text';
import { DeliveryRoute, maxRoutes, MessageDeliveryConfig, NextHop } from '#contract/config';
import type { Draft } from '#ipc';
import type { FieldProblems } from '../../components/settings-editor.ts';

const { shape } = MessageDeliveryConfig;

const numberWords = {
  maxConnectionsPerDestination: 'A whole number from 1 to 100.',
  giveUpAfterHours: 'A whole number from 1 to 720.',
  delayNoticeAfterHours: 'A whole number from 1 to 720.',
} as const;

/** Drafts share the routes that did not change: thousands are judged once and not for every key. */
const judged = new WeakMap<readonly DeliveryRoute[], string | null>();

function wrongRoute(routes: readonly DeliveryRoute[]): string | null {
  const known = judged.get(routes);
  if (known !== undefined) return known;
  const problem = findWrongRoute(routes);
  judged.set(routes, problem);
  return problem;
}

function findWrongRoute(routes: readonly DeliveryRoute[]): string | null {
  if (routes.length > maxRoutes) return 'No more than 10,000 routes.';
  const seen = new Set<string>();
  for (const route of routes) {
    if (seen.has(route.match)) return `There are two routes for ${route.match}. Remove one of them.`;
    seen.add(route.match);
    if (!DeliveryRoute.safeParse(route).success) return `The route for ${route.match} is not complete. Edit it.`;
    const mistyped = route.to.kind === 'mx' ? null : firstMistyped(route.to.servers);
    if (mistyped !== null) return `The route for ${route.match}: ${mistyped} Edit it.`;
  }
  return null;
}

function firstMistyped(servers: readonly NextHop[]): string | null {
  return servers.map(({ host }) => refuseMistypedIpv4(host)).find((reason) => reason !== null) ?? null;
}

function wrongHost(nextHop: NextHop | null): string | null {
  if (nextHop === null) return null;
  if (!NextHop.shape.host.safeParse(nextHop.host).success) return 'Type a host name or an IP address.';
  return refuseMistypedIpv4(nextHop.host);
}

/** Problems by path in the settings. */
export function judgeDelivery({ settings }: Draft): FieldProblems {
  const delivery = settings.messageDelivery;
  const { nextHop } = delivery;
  const route = wrongRoute(delivery.routes);
  const host = wrongHost(nextHop);
  const numbers = (Object.keys(numberWords) as (keyof typeof numberWords)[])
    .filter((field) => !shape[field].safeParse(delivery[field]).success)
    .map((field) => [`messageDelivery.${field}`, numberWords[field]]);
  const notice = delivery.delayNoticeAfterHours;
  const isLate = numbers.length === 0 && notice !== null && notice >= delivery.giveUpAfterHours;
  return {
    ...(host === null ? {} : { 'messageDelivery.nextHop.host': host }),
    ...(nextHop === null || NextHop.shape.port.safeParse(nextHop.port).success
      ? {}
      : { 'messageDelivery.nextHop.port': 'A whole number from 1 to 65535.' }),
    ...(route === null ? {} : { 'messageDelivery.routes': route }),
    ...Object.fromEntries(numbers),
    ...(isLate
      ? { 'messageDelivery.delayNoticeAfterHours': 'Must be less than the time after which delivery is given up.' }
      : {}),
  };
}
