// The ways to a git remote: https with a token, ssh through the git program, and what is told where one leads nowhere.
import { once } from 'node:events';
import { chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { runAsRoot } from '../support/as-root.ts';
import { startGitServer } from '../support/git-server.ts';
import { edit, expectInOrder, git, makeBare, openCopy, read, synced, type Copy } from '../support/shared-fleets.ts';
import { createCa } from '../support/smtp-certificates.ts';
import { startSshdHop } from '../support/sshd-hop.ts';
import { sampleRecord, valueOf } from '../support/temporary-fleet.ts';

let root: string;
let bare: string;
let ada: Copy;

/** Ada's fleet with mx1 lies on the remote. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-remote-'));
  bare = await makeBare(join(root, 'fleet.git'));
  ada = await openCopy(root, 'ada');
  valueOf(await ada.folder.add('mx1', sampleRecord()));
  valueOf(await ada.remote.set({ url: bare, token: null }));
  await synced(ada);
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('the way to the remote', () => {
  it('by https signs in with a token that lies in the vault alone', async () => {
    const ca = await createCa();
    const { certificate, privateKey } = await ca.sign(['localhost']);
    const token = 'token-that-nobody-sees';
    const server = await startGitServer({ folder: root, token, tls: { key: privateKey, cert: certificate } });
    onTestFinished(() => server.close());
    await writeFile(join(root, 'ca.pem'), ca.certificate);
    await ca.close();
    const [url, carl] = [`${server.url}/fleet.git`, await openCopy(root, 'carl')];
    for (const copy of [ada, carl]) {
      valueOf(await copy.remote.set({ url, token: null }));
      await copy.git('config', 'http.sslCAInfo', join(root, 'ca.pem'));
    }
    await edit(ada, 'mx1', { port: 2525 });

    const nobody = await ada.remote.sync();
    valueOf(await ada.remote.set({ url, token: 'wrong' }));
    const stranger = await ada.remote.sync();
    for (const { remote } of [ada, carl]) valueOf(await remote.set({ url, token }));
    const sent = await synced(ada);
    await synced(carl);
    await edit(carl, 'mx1', { maxConnections: 5 });
    await synced(carl);
    await synced(ada);

    expect(nobody).toMatchObject({ ok: false, problem: { code: 'secret-needed' } });
    expect(stranger).toMatchObject({ ok: false, problem: { code: 'sign-in-failed' } });
    expect(sent).toEqual({ pulled: 0, pushed: 1 });
    expect(await read(ada, 'mx1')).toMatchObject({ port: 2525, maxConnections: 5 });
    expect(valueOf(await ada.remote.state())).toMatchObject({ hasToken: true, ahead: 0, behind: 0 });
    const written = await git(root, 'grep', '--no-index', '-l', token).catch(() => '');
    expect(written).toBe('');
    await expectInOrder(ada, carl);
  });

  it('by ssh goes through the git program and its own settings', async () => {
    const hop = await startSshdHop();
    onTestFinished(() => hop.stop());
    await cp(bare, join(hop.folder, 'fleet.git'), { recursive: true });
    await chmod(hop.folder, 0o755);
    await runAsRoot('chown', '-R', hop.user, join(hop.folder, 'fleet.git'));
    await writeFile(join(root, 'known_hosts'), `[127.0.0.1]:${hop.port} ${hop.hostKey.type} ${hop.hostKey.key}\n`);
    const url = `ssh://${hop.user}@127.0.0.1:${hop.port}${hop.folder}/fleet.git`;
    valueOf(await ada.remote.set({ url, token: null }));
    await edit(ada, 'mx1', { port: 2525 });

    const stranger = await ada.remote.sync();
    const ssh = `ssh -F /dev/null -i ${hop.clientKeyFile} -o IdentitiesOnly=yes -o UserKnownHostsFile=${root}/known_hosts`;
    await ada.git('config', 'core.sshCommand', ssh);
    const sent = await synced(ada);

    expect(stranger).toMatchObject({ ok: false, problem: { code: 'host-key-unknown' } });
    expect(sent.pushed).toBe(1);
    expect(hop.acceptedSignIns()).toBeGreaterThan(1);
  });

  it('that is silent ends by a deadline, and can be stopped before', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const [carl, dora] = [await openCopy(root, 'carl', 400), await openCopy(root, 'dora')];
    for (const { remote } of [carl, dora]) {
      valueOf(await remote.set({ url: `https://localhost:${port}/fleet.git`, token: null }));
    }
    const ssh = await openCopy(root, 'ssh', 400);
    valueOf(await ssh.remote.set({ url: `ssh://x@127.0.0.1:${port}/fleet.git`, token: null }));

    const ended = [await carl.remote.sync(), await ssh.remote.sync()];
    const stopped = await dora.remote.sync({ signal: AbortSignal.timeout(100) });

    expect(ended).toMatchObject([{ problem: { code: 'unreachable' } }, { problem: { code: 'unreachable' } }]);
    expect(stopped).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
  });

  it('says what is missing where there is no git program', async () => {
    vi.stubEnv('PATH', root);
    onTestFinished(() => void vi.unstubAllEnvs());

    const refused = await ada.remote.sync();

    expect(refused).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    expect(refused.ok ? '' : refused.problem.hint).toContain('Install git');
  });

  it('is refused where it holds a password, is not encrypted, or runs a program', async () => {
    const urls = [
      'https://ada:secret@example.test/x.git',
      'http://example.test/x.git',
      'ext::sh -c id',
      '--upload-pack=id',
    ];

    for (const url of urls) {
      const refused = await ada.remote.set({ url, token: null });
      expect(refused).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
      expect(JSON.stringify(refused)).not.toContain('secret');
    }
  });
});
