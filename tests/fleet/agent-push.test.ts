// Pushes over a real sshd with OpenSSH's own client: what the agent promises to whoever speaks its protocol.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { revisionOf } from '../../gateway-agent/certificates/hash.ts';
import { buildApply } from '../support/agent-requests.ts';
import { type AgentSession, openAgentSession } from '../support/agent-session.ts';
import { runAsRoot } from '../support/as-root.ts';
import { findFreePort } from '../support/free-port.ts';
import { readBanner } from '../support/read-banner.ts';
import { askOverSsh, sshCommand } from '../support/ssh-client.ts';
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
    expect(await agent.abandon(request.pushId)).toMatchObject({
      ok: true,
      value: { runningRevision: base },
    });
  });

  it('goes back by itself when no confirmation comes', async () => {
    const port = await findFreePort();
    const request = buildApply({ port, base, confirmWithinSeconds: 1 });
    await agent.ask(request);

    const after = await agent.waitForStatus(request.pushId, ({ pending }) => pending === null);

    expect(after).toMatchObject({ runningRevision: base, currentRevision: base, push: { outcome: 'rolled-back' } });
    expect(await readBanner('127.0.0.1', port)).toBe('ECONNREFUSED');
    expect(await readBanner('127.0.0.1', gateway.smtpPort)).toMatch(/^220 /);
    const revision = revisionOf(request.release.config);
    expect(await agent.ask({ verb: 'confirm', protocol: 1, pushId: request.pushId, revision })).toMatchObject({
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

    const after = await agent.waitForStatus(request.pushId, ({ push }) => push?.outcome === 'pending');

    expect(after.pending).toMatchObject({ pushId: request.pushId, author: 'anna' });
    await agent.abandon(request.pushId);
  });

  it('is undone when the daemon is killed while it waits: the confirmed release serves again', async () => {
    const request = buildApply({ port: await findFreePort(), base });
    await agent.ask(request);
    await gateway.killDaemon();
    expect(await agent.status()).toMatchObject({ daemonAnswers: false, currentRevision: base });

    await gateway.startDaemon();

    const after = await agent.waitForStatus(request.pushId, ({ runningRevision }) => runningRevision === base);
    expect(after.push).toMatchObject({ outcome: 'rolled-back' });
    expect(await readBanner('127.0.0.1', gateway.smtpPort)).toMatch(/^220 /);
  });

  it('meets a daemon that is down with words, and changes nothing', async () => {
    await gateway.killDaemon();

    expect(await agent.ask(buildApply({ port: await findFreePort(), base }))).toMatchObject({
      problem: { code: 'daemon-down' },
    });
    expect(await agent.ask({ verb: 'hello', protocol: 1 })).toMatchObject({
      value: { daemonAnswers: false, currentRevision: base },
    });

    await gateway.startDaemon();
    await agent.waitForStatus(randomUUID(), ({ runningRevision }) => runningRevision === base);
  });

  it('is refused as busy while another one waits, which says whose and goes on', async () => {
    const first = buildApply({ port: await findFreePort(), base });
    await agent.ask(first);
    const second = buildApply({ port: await findFreePort(), base });

    expect(await agent.ask(second)).toMatchObject({ problem: { code: 'busy', other: { author: 'anna' } } });
    expect(await agent.ask(first)).toMatchObject({ problem: { code: 'busy' } });

    expect((await agent.status(first.pushId)).push?.outcome).toBe('pending');
    expect((await agent.status(second.pushId)).push?.outcome).toBe('refused');
    await agent.abandon(first.pushId);
  });

  it('shares the gateway with nobody: of two at once one gets the lease', async () => {
    const requests = await Promise.all([0, 1].map(async () => buildApply({ port: await findFreePort(), base })));

    const answers = await Promise.all(requests.map((request) => agent.ask(request)));

    expect(answers.filter((answer) => z.object({ ok: z.boolean() }).parse(answer).ok)).toHaveLength(1);
    expect(answers).toContainEqual(expect.objectContaining({ problem: expect.objectContaining({ code: 'busy' }) }));
    for (const { pushId } of requests) await agent.abandon(pushId);
  });

  it('made for another revision is a conflict that names the author there', async () => {
    const request = buildApply({ port: await findFreePort(), base: 'e'.repeat(64) });

    expect(await agent.ask(request)).toMatchObject({
      problem: { code: 'conflict', other: { revision: base, author: 'anna' } },
    });
  });

  it('of what already runs is unchanged and makes no release', async () => {
    const before = await runAsRoot('ls', join(gateway.root, 'releases'));

    expect(await agent.ask(buildApply({ port: gateway.smtpPort, base }))).toMatchObject({
      ok: true,
      value: { outcome: 'unchanged', proof: { result: 'proved' } },
    });
    expect(await runAsRoot('ls', join(gateway.root, 'releases'))).toBe(before);
  });

  it('with its confirmation sent twice succeeds twice', async () => {
    const request = buildApply({ port: gateway.smtpPort, base, maxConnections: 7 });
    await agent.ask(request);
    const confirm = {
      verb: 'confirm',
      protocol: 1,
      pushId: request.pushId,
      revision: revisionOf(request.release.config),
    };

    expect(await agent.ask(confirm)).toMatchObject({ ok: true });
    expect(await agent.ask(confirm)).toMatchObject({ ok: true });

    base = confirm.revision;
  });
});

describe('a confirmation', () => {
  it('is noted with its author, whom a later conflict names', async () => {
    const confirmed = await runAsRoot('cat', join(gateway.root, 'confirmed.json'));
    expect(JSON.parse(confirmed)).toMatchObject({ revision: base, author: 'anna' });

    const conflict = await agent.ask(buildApply({ port: gateway.smtpPort, base: null }));

    const { at } = z.object({ at: z.string() }).parse(JSON.parse(confirmed));
    expect(conflict).toMatchObject({ problem: { code: 'conflict', other: { author: 'anna', at } } });
  });
});
