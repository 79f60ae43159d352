import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { SelfProbe } from '../../../../gateway-agent/daemon/probe-listener.ts';
import { findFreePort } from '../../../support/free-port.ts';
import { createCa } from '../../../support/smtp-certificates.ts';
import { startNextHop, type NextHopWish } from '../../../support/smtp-next-hop.ts';

type Failure = { wish: NextHopWish; problem: string; fingerprint?: string };

describe('SelfProbe', () => {
  const at = (port: number) => [{ address: '127.0.0.1', port }];

  it('proves a listener in clear', async () => {
    const server = await startNextHop();

    const proof = await new SelfProbe().prove(at(server.port), { fingerprint: null });

    expect(proof).toMatchObject({ result: 'proved', listeners: [{ banner: '220 hop.test ESMTP', result: 'proved' }] });
    await server.close();
  });

  it('proves the certificate that should be served, and fails on another one', async () => {
    const ca = await createCa();
    const tls = await ca.sign(['hop.test']);
    const server = await startNextHop({ tls });
    const probe = new SelfProbe();

    const other = await probe.prove(at(server.port), { fingerprint: 'AA:BB' });
    const fingerprint = other.listeners[0]?.fingerprint ?? '';
    const right = await probe.prove(at(server.port), { fingerprint });

    expect(other).toMatchObject({ result: 'failed', reason: expect.stringContaining('another certificate') as string });
    expect(right).toMatchObject({ result: 'proved', listeners: [{ tlsVersion: 'TLSv1.3', fingerprint }] });
    await server.close();
    await ca.close();
  });

  it.each([
    ['a refusal as greeting', { wish: { reactions: { greeting: '554 no' } }, problem: 'greeted with 554 no' }],
    ['garbage as greeting', { wish: { reactions: { greeting: 'hello' } }, problem: 'no banner' }],
    ['no STARTTLS where it should be', { fingerprint: 'AA:BB', wish: {}, problem: 'STARTTLS is not offered' }],
    ['STARTTLS where it should not be', { wish: { extensions: ['STARTTLS'] }, problem: 'should not be' }],
    ['EHLO refused', { wish: { reactions: { EHLO: '502 no' } }, problem: 'EHLO was not answered' }],
  ])('fails on %s', async (_, { wish, problem, fingerprint }: Failure) => {
    const server = await startNextHop(wish);

    const proof = await new SelfProbe().prove(at(server.port), { fingerprint: fingerprint ?? null });

    expect(proof.result).toBe('failed');
    expect(proof.reason).toContain(problem);
    await server.close();
  });

  it('fails where nothing listens, and says it cannot prove nothing', async () => {
    const probe = new SelfProbe();

    expect(await probe.prove(at(await findFreePort()), { fingerprint: null })).toMatchObject({ result: 'failed' });
    expect(await probe.prove([], { fingerprint: null })).toMatchObject({ result: 'not-possible' });
  });

  it('is known by its local end while it runs, and no longer', async () => {
    const probe = new SelfProbe();
    const seen: boolean[] = [];
    let peer: [string, number] = ['', 0];
    const server = createServer((socket) => {
      peer = [socket.remoteAddress ?? '', socket.remotePort ?? 0];
      seen.push(probe.isOwn(...peer), probe.isOwn(peer[0], 1));
      socket.end('554 go away\r\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();

    await probe.prove(at(typeof address === 'object' && address ? address.port : 0), { fingerprint: null });

    expect(seen).toEqual([true, false]);
    expect(probe.isOwn(...peer)).toBe(false);
    server.close();
  });
});
