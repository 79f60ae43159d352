// The addresses of the gateway's interfaces, as configurations write them.
import { networkInterfaces } from 'node:os';

/** Link-local IPv6 ones are left out: they mean nothing without a zone, which a configuration cannot carry. */
export function listOwnAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return [...new Set(all.filter(({ scopeid }) => (scopeid ?? 0) === 0).map(({ address }) => address))];
}
