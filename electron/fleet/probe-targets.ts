// Which of a gateway's listeners can be looked at from this computer, best first.
import { isIP } from 'node:net';

export type Listener = { address: string; port: number };
export type Targets = { targets: Listener[] } | { reason: string };

/** More says nothing new: one listener reached proves the way from here. */
const maxTargets = 3;

/** The address that SSH reached comes first: it works from here, and `explain` was asked about that way. */
export function chooseProbeTargets(listensOn: readonly Listener[], sshAddress: string): Targets {
  const reached = unmapped(sshAddress);
  if (listensOn.length === 0) return { reason: 'The gateway named no listener to look at.' };
  const targets = listensOn.flatMap((listener): Listener[] => {
    const { port } = listener;
    const address = unmapped(listener.address);
    if (isWildcard(address)) return canReach(reached, address) ? [{ address: reached, port }] : [];
    if (isLoopback(address)) return isLoopback(reached) ? [{ address, port }] : [];
    return [{ address, port }];
  });
  targets.sort((a, b) => Number(b.address === reached) - Number(a.address === reached));
  if (targets.length > 0) return { targets: targets.slice(0, maxTargets) };
  return {
    reason: listensOn.every(({ address }) => isLoopback(unmapped(address)))
      ? 'It listens on its loopback address only, which cannot be reached from here.'
      : `It listens on no address of the family that reaches it from here (${reached}).`,
  };
}

function unmapped(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** Behind a jump host a name may be all that is known: then the jump host chooses the family. */
function canReach(reached: string, wildcard: string): boolean {
  return isIP(reached) === 0 ? reached !== '' : isIP(reached) === isIP(wildcard);
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
