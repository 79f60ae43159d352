// Keeps what is on screen fresh: follows the main process's events, and looks at the gateways itself while nobody tells.
import { useEffect } from 'react';
import { callGateway, refreshCalls, useCall, useGatewayEvent } from '../api/gateway-bridge.ts';
import { takeSights } from '../api/fleet-sights.ts';

/** How often each gateway is looked at while the window is visible. */
const lookEveryMilliseconds = 30_000;
/** Looks under way at once: a fleet of hundreds must not open hundreds of connections in a second. */
const looksAtOnce = 8;

/** Looks come by themselves; this window asks on its own only after so long without any. */
const tellsWithinMilliseconds = 60_000;

/** What may be another after a save, of whatever scope. */
const followers = ['fleet:list', 'groups:list', 'lists:list', 'settings:reach'] as const;

let toldAt = Number.NEGATIVE_INFINITY;

/** Puts a fresh look at one gateway into the fleet on screen. */
async function lookAtGateway(name: string): Promise<void> {
  const outcome = await callGateway('fleet:refresh', { name });
  if (!outcome.ok) return refreshCalls('fleet:list');
  takeSights({ [name]: outcome.value });
}

async function lookAtAll(names: string[]): Promise<void> {
  const waiting = [...names];
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await lookAtGateway(name);
  };
  await Promise.all(Array.from({ length: Math.min(looksAtOnce, names.length) }, worker));
}

/** No picture of its own. */
export function FleetEvents() {
  const fleet = useCall('fleet:list', {});
  const names = (fleet.value ?? []).filter((row) => row.unreadable === null).map((row) => row.name);
  const key = names.join('\n');
  useGatewayEvent('fleet:changed', () => {
    void Promise.all(followers.map((channel) => refreshCalls(channel)));
  });
  useGatewayEvent('fleet:sights', ({ sights }) => {
    toldAt = performance.now();
    takeSights(sights);
  });
  useEffect(() => {
    if (key === '') return undefined;
    const look = (): void => {
      const isTold = performance.now() - toldAt < tellsWithinMilliseconds;
      if (document.visibilityState === 'visible' && !isTold) void lookAtAll(key.split('\n'));
    };
    look();
    const timer = setInterval(look, lookEveryMilliseconds);
    return () => clearInterval(timer);
  }, [key]);
  return null;
}
