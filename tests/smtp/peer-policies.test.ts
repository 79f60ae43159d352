// MTA-STS and DANE end to end: a validating resolver with a signed zone, an HTTPS host for policies, and next hops over
// TLS. What a domain publishes decides whether its mail goes out, and the queue says why it does not.
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../gateway-agent/contract/replies.ts';
import { certificateDigest, keyDigest, mailRecords, stsRecords } from '../support/policy-records.ts';
import { startSignedZones, type SignedZones } from '../support/signed-zones.ts';
import { createCa, type TestCa, type TestCertificate } from '../support/smtp-certificates.ts';
import { greetedClient } from '../support/smtp-client.ts';
import { startGateway, type TestGateway } from '../support/smtp-gateway.ts';
import { startNextHop, type TestNextHop } from '../support/smtp-next-hop.ts';
import { startStsHost, stsPolicy, type StsHost } from '../support/sts-host.ts';

/** What failed is tried anew at once. */
const minuteMilliseconds = 1000;

const past = { notBefore: '20200101000000Z', notAfter: '20210101000000Z' };

let folder: string;
let ca: TestCa;
let stranger: TestCa;
let hop: TestNextHop;
let zones: SignedZones;
let sts: StsHost;
let gateway: TestGateway;
let valid: TestCertificate;
let expired: TestCertificate;
let foreign: TestCertificate;

const withCa = (own: TestCertificate) => ({ ...own, certificate: `${own.certificate}${stranger.certificate}` });
const none = '00'.repeat(32);
const mailOf = (name: string, ...tlsa: string[]): string[] => mailRecords({ name, port: hop.port, tlsa });
const stsOf = (name: string): string[] => [...mailOf(name), ...stsRecords(name)];
const stsDomains = ['good', 'foreign', 'clear', 'testing', 'other', 'lost', 'kept', 'moved', 'html'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-policies-'));
  [ca, stranger, hop] = await Promise.all([createCa(), createCa(), startNextHop()]);
  writeFileSync(join(folder, 'roots.pem'), ca.certificate);
  process.env['SSL_CERT_FILE'] = join(folder, 'roots.pem'); // the authorities of this system, as OpenSSL reads them
  const mxNames = stsDomains.map((name) => `mx.${name}.plain.test`);
  valid = await ca.sign([...mxNames, 'mx.both.signed.test']);
  expired = await stranger.sign(['mx.expired.signed.test'], past);
  foreign = await stranger.sign(['mx.anchor.signed.test']);
  const [anchorDigest, bogusDigest] = [certificateDigest(stranger), 'cc'.repeat(32)];
  zones = await startSignedZones({
    signed: [
      ...mailOf('good', `3 1 1 ${keyDigest(foreign)}`),
      ...mailOf('rolled', `3 1 1 ${none}`, `3 1 1 ${keyDigest(foreign)}`),
      ...mailOf('expired', `3 0 1 ${certificateDigest(expired)}`),
      ...mailOf('wrong', `3 1 1 ${none}`),
      ...mailOf('anchor', `2 0 1 ${anchorDigest}`),
      ...mailOf('misnamed', `2 0 1 ${anchorDigest}`),
      ...mailOf('unusable', `1 0 1 ${certificateDigest(foreign)}`),
      ...mailOf('bogus', `3 1 1 ${bogusDigest}`),
      ...mailOf('none'),
      ...mailOf('both', `3 1 1 ${none}`),
      'mta-sts.both IN A 127.0.0.1',
      '_mta-sts.both IN TXT "v=STSv1; id=1;"',
      'two IN MX 10 mx.wrong',
      'two IN MX 20 mx.good',
      'bogusmx IN MX 77 mx.good',
    ],
    spoil: { [bogusDigest]: 'dd'.repeat(32), 'MX\t77': 'MX\t78' },
    plain: [...mailOf('dane', `3 1 1 ${none}`), ...stsDomains.flatMap(stsOf)],
  });
  sts = await startStsHost(
    await ca.sign([...stsDomains.map((name) => `mta-sts.${name}.plain.test`), 'mta-sts.both.signed.test']),
  );
  gateway = await startGateway(wish('enforce'));
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([sts.close(), zones.close(), hop.close(), ca.close(), stranger.close()]);
  await rm(folder, { recursive: true, force: true });
});

function wish(peerPolicies: 'off' | 'monitor' | 'enforce'): Parameters<typeof startGateway>[0] {
  const to = { kind: 'mx' as const, name: null, port: hop.port };
  const zoneNames = ['*.signed.test', '*.plain.test'];
  return {
    rule: { relayDomains: zoneNames },
    delivery: { peerPolicies, routes: zoneNames.map((match) => ({ match, to, outgoing: null })) },
    minuteMilliseconds,
    resolvers: { nameserver: zones.nameserver, policyPort: sts.port },
  };
}

