// Words and shapes that several steps of a push share.
import type { ErrorCode } from '#contract/outcome';
import type { DesktopProof, PushResult } from '#contract/push';
import type { GatewayProof, ReplyProblem } from '#contract/replies';

type Cause = Extract<PushResult, { kind: 'unreachable' }>['cause'];

const causes: Partial<Record<ErrorCode, Cause>> = {
  unreachable: 'network',
  'host-key-unknown': 'host-key',
  'host-key-changed': 'host-key',
  'host-key-revoked': 'host-key',
  'sign-in-failed': 'sign-in',
  'secret-needed': 'sign-in',
  'vault-locked': 'sign-in',
  cancelled: 'cancelled',
  'agent-too-old': 'agent',
};

/** Nothing was sent: the door that stayed shut follows from the problem unless the caller knows better. */
export function unreachableBy(problem: ReplyProblem, cause?: Cause): PushResult {
  const byCode = problem.message.includes('no gateway-agent') ? 'agent' : (causes[problem.code] ?? 'desktop');
  return { kind: 'unreachable', cause: cause ?? byCode, problem };
}

/** 'banner, TLSv1.3, fingerprint 3F:A9:…' for the ladder of steps. */
export function describeProof(proof: GatewayProof | DesktopProof): string {
  if ('listeners' in proof) {
    const parts = proof.listeners.map((listener) => {
      const tls = listener.tlsVersion === undefined ? 'banner' : `banner, ${listener.tlsVersion}, certificate`;
      return `${hostAndPort(listener.address, listener.port)} (${tls})`;
    });
    return proof.reason ?? parts.join(', ');
  }
  if (proof.result === 'refused-as-expected') return 'refused, as this address is meant to be; TLS not looked at';
  const where = proof.address === undefined ? '' : `${hostAndPort(proof.address, proof.port ?? 0)} (`;
  const tls = proof.tlsVersion === undefined ? 'banner' : `banner, ${proof.tlsVersion}, certificate`;
  return where === '' ? tls : `${where}${tls})`;
}

/** `192.0.2.1:25`, `[2001:db8::1]:25`. */
export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
