// Pushes over a real sshd with OpenSSH's own client: what the agent promises to whoever speaks its protocol.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { revisionOf } from '../../gateway-agent/certificates/hash.ts';
import { type Replies, replies } from '../../gateway-agent/contract/replies.ts';
import { type ApplyOptions, buildApply } from '../support/agent-requests.ts';
import { runAsRoot } from '../support/as-root.ts';
import { findFreePort } from '../support/free-port.ts';
import { makePemPair } from '../support/pem-files.ts';
import { readBanner } from '../support/read-banner.ts';
import { askOverSsh, sshCommand } from '../support/ssh-client.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';

let gateway: SshdGateway;
/** What is confirmed when a test begins: a plain listener on the gateway's port. */
let base: string;

beforeAll(async () => {
  gateway = await startSshdGateway({ author: 'anna' });
  base = await pushWhole({ port: gateway.smtpPort });
});
afterAll(() => gateway.stop());

beforeEach(async () => {
  const { push: _, pending, runningRevision } = await status();
  expect({ pending, runningRevision }).toEqual({ pending: null, runningRevision: base });
});

async function ask(request: object): Promise<unknown> {
  return (await askOverSsh(gateway, request)).at(-1);
}

async function status(pushId?: string): Promise<Replies['status']> {
  const answer = await ask({ verb: 'status', protocol: 1, ...(pushId === undefined ? {} : { pushId }) });
  return replies.status.parse((answer as { value: unknown }).value);
}

/** Applies and confirms; gives the revision. */
async function pushWhole(options: ApplyOptions): Promise<string> {
  const request = buildApply(options);
  const revision = revisionOf(request.release.config);
  expect(await ask(request)).toMatchObject({ ok: true, value: { outcome: 'pending', revision } });
  expect(await ask({ verb: 'confirm', protocol: 1, pushId: request.pushId, revision })).toMatchObject({ ok: true });
  return revision;
}

async function waitForStatus(
  isTrue: (status: Replies['status']) => boolean,
  pushId: string,
): Promise<Replies['status']> {
  for (let attempt = 0; attempt < 30; attempt += 1) {
    const now = await status(pushId);
    if (isTrue(now)) return now;
    await delay(200);
  }
  throw new Error('The status did not change in time.');
}

async function events(): Promise<string> {
  return runAsRoot('sh', '-c', `cat ${join(gateway.root, 'events')}/*.jsonl`);
}

