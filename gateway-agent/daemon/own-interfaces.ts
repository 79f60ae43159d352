// The gateway's own addresses with their networks, as the message rule reads them.
import { networkInterfaces } from 'node:os';

/** `address/prefix` of every interface, loopback included. */
export function ownInterfaces(): string[] {
  return Object.values(networkInterfaces()).flatMap((each) => (each ?? []).flatMap(({ cidr }) => cidr ?? []));
}