/** What became of one message: `by TLS`, `in clear`, or what the queue says. */
const send = async (domain: string, tls: TestCertificate | null, at = gateway): Promise<string> => {
  hop.wish = tls ? { tls } : {};
  hop.messages.length = 0;
  hop.dropAll();
  await delay(0.12 * minuteMilliseconds); // neither a kept connection nor a destination that just failed
  const client = await greetedClient(at.port);
  expect(await client.sendMail({ to: [`b@${domain}`] })).toMatch(/^250 /);
  client.close();
  const open = async () => (await at.queued()).filter(({ removedAt }) => removedAt === null);
  await expect
    .poll(async () => (await open()).every((each) => each.recipients[0]!.attempts > 0), { timeout: 8000 })
    .toBe(true);
  const [waiting] = await open();
  if (!waiting) return hop.messages.at(-1)!.isSecure ? 'by TLS' : 'in clear';
  expect(hop.messages).toHaveLength(0);
  expect(waiting.recipients[0]!.state).toBe('deferred');
  await at.queue({ kind: 'act', action: 'remove', ids: [waiting.id] });
  await at
    .queue({ kind: 'list', limit: 10 })
    .then(({ entries }) => at.queue({ kind: 'act', action: 'remove', ids: entries.map(({ id }) => id) }));
  return waiting.recipients[0]!.lastReply!;
};

describe('DANE, enforced', () => {
  it.each([
    ['a key that DANE names, of an authority that nobody knows', 'good', () => foreign],
    ['one of two keys, as during a change', 'rolled', () => foreign],
    ['a certificate that DANE names, although it has expired', 'expired', () => expired],
    ['an authority that DANE names, for the right name', 'anchor', () => withCa(foreign)],
    ['no usable record: by TLS, whoever answers', 'unusable', () => foreign],
    ['the second server, where the first fails', 'two', () => foreign],
  ])('sends by TLS with %s', async (_, name, certificate) => {
    expect(await send(`${name}.signed.test`, certificate())).toBe('by TLS');
  });

  it.each([
    ['another key', { name: 'wrong', certificate: () => foreign, why: 'no TLSA record matches its certificate' }],
    ['no STARTTLS', { name: 'good', certificate: () => null, why: 'it does not offer STARTTLS' }],
    [
      'no STARTTLS and no usable record',
      { name: 'unusable', certificate: () => null, why: 'it does not offer STARTTLS' },
    ],
    [
      'the right authority and another name',
      { name: 'misnamed', certificate: () => withCa(foreign), why: 'its certificate does not name' },
    ],
    [
      'the right authority missing from its chain',
      { name: 'anchor', certificate: () => foreign, why: 'no TLSA record matches' },
    ],
  ])('keeps mail for a server with %s', async (_, { name, certificate, why }) => {
    const reply = await send(`${name}.signed.test`, certificate());

    expect(reply).toContain(`mx.${name}.signed.test does not meet DANE: ${why}`);
  });

  it('keeps mail where a TLSA record or an MX record does not validate, and says so', async () => {
    expect(await send('bogus.signed.test', foreign)).toMatch(/DNS does not say whether it has TLSA.*SERVFAIL/);
    expect(await send('bogusmx.signed.test', foreign)).toMatch(/DNS did not answer for bogusmx\.signed\.test/);
  });

  it('asks nothing of a server without TLSA record, or with one that nobody signed', async () => {
    expect(await send('none.signed.test', null)).toBe('in clear');
    expect(await send('dane.plain.test', null)).toBe('in clear');
  });

  it('beats MTA-STS: a certificate of the web does not help against a wrong TLSA record', async () => {
    sts.answers.set('mta-sts.both.signed.test', stsPolicy('enforce', ['mx.both.signed.test']));

    expect(await send('both.signed.test', valid)).toContain('mx.both.signed.test does not meet DANE');
    expect(sts.asked).not.toContain('mta-sts.both.signed.test');
  });
});