describe('a push', () => {
  it('reports its steps, proves the new listener and says what the caller would meet', async () => {
    const port = await findFreePort();
    const request = buildApply({ port, base, files: { denyList: '127.0.0.1 # the caller\n' } });

    const lines = await askOverSsh(gateway, request);

    expect(
      lines.filter((line) => 'step' in line && line.state === 'done').map((line) => 'step' in line && line.step),
    ).toEqual(['check', 'store', 'switch', 'proof']);
    expect(lines.at(-1)).toMatchObject({
      ok: true,
      value: {
        outcome: 'pending',
        proof: { result: 'proved' },
        explainsCaller: { address: '127.0.0.1', verdict: 'refuse' },
      },
    });
    expect(await readBanner('127.0.0.1', port)).toMatch(/^554 5\.7\.1/);
    expect(await ask({ verb: 'abandon', protocol: 1, pushId: request.pushId })).toMatchObject({
      ok: true,
      value: { runningRevision: base },
    });
  });

  it('goes back by itself when no confirmation comes', async () => {
    const port = await findFreePort();
    const request = buildApply({ port, base, confirmWithinSeconds: 1 });
    await ask(request);

    const after = await waitForStatus(({ pending }) => pending === null, request.pushId);

    expect(after).toMatchObject({ runningRevision: base, currentRevision: base, push: { outcome: 'rolled-back' } });
    expect(await readBanner('127.0.0.1', port)).toBe('ECONNREFUSED');
    expect(await readBanner('127.0.0.1', gateway.smtpPort)).toMatch(/^220 /);
    const revision = revisionOf(request.release.config);
    expect(await ask({ verb: 'confirm', protocol: 1, pushId: request.pushId, revision })).toMatchObject({
      ok: false,
      problem: { code: 'not-pending' },
    });
  });

  it('finishes although the connection breaks, and can be confirmed when asked for', async () => {
    const request = buildApply({ port: await findFreePort(), base });
    const [file = '', ...args] = sshCommand(gateway, gateway.host, 'gateway-agent rpc');
    const client = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    client.stdin.end(JSON.stringify(request));
    await new Promise((resolve) => client.stdout.once('data', resolve)); // the first step is under way
    client.kill('SIGKILL');

    const after = await waitForStatus(({ push }) => push?.outcome === 'pending', request.pushId);

    expect(after.pending).toMatchObject({ pushId: request.pushId, author: 'anna' });
    await ask({ verb: 'abandon', protocol: 1, pushId: request.pushId });
  });

  it('is undone when the daemon is killed while it waits: the confirmed release serves again', async () => {
    const request = buildApply({ port: await findFreePort(), base });
    await ask(request);
    await gateway.killDaemon();
    expect(await status()).toMatchObject({ daemonAnswers: false, currentRevision: base });

    await gateway.startDaemon();

    const after = await waitForStatus(({ runningRevision }) => runningRevision === base, request.pushId);
    expect(after.push).toMatchObject({ outcome: 'rolled-back' });
    expect(await readBanner('127.0.0.1', gateway.smtpPort)).toMatch(/^220 /);
  });

  it('meets a daemon that is down with words, and changes nothing', async () => {
    await gateway.killDaemon();

    expect(await ask(buildApply({ port: await findFreePort(), base }))).toMatchObject({
      problem: { code: 'daemon-down' },
    });
    expect(await ask({ verb: 'hello', protocol: 1 })).toMatchObject({
      value: { daemonAnswers: false, currentRevision: base },
    });

    await gateway.startDaemon();
    await waitForStatus(({ runningRevision }) => runningRevision === base, randomUUID());
  });

  it('is refused as busy while another one waits, which says whose and goes on', async () => {
    const first = buildApply({ port: await findFreePort(), base });
    await ask(first);
    const second = buildApply({ port: await findFreePort(), base });

    expect(await ask(second)).toMatchObject({ problem: { code: 'busy', other: { author: 'anna' } } });
    expect(await ask(first)).toMatchObject({ problem: { code: 'busy' } });

    expect((await status(first.pushId)).push?.outcome).toBe('pending');
    expect((await status(second.pushId)).push?.outcome).toBe('refused');
    await ask({ verb: 'abandon', protocol: 1, pushId: first.pushId });
  });

  it('shares the gateway with nobody: of two at once one gets the lease', async () => {
    const requests = await Promise.all([0, 1].map(async () => buildApply({ port: await findFreePort(), base })));

    const answers = await Promise.all(requests.map(ask));

    expect(answers.map((answer) => (answer as { ok: boolean }).ok).toSorted()).toEqual([false, true]);
    expect(answers).toContainEqual(expect.objectContaining({ problem: expect.objectContaining({ code: 'busy' }) }));
    for (const { pushId } of requests) await ask({ verb: 'abandon', protocol: 1, pushId });
  });

  it('made for another revision is a conflict that names the author there', async () => {
    const request = buildApply({ port: await findFreePort(), base: 'e'.repeat(64) });

    expect(await ask(request)).toMatchObject({
      problem: { code: 'conflict', other: { revision: base, author: 'anna' } },
    });
  });

  it('of what already runs is unchanged and makes no release', async () => {
    const before = await runAsRoot('ls', join(gateway.root, 'releases'));

    expect(await ask(buildApply({ port: gateway.smtpPort, base }))).toMatchObject({
      ok: true,
      value: { outcome: 'unchanged', proof: { result: 'proved' } },
    });
    expect(await runAsRoot('ls', join(gateway.root, 'releases'))).toBe(before);
  });

  it('with its confirmation sent twice succeeds twice', async () => {
    const request = buildApply({ port: gateway.smtpPort, base, maxConnections: 7 });
    await ask(request);
    const confirm = {
      verb: 'confirm',
      protocol: 1,
      pushId: request.pushId,
      revision: revisionOf(request.release.config),
    };

    expect(await ask(confirm)).toMatchObject({ ok: true });
    expect(await ask(confirm)).toMatchObject({ ok: true });

    base = confirm.revision;
  });
});

