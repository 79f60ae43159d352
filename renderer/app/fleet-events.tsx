// Keeps what is on screen fresh: follows the main process's events and looks at the gateways from time to time.
import { useEffect } from 'react';
import { callGateway, queryClient, refreshCalls, useCall, useGatewayEvent } from '../api/gateway-bridge.ts';
import type { FleetRow } from '#ipc';

/** How often each gateway is looked at while the window is visible. */
const lookEveryMilliseconds = 30_000;
/** Looks under way at once: a fleet of hundreds must not open hundreds of connections in a second. */
const looksAtOnce = 8;

/** Puts a fresh look at one gateway into the fleet on screen. */
export async function lookAtGateway(name: string): Promise<void> {
  const outcome = await callGateway('fleet:refresh', { name });
  if (!outcome.ok) return refreshCalls('fleet:list');
  queryClient.setQueriesData<FleetRow[]>({ queryKey: ['fleet:list'] }, (rows) =>
    rows?.map((row) => (row.name === name ? { ...row, sight: outcome.value } : row)),
  );
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
    void refreshCalls('fleet:list');
  });
  useEffect(() => {
    if (key === '') return undefined;
    const look = (): void => {
      if (document.visibilityState === 'visible') void lookAtAll(key.split('\n'));
    };
    look();
    const timer = setInterval(look, lookEveryMilliseconds);
    return () => clearInterval(timer);
  }, [key]);
  return null;
}
