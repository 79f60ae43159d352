// Certificates out of one chain: an authority, one below it, a server. Every way in which they do not fit together.
import { createHash, X509Certificate } from 'node:crypto';
import type { TlsaData } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeTlsa, usableTlsa } from '../../../../../gateway-agent/delivery/peer-policy/tlsa.ts';
import { createCa, type TestCa } from '../../../../support/smtp-certificates.ts';

type Numbers = [usage: number, selector: number, matchingType: number];
const tlsa = (...[usage, selector, matchingType, certificate]: [...Numbers, Buffer]): TlsaData => ({
  usage,
  selector,
  matchingType,
  certificate,
});
const hash = (name: string, bytes: Buffer) => createHash(name).update(bytes).digest();

describe('usableTlsa', () => {
  const sha256 = Buffer.alloc(32);

  it.each([
    ['PKIX-TA', tlsa(0, 1, 1, sha256)],
    ['PKIX-EE', tlsa(1, 1, 1, sha256)],
    ['an unknown usage', tlsa(4, 1, 1, sha256)],
    ['an unknown selector', tlsa(3, 2, 1, sha256)],
    ['an unknown digest', tlsa(3, 1, 3, sha256)],
    ['a digest that is cut off', tlsa(3, 1, 1, sha256.subarray(1))],
    ['nothing to compare with', tlsa(3, 1, 0, Buffer.alloc(0))],
  ])('leaves out %s', (_, record) => {
    expect(usableTlsa([record])).toEqual([]);
  });

  it('keeps the strongest digest for one purpose, and exact data beside it', () => {
    const [weak, strong, exact] = [tlsa(3, 1, 1, sha256), tlsa(3, 1, 2, Buffer.alloc(64)), tlsa(3, 1, 0, sha256)];
    const other = tlsa(2, 0, 1, sha256);

    expect(usableTlsa([weak, strong, exact, other])).toEqual([strong, exact, other]);
  });
});

describe('judgeTlsa', () => {
  let ca: TestCa;
  let stranger: TestCa;
  let leaf: X509Certificate;
  let expired: X509Certificate;
  let root: X509Certificate;
  const spki = (certificate: X509Certificate) => certificate.publicKey.export({ type: 'spki', format: 'der' });

  beforeAll(async () => {
    [ca, stranger] = await Promise.all([createCa(), createCa()]);
    root = new X509Certificate(ca.certificate);
    leaf = new X509Certificate((await ca.sign(['mx.test'])).certificate);
    const past = { notBefore: '20200101000000Z', notAfter: '20210101000000Z' };
    expired = new X509Certificate((await ca.sign(['mx.test'], past)).certificate);
  });
  afterAll(async () => {
    await Promise.all([ca.close(), stranger.close()]);
  });
  const judge = (chain: X509Certificate[], record: TlsaData, names = ['mx.test']) =>
    judgeTlsa(chain, { records: [record], names, now: new Date() });

  it('meets an end entity by any selector and digest, whatever its dates and names', () => {
    for (const [digest, type] of [
      ['sha256', 1],
      ['sha512', 2],
    ] as const) {
      expect(judge([expired], tlsa(3, 0, type, hash(digest, expired.raw)), ['other.test'])).toBeNull();
      expect(judge([expired], tlsa(3, 1, type, hash(digest, spki(expired))))).toBeNull();
    }
    expect(judge([leaf], tlsa(3, 0, 0, leaf.raw))).toBeNull();
    expect(judge([leaf], tlsa(3, 1, 0, spki(leaf)))).toBeNull();
  });

  it('takes only the first certificate for an end entity', () => {
    expect(judge([leaf, root], tlsa(3, 0, 1, hash('sha256', root.raw)))).toBe('no TLSA record matches its certificate');
  });

  it('meets a trust anchor with name, dates and signatures', () => {
    const anchor = tlsa(2, 0, 1, hash('sha256', root.raw));

    expect(judge([leaf, root], anchor)).toBeNull();
    expect(judge([leaf, root], anchor, ['other.test', 'mx.test'])).toBeNull();
    expect(judge([leaf, root], anchor, ['other.test'])).toMatch(/does not name other\.test/);
    expect(judge([expired, root], anchor)).toMatch(/has expired/);
    expect(judge([leaf], anchor)).toMatch(/no TLSA record matches/);
  });

  it('does not take an authority that signed nothing here, nor a server as an authority', async () => {
    const foreign = new X509Certificate(stranger.certificate);
    const other = new X509Certificate((await ca.sign(['mx.test'])).certificate);

    expect(judge([leaf, foreign], tlsa(2, 0, 1, hash('sha256', foreign.raw)))).toMatch(/does not lead to/);
    expect(judge([leaf, other, root], tlsa(2, 0, 1, hash('sha256', root.raw)))).toMatch(/does not lead to/);
    expect(judge([], tlsa(3, 0, 1, hash('sha256', leaf.raw)))).toBe('it showed no certificate');
  });
});
