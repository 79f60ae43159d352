// The wrapper around ssh2: host key first, one way to sign in, nothing weak offered.
import { createServer, type Server } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import ssh2, { type AuthContext } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { connectSsh, type SshTarget } from '../../../../electron/ssh/connect.ts';
import { parsePrivateKey, type Credentials } from '../../../../electron/ssh/credentials.ts';
import type { Outcome } from '../../../../gateway-agent/contract/outcome.ts';
import { startSsh2Server, type Ssh2Server, type Ssh2ServerOptions } from '../../../support/ssh2-server.ts';

const password: Credentials = { kind: 'password', password: 'correct horse' };
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function start(options: Ssh2ServerOptions = {}): Promise<Ssh2Server> {
  const server = await startSsh2Server(options);
  stops.push(server.stop);
  return server;
}

function targetOf(server: Ssh2Server, credentials: Credentials): SshTarget {
  const { host, port, hostKey } = server;
  return { name: 'mx1', address: { host, port, user: 'postern-deploy' }, hostKeys: [hostKey], credentials };
}

async function connectAndClose(target: SshTarget): Promise<Outcome<true>> {
  const connection = await connectSsh(target);
  if (!connection.ok) return connection;
  connection.value.close();
  return { ok: true, value: true };
}

const acceptsPassword = (context: AuthContext) => {
  if (context.method === 'password' && context.password === 'correct horse') context.accept();
  else context.reject(['password']);
};

describe('connectSsh: host keys', () => {
  it('stops at a changed host key before anything is tried, and shows both fingerprints', async () => {
    const server = await start({ onSignIn: acceptsPassword });
    const other = await start();

    const outcome = await connectAndClose({ ...targetOf(server, password), hostKeys: [other.hostKey] });

    expect(outcome).toMatchObject({ ok: false, problem: { code: 'host-key-changed' } });
    expect(JSON.stringify(outcome)).toContain(server.hostKey.fingerprint);
    expect(JSON.stringify(outcome)).toContain(other.hostKey.fingerprint);
    expect(server.signIns).toEqual([]);
  });

  it('stops at a host key that nobody has accepted yet', async () => {
    const server = await start();

    const outcome = await connectAndClose({ ...targetOf(server, password), hostKeys: [] });

    expect(outcome).toMatchObject({ ok: false, problem: { code: 'host-key-unknown' } });
    expect(JSON.stringify(outcome)).toContain(server.hostKey.fingerprint);
    expect(server.signIns).toEqual([]);
  });

  it('takes any of several pinned keys', async () => {
    const server = await start({ onSignIn: acceptsPassword });
    const other = await start();
    const target = { ...targetOf(server, password), hostKeys: [other.hostKey, server.hostKey] };

    expect(await connectAndClose(target)).toEqual({ ok: true, value: true });
  });
});

describe('connectSsh: signing in', () => {
  it('tries the password once and never asks with "none" first', async () => {
    const server = await start({ onSignIn: acceptsPassword });

    expect(await connectAndClose(targetOf(server, password))).toEqual({ ok: true, value: true });
    expect(server.signIns).toEqual(['password']);
  });

  it('says that a wrong password was not accepted, without the password, after one try', async () => {
    const server = await start({ onSignIn: acceptsPassword });

    const outcome = await connectAndClose(targetOf(server, { kind: 'password', password: 'battery staple' }));

    expect(outcome).toMatchObject({ ok: false, problem: { code: 'sign-in-failed' } });
    expect(JSON.stringify(outcome)).not.toContain('battery staple');
    expect(server.signIns).toEqual(['password']);
  });

  it('answers a single hidden keyboard-interactive prompt with the password', async () => {
    const answers: string[] = [];
    const server = await start({
      onSignIn: (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
        context.prompt([{ prompt: 'Password: ', echo: false }], (given) => {
          answers.push(...given);
          context.accept();
        });
      },
    });

    expect(await connectAndClose(targetOf(server, password))).toEqual({ ok: true, value: true });
    expect(answers).toEqual(['correct horse']);
  });

  it('gives the password to no prompt that shows what is typed, and to no second question', async () => {
    const answers: string[] = [];
    const server = await start({
      onSignIn: (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
        context.prompt([{ prompt: 'Your name? ', echo: true }], (given) => {
          answers.push(...given);
          context.reject();
        });
      },
    });

    expect(await connectAndClose(targetOf(server, password))).toMatchObject({ problem: { code: 'sign-in-failed' } });
    expect(answers).toEqual([]);
  });

  it('signs in with an encrypted OpenSSH key, and with PKCS#8', async () => {
    const openSsh = ssh2.utils.generateKeyPairSync('ecdsa', {
      bits: 256,
      passphrase: 'pass',
      cipher: 'aes256-ctr',
      rounds: 4,
    });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pass' });
    const server = await start({ onSignIn: (context) => context.method === 'publickey' && context.accept() });

    for (const content of [openSsh.private, pkcs8.toString()]) {
      const credentials = parsePrivateKey(content, 'pass');
      if (!credentials.ok) throw new Error(credentials.problem.message);
      expect(await connectAndClose(targetOf(server, credentials.value))).toEqual({ ok: true, value: true });
    }
    expect(new Set(server.signIns)).toEqual(new Set(['publickey']));
  });
});

describe('connectSsh: what is offered', () => {
  it('offers no group exchange, no SHA-1 and no chacha20', async () => {
    const offered = await readOffer();

    expect(offered).toContain('curve25519-sha256');
    expect(offered).not.toMatch(/group-exchange|diffie-hellman|ssh-rsa|ssh-dss|hmac-sha1|chacha20|cbc|3des|md5/);
  });
});

describe('connectSsh: the network', () => {
  it('says that nothing listens there', async () => {
    const server = await start();
    await server.stop();
    stops.length = 0;

    const outcome = await connectAndClose(targetOf(server, password));

    expect(outcome).toMatchObject({ ok: false, problem: { code: 'unreachable' } });
    expect(JSON.stringify(outcome)).toContain('nothing listens there');
  });

  it('can be cancelled while a silent server is waited for', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    stops.push(() => close(silent));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);

    const target: SshTarget = {
      name: 'mx1',
      address: { host: '127.0.0.1', port, user: 'u' },
      hostKeys: [],
      credentials: password,
    };
    const outcome = await connectSsh(target, { signal: controller.signal });

    expect(outcome).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
  });
});

/** The client's KEXINIT, as text: it is sent in clear before anything else. */
async function readOffer(): Promise<string> {
  let heard = '';
  const server = createServer((socket) => {
    socket.write('SSH-2.0-listening\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      if (heard.includes('curve25519')) setTimeout(() => socket.destroy(), 50);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await connectSsh({ name: 'x', address: { host: '127.0.0.1', port, user: 'u' }, hostKeys: [], credentials: password });
  await close(server);
  return heard;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
