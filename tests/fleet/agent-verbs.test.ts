// Refusals, rollback, files by hash and check over a real sshd: what the agent says, records and leaves as it was.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApply } from '../support/agent-requests.ts';
import { type AgentSession, openAgentSession } from '../support/agent-session.ts';
import { runAsRoot } from '../support/as-root.ts';
import { findFreePort } from '../support/free-port.ts';
import { makePemPair } from '../support/pem-files.ts';
import { readBanner } from '../support/read-banner.ts';
import { askOverSsh } from '../support/ssh-client.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';

let gateway: SshdGateway;
let agent: AgentSession;
/** What is confirmed when a test begins: a plain listener on the gateway's port. */
let base: string;

beforeAll(async () => {
  gateway = await startSshdGateway({ author: 'anna' });
  agent = openAgentSession(gateway);
  base = await agent.pushWhole({ port: gateway.smtpPort });
});
afterAll(() => gateway.stop());

describe('a refused push', () => {
  const cases = {
    'a list with a line that is no entry': {
      code: 'list-rejected',
      build: (port: number) => buildApply({ port, base, files: { denyList: '192.0.2.1\n192.0.2.0:255.0.255.0\n' } }),
      words: 'lists/deny.txt, line 2',
    },
    'TLS without a certificate': {
      code: 'config-rejected',
      build: (port: number) => buildApply({ port, base, offersStartTls: true }),
      words: 'connections.tls',
    },
    'a file that nobody has': {
      code: 'files-missing',
      build: (port: number) => buildApply({ port, base, files: { denyList: '198.51.100.7\n' }, sends: false }),
      words: 'lists/deny.txt',
    },
  };

  it.each(Object.entries(cases))(
    'names %s, keeps the old listener and is recorded',
    async (_, { code, build, words }) => {
      const request = build(await findFreePort());

      const lines = await askOverSsh(gateway, request);

      const answer = lines.at(-1);

      expect(lines).toHaveLength(2);
      expect(lines[0]).toEqual({ step: 'check', state: 'running' });
      expect(answer).toMatchObject({ ok: false, problem: { code } });
      expect(JSON.stringify(answer)).toContain(words);
      expect((await agent.status(request.pushId)).push).toMatchObject({ outcome: 'refused', author: 'anna' });
      expect(await agent.events()).toContain(request.pushId);
      expect(await readBanner('127.0.0.1', gateway.smtpPort)).toMatch(/^220 /);
    },
  );

  it('names the port that another program holds', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as { port: number };

    const answer = await agent.ask(buildApply({ port, base }));

    holder.close();
    expect(answer).toMatchObject({ problem: { code: 'port-taken', message: expect.stringContaining(String(port)) } });
  });

  it('quotes no private key, neither in its answer nor in the event log', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-pem-'));
    const [pair, other] = [await makePemPair(folder, 'x'), await makePemPair(folder, 'x')];
    await rm(folder, { recursive: true });
    const files = { privateKey: other.key, certificate: pair.certificate };

    const answer = await agent.ask(buildApply({ port: await findFreePort(), base, offersStartTls: true, files }));

    expect(answer).toMatchObject({ problem: { code: 'certificate-rejected' } });
    const secret = other.key.split('\n')[1] ?? '';
    expect(secret.length).toBeGreaterThan(40);
    expect(JSON.stringify(answer) + (await agent.events()) + gateway.daemonLog()).not.toContain(secret);
  });
});

describe('rollback', () => {
  it('serves a kept release again, which needs its confirmation too', async () => {
    const [older, pushId] = [base, randomUUID()];
    const newer = await agent.pushWhole({ port: gateway.smtpPort, base: older, maxConnections: 9 });
    const request = { verb: 'rollback', protocol: 1, pushId, toRevision: older, baseRevision: newer };

    expect(await agent.ask(request)).toMatchObject({ ok: true, value: { outcome: 'pending', revision: older } });
    expect(await agent.ask({ verb: 'confirm', protocol: 1, pushId, revision: older })).toMatchObject({ ok: true });

    const listed = await agent.ask({ verb: 'releases', protocol: 1 });
    expect(listed).toMatchObject({
      value: { releases: expect.arrayContaining([expect.objectContaining({ revision: newer })]) },
    });
    expect((await agent.status()).currentRevision).toBe(older);
  });

  it('to what is not kept is refused', async () => {
    const request = {
      verb: 'rollback',
      protocol: 1,
      pushId: randomUUID(),
      toRevision: 'f'.repeat(64),
      baseRevision: base,
    };

    expect(await agent.ask(request)).toMatchObject({ problem: { code: 'no-such-release' } });
  });
});

describe('files by hash', () => {
  it('need not be sent again while a kept release holds them, and the key stays readable for the daemon alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-pem-'));
    const pair = await makePemPair(folder, 'x');
    await rm(folder, { recursive: true });
    const files = { privateKey: pair.key, certificate: pair.certificate };
    const first = await agent.pushWhole({ port: gateway.smtpPort, base, files, offersStartTls: true });

    base = await agent.pushWhole({
      port: gateway.smtpPort,
      base: first,
      files,
      offersStartTls: true,
      sends: false,
      maxConnections: 3,
    });

    const key = join(gateway.root, 'releases', base, 'tls/server.key');
    expect((await runAsRoot('stat', '-c', '%a %U:%G', key)).trim()).toBe('640 postern-deploy:postern');
  });
});

describe('check', () => {
  it('judges and tells the difference, and changes nothing', async () => {
    const { release } = buildApply({
      port: gateway.smtpPort,
      maxConnections: 50,
      files: { denyList: 'mx.example.net\n' },
    });
    const before = await runAsRoot('find', gateway.root, '-path', '*/events', '-prune', '-o', '-printf', '%p %T@\n');

    const answer = await agent.ask({ verb: 'check', protocol: 1, release });

    expect(answer).toMatchObject({ ok: true, value: { accepted: false, unchanged: false, currentRevision: base } });
    expect(answer).toMatchObject({
      value: {
        findings: expect.arrayContaining([expect.objectContaining({ code: 'list-rejected' })]),
        difference: expect.arrayContaining([
          expect.objectContaining({ field: 'connections.interface.maxConnections' }),
        ]),
      },
    });
    expect(await runAsRoot('find', gateway.root, '-path', '*/events', '-prune', '-o', '-printf', '%p %T@\n')).toBe(
      before,
    );
  });
});

describe('a newer desktop', () => {
  it('is told that this agent is too old', async () => {
    expect(await agent.ask({ verb: 'hello', protocol: 2 })).toMatchObject({ problem: { code: 'agent-too-old' } });
  });
});