describe('MTA-STS, enforced', () => {
  const publish = (name: string, mode: string, mx = [`mx.${name}.plain.test`]) =>
    sts.answers.set(`mta-sts.${name}.plain.test`, stsPolicy(mode, mx));

  it('sends by TLS to a server that the policy names and the web trusts, and asks for the policy once', async () => {
    publish('good', 'enforce', ['*.good.plain.test']);

    expect(await send('good.plain.test', valid)).toBe('by TLS');
    expect(await send('good.plain.test', valid)).toBe('by TLS');
    expect(sts.asked.filter((host) => host === 'mta-sts.good.plain.test')).toHaveLength(1);
  });

  it.each([
    [
      'a certificate that nobody knows',
      { name: 'foreign', certificate: () => foreign, why: 'an authority that nobody knows' },
    ],
    ['no STARTTLS', { name: 'clear', certificate: () => null, why: 'it does not offer STARTTLS' }],
  ])('keeps mail for a server with %s', async (_, { name, certificate, why }) => {
    publish(name, 'enforce');

    expect(await send(`${name}.plain.test`, certificate())).toMatch(
      new RegExp(`mx.${name}.plain.test does not meet the MTA-STS policy of ${name}.plain.test: .*${why}`),
    );
  });

  it('keeps mail for a certificate with another name', async () => {
    publish('foreign', 'enforce');
    const other = await ca.sign(['mx.elsewhere.test']);

    expect(await send('foreign.plain.test', other)).toContain('its certificate is for another name');
  });

  it('keeps mail for a server that the policy does not name, and never connects to it', async () => {
    publish('other', 'enforce', ['mx.elsewhere.test']);
    const before = hop.connections;

    expect(await send('other.plain.test', valid)).toContain('the policy does not name it');
    expect(hop.connections).toBe(before);
  });

  it('only reports in testing mode', async () => {
    publish('testing', 'testing');

    expect(await send('testing.plain.test', null)).toBe('in clear');
    const event = await gateway.waitForEvent(
      (each) => each['domain'] === 'testing.plain.test' && each['event'] === 'peer-policy',
    );
    expect(event).toMatchObject({ policy: 'mta-sts', isRefused: false });
  });

  it('goes without a policy where its host cannot be reached, cuts off, redirects or serves HTML', async () => {
    sts.answers.set('mta-sts.lost.plain.test', null);
    sts.answers.set('mta-sts.html.plain.test', (response) =>
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(stsPolicy('enforce', ['mx.html.plain.test'])),
    );
    sts.answers.set('mta-sts.moved.plain.test', (response) =>
      response.writeHead(301, { Location: 'https://mta-sts.good.plain.test/.well-known/mta-sts.txt' }).end(),
    );

    for (const name of ['lost', 'html', 'moved']) expect(await send(`${name}.plain.test`, null)).toBe('in clear');
    await gateway.waitForEvent((event) =>
      String(event['words']).includes('The MTA-STS policy of html.plain.test cannot be fetched'),
    );
  });

  it('keeps to a known policy after a restart, while its host is gone', async () => {
    const own = await startGateway(wish('enforce'));
    publish('kept', 'enforce');
    expect(await send('kept.plain.test', valid, own)).toBe('by TLS');
    await own.stop();
    sts.answers.set('mta-sts.kept.plain.test', null);

    await own.start();

    expect(await send('kept.plain.test', null, own)).toContain('it does not offer STARTTLS');
    await own.close();
  });
});

describe('what the operator sees', () => {
  it('monitor lets everything through, and counts and logs what would have been refused', async () => {
    const own = await startGateway(wish('monitor'));

    expect(await send('wrong.signed.test', foreign, own)).toBe('by TLS');
    expect(await send('good.signed.test', null, own)).toBe('in clear');
    expect(await send('bogus.signed.test', null, own)).toBe('in clear');
    expect(await send('other.plain.test', valid, own)).toBe('in clear');

    expect((await own.status()).peerPolicies).toEqual({ refused: 0, reported: 4 });
    const event = await own.waitForEvent((each) => each['event'] === 'peer-policy');
    expect(event).toMatchObject({ policy: 'dane', domain: 'wrong.signed.test', server: 'mx.wrong.signed.test' });
    await own.close();
  });

  it('off asks for nothing', async () => {
    const own = await startGateway(wish('off'));
    const count = sts.asked.length;

    expect(await send('good.plain.test', null, own).catch(() => 'no DNS')).toMatch(/cannot be resolved|DNS|in clear/);
    expect(sts.asked).toHaveLength(count);
    await own.close();
  });

  it('explain tells the policy in force on the delivery rung', async () => {
    const lastRung = async (recipient: string) => {
      const answer = await gateway.ask({ ask: 'explain', address: '127.0.0.1', recipient });
      return ((answer.ok ? answer.value : null) as Explanation).steps.at(-1)!.words;
    };

    expect(await lastRung('b@good.signed.test')).toMatch(
      /no MTA-STS policy; DANE: mx\.good\.signed\.test has 1 usable TLSA record, which is enforced/,
    );
    expect(await lastRung('b@good.plain.test')).toMatch(
      /MTA-STS policy enforce for \*\.good\.plain\.test until \d{4}-/,
    );
  });

  it('a resolver elsewhere is not trusted, which the status says', async () => {
    const { resolvers, ...rest } = wish('enforce')!;
    const own = await startGateway({
      ...rest,
      resolvers: { ...resolvers, nameserver: { ...zones.nameserver, isTrusted: false } },
    });

    expect(await send('wrong.signed.test', null, own)).toBe('in clear');
    expect((await own.status()).notices.join()).toMatch(
      /^DANE cannot be checked on this gateway: the resolver 127\.0\.0\.1/,
    );
    await own.close();
  });
});
