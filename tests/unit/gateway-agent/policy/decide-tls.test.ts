// What may be said before TLS where TLS is required.
import { describe, expect, it } from 'vitest';
import { decideTls } from '../../../../gateway-agent/policy/decide-tls.ts';

const required = { offersStartTls: true, requiresStartTls: true };
const offered = { offersStartTls: true, requiresStartTls: false };

describe('decideTls', () => {
  it.each(['EHLO', 'HELO', 'NOOP', 'RSET', 'QUIT', 'STARTTLS', 'ehlo', 'StartTls'])(
    'lets %s pass in clear',
    (command) => {
      expect(decideTls(required, { isSecure: false, command })).toEqual({ accept: true });
    },
  );

  it.each(['MAIL', 'RCPT', 'DATA', 'AUTH', 'VRFY', 'EXPN', 'HELP', 'BDAT', 'XCLIENT', '', 'EHLO MAIL'])(
    'makes %j wait for TLS',
    (command) => {
      expect(decideTls(required, { isSecure: false, command })).toEqual({ accept: false, rule: 'tls-requirement' });
    },
  );

  it('lets everything pass inside TLS, or where it is only offered', () => {
    expect(decideTls(required, { isSecure: true, command: 'MAIL' }).accept).toBe(true);
    expect(decideTls(offered, { isSecure: false, command: 'MAIL' }).accept).toBe(true);
  });
});
