// Which door of an SSH server stayed shut, in words: network, handshake, host key or sign-in.
import type { HostKey } from '#contract/fleet';
import { failed, type Outcome } from '#contract/outcome';
import type { SshHop } from './connect-hop.ts';
import { networkReason } from './ssh-failure.ts';

export type SignInFailure = {
  error: Error & { level?: string };
  /** The host key that was shown; null: it did not come so far. */
  shown: HostKey | null;
  /** Keys that were offered on all connections of this sign-in. */
  triedKeys: number;
};

/** Anything before a verified host key and a refused sign-in is the network's. */
export function explainFailure(hop: SshHop, { error, shown, triedKeys }: SignInFailure): Outcome<never> {
  const { host, port, user } = hop.address;
  if (shown !== null && !mayTrust(hop, shown)) return refuseHostKey(hop, shown);
  if (isSignInRefused(error)) {
    return failed(
      'sign-in-failed',
      `${hop.name} did not accept ${methodWords(hop, triedKeys)} for the user ${user}.`,
      'Check the user name, and that this key or password is set up on the gateway.',
    );
  }
  if (error.level === 'agent') {
    return failed('sign-in-failed', 'The ssh-agent here did not sign.', 'Start it, unlock it, or choose a key file.');
  }
  if (error.level === 'handshake') {
    return failed(
      'unreachable',
      `${hop.name} and Postern have no SSH algorithm in common, or the handshake broke: ${networkReason(error)}.`,
      'Postern asks for curve25519 or ECDH, and takes no SHA-1. Update the SSH server.',
    );
  }
  const reason = error.level === 'client-timeout' ? 'no answer in time' : networkReason(error);
  return failed('unreachable', `The SSH connection to ${hop.name} (${host}, port ${port}) broke: ${reason}.`);
}

/** Pinned, and not revoked. */
export function mayTrust({ hostKeys, revoked = [] }: SshHop, shown: HostKey): boolean {
  const isSame = ({ key }: HostKey) => key === shown.key;
  return hostKeys.some(isSame) && !revoked.some(isSame);
}

/** OpenSSH hangs up after MaxAuthTries with these words. */
function isSignInRefused(error: Error & { level?: string }): boolean {
  return error.level === 'client-authentication' || /too many authentication failures/i.test(error.message);
}

function methodWords({ credentials }: SshHop, triedKeys: number): string {
  if (credentials.kind === 'password') return 'the password';
  if (credentials.kind === 'key') return 'the private key';
  const whose = credentials.kind === 'agent' ? 'of the ssh-agent ' : '';
  return triedKeys <= 1 ? `any key ${whose}here` : `any of the ${triedKeys} keys ${whose}that were tried`;
}

function refuseHostKey(hop: SshHop, shown: HostKey): Outcome<never> {
  if (hop.revoked?.some(({ key }) => key === shown.key) === true) return refuseRevoked(hop.name, shown);
  if (hop.hostKeys.length === 0) {
    return failed(
      'host-key-unknown',
      `${hop.name} shows the ${shown.type} host key ${shown.fingerprint}, which is not known yet.`,
      'Compare it with the one on that machine: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
    );
  }
  const known = hop.hostKeys.map((key) => `${key.fingerprint} (${key.type})`).join(', ');
  return failed(
    'host-key-changed',
    `The host key of ${hop.name} changed: known is ${known}, shown was ${shown.fingerprint} (${shown.type}). ` +
      'Nothing secret was sent.',
    'If the gateway was set up anew, compare the new fingerprint there, then enrol it again.',
  );
}

/** A key that known_hosts marks as `@revoked`. */
export function refuseRevoked(name: string, shown: HostKey): Outcome<never> {
  return failed(
    'host-key-revoked',
    `${name} shows the ${shown.type} host key ${shown.fingerprint}, which known_hosts marks as revoked. ` +
      'Nothing secret was sent.',
    'Somebody declared this key stolen or retired. Give the server a new host key.',
  );
}
