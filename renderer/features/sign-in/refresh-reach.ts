// After a change of how gateways are reached.
import { refreshCalls } from '../../api/gateway-bridge.ts';

/** Asks anew for what shows it. */
export async function refreshReach(): Promise<void> {
  await Promise.all([refreshCalls('credentials:list'), refreshCalls('jump-hosts:list'), refreshCalls('fleet:list')]);
}
