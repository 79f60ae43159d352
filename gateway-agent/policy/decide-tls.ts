// The third rung of the ladder: must this command wait for TLS?
import type { TlsRule } from './build-policy.ts';

/** RFC 3207 §4 names EHLO, NOOP, QUIT and STARTTLS; HELO and RSET change nothing that matters before TLS. */
const allowedInClear: ReadonlySet<string> = new Set(['EHLO', 'HELO', 'NOOP', 'RSET', 'QUIT', 'STARTTLS']);

/** `command` is the verb alone, in any case. */
export function decideTls(
  rule: TlsRule,
  facts: { isSecure: boolean; command: string },
): { accept: true } | { accept: false; rule: 'tls-requirement' } {
  const mayPass = !rule.requiresStartTls || facts.isSecure || allowedInClear.has(facts.command.toUpperCase());
  return mayPass ? { accept: true } : { accept: false, rule: 'tls-requirement' };
}
