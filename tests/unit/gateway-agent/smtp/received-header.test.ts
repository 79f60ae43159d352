import { describe, expect, it } from 'vitest';
import { buildReceivedHeader } from '../../../../gateway-agent/smtp/received-header.ts';

describe('buildReceivedHeader', () => {
  const facts = {
    heloName: 'client.test',
    peerAddress: '192.0.2.1',
    ownName: 'gateway.test',
    protocol: 'ESMTPS',
    queueId: 'abc',
    tls: { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
    recipient: 'b@mx.test',
    at: new Date('2026-11-24T04:05:06Z'),
  };

  it('tells who, how and when', () => {
    expect(buildReceivedHeader(facts)).toBe(
      'Received: from client.test ([192.0.2.1])\r\n' +
        '\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)\r\n' +
        '\tby gateway.test (Postern) with ESMTPS id abc\r\n' +
        '\tfor <b@mx.test>;\r\n' +
        '\tTue, 24 Nov 2026 04:05:06 +0000\r\n',
    );
  });

  it('leaves out what there is not', () => {
    expect(buildReceivedHeader({ ...facts, tls: null, recipient: null })).not.toMatch(/using|for </);
  });

  it('writes IPv6 as RFC 5321 asks', () => {
    expect(buildReceivedHeader({ ...facts, peerAddress: '2001:db8::1' })).toContain('([IPv6:2001:db8::1])');
  });

  it('lets a HELO name break out of nothing', () => {
    const header = buildReceivedHeader({ ...facts, heloName: 'a)\r\nX-Evil: (b' });

    expect(header.split('\r\n')[0]).toBe('Received: from a???X-Evil:??b ([192.0.2.1])');
  });
});