describe('a refused push', () => {
  it.each([
    [
      'a list with a line that is no entry',
      'list-rejected',
      (port: number) => buildApply({ port, base, files: { denyList: '192.0.2.1\n192.0.2.0:255.0.255.0\n' } }),
      'lists/deny.txt, line 2',
    ],
    [
      'TLS without a certificate',
      'config-rejected',
      (port: number) => buildApply({ port, base, offersStartTls: true }),
      '',
    ],
    [
      'a file that nobody has',
      'files-missing',
      (port: number) => buildApply({ port, base, files: { denyList: '198.51.100.7\n' }, sends: false }),
      'lists/deny.txt',
    ],
  ])('names %s, keeps the old listener and is recorded', async (_, code, build, words) => {
    const request = build(await findFreePort());

    const answer = await ask(request);

    expect(answer).toMatchObject({ ok: false, problem: { code } });
    expect(JSON.stringify(answer)).toContain(words);
    expect((await status(request.pushId)).push).toMatchObject({ outcome: 'refused', author: 'anna' });
    expect(await events()).toContain(request.pushId);
    expect(await readBanner('127.0.0.1', gateway.smtpPort)).toMatch(/^220 /);
  });

  it('names the port that another program holds', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as { port: number };

    const answer = await ask(buildApply({ port, base }));

    holder.close();
    expect(answer).toMatchObject({ problem: { code: 'port-taken', message: expect.stringContaining(String(port)) } });
  });

  it('quotes no private key, neither in its answer nor in the event log', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-pem-'));
    const [pair, other] = [await makePemPair(folder, 'x'), await makePemPair(folder, 'x')];
    await rm(folder, { recursive: true });
    const files = { privateKey: other.key, certificate: pair.certificate };

    const answer = await ask(buildApply({ port: await findFreePort(), base, offersStartTls: true, files }));

    expect(answer).toMatchObject({ problem: { code: 'certificate-rejected' } });
    const secret = other.key.split('\n')[1] ?? '';
    expect(secret.length).toBeGreaterThan(40);
    expect(JSON.stringify(answer) + (await events()) + gateway.daemonLog()).not.toContain(secret);
  });
});

describe('rollback', () => {
  it('serves a kept release again, which needs its confirmation too', async () => {
    const [older, pushId] = [base, randomUUID()];
    const newer = await pushWhole({ port: gateway.smtpPort, base: older, maxConnections: 9 });
    const request = { verb: 'rollback', protocol: 1, pushId, toRevision: older, baseRevision: newer };

    expect(await ask(request)).toMatchObject({ ok: true, value: { outcome: 'pending', revision: older } });
    expect(await ask({ verb: 'confirm', protocol: 1, pushId, revision: older })).toMatchObject({ ok: true });

    const listed = await ask({ verb: 'releases', protocol: 1 });
    expect(listed).toMatchObject({
      value: { releases: expect.arrayContaining([expect.objectContaining({ revision: newer })]) },
    });
    expect((await status()).currentRevision).toBe(older);
  });

  it('to what is not kept is refused', async () => {
    const request = {
      verb: 'rollback',
      protocol: 1,
      pushId: randomUUID(),
      toRevision: 'f'.repeat(64),
      baseRevision: base,
    };

    expect(await ask(request)).toMatchObject({ problem: { code: 'no-such-release' } });
  });
});

describe('files by hash', () => {
  it('need not be sent again while a kept release holds them, and the key stays readable for the daemon alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-pem-'));
    const pair = await makePemPair(folder, 'x');
    await rm(folder, { recursive: true });
    const files = { privateKey: pair.key, certificate: pair.certificate };
    const first = await pushWhole({ port: gateway.smtpPort, base, files, offersStartTls: true });

    base = await pushWhole({
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

    const answer = await ask({ verb: 'check', protocol: 1, release });

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
    expect(await ask({ verb: 'hello', protocol: 2 })).toMatchObject({ problem: { code: 'agent-too-old' } });
  });
});
