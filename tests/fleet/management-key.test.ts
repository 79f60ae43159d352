// What the management key can do on a gateway: run the agent's rpc, and nothing else.
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAsRoot } from '../support/as-root.ts';
import { askOverSsh, readLines, runWithInput, sshCommand } from '../support/ssh-client.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';

/** SSH_FXP_INIT of version 3: an SFTP server would answer with its version. */
const sftpGreeting = Buffer.from([0, 0, 0, 5, 1, 0, 0, 0, 3]);

const hello = { verb: 'hello', protocol: 1 } as const;

let gateway: SshdGateway;

beforeAll(async () => {
  gateway = await startSshdGateway({ author: 'anna' });
});
afterAll(() => gateway.stop());

describe('the restricted management key', () => {
  it('runs the agent, which knows the author and where the caller comes from', async () => {
    const lines = await askOverSsh(gateway, hello);

    expect(lines.at(-1)).toMatchObject({ ok: true, value: { author: 'anna', clientAddress: '127.0.0.1' } });
  });

  it('gets the agent instead of a shell', async () => {
    const ran = await runWithInput(sshCommand(gateway, gateway.host), 'id\n');

    expect(readLines(ran).at(-1)).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
    expect(ran.stdout).not.toContain('uid=');
  });

  it.each([
    ['another program', 'id'],
    ['a chain of commands', 'gateway-agent rpc; id'],
    ['a substitution', 'gateway-agent rpc $(id >&2)'],
    ['a pipe', 'gateway-agent rpc | id'],
    ['a line break', 'gateway-agent rpc\nid'],
    ['another root folder', 'gateway-agent rpc --root /tmp --as root'],
    ['the daemon', 'gateway-agent daemon'],
  ])('ignores a command line that asks for %s', async (_, commandLine) => {
    const ran = await runWithInput(sshCommand(gateway, gateway.host, commandLine), JSON.stringify(hello));

    expect(readLines(ran).at(-1)).toMatchObject({ ok: true, value: { author: 'anna' } });
    expect(ran.stdout + ran.stderr).not.toContain('uid=');
  });

  it('gets no terminal', async () => {
    const ran = await runWithInput(sshCommand(gateway, '-tt', gateway.host), JSON.stringify(hello));

    expect(ran.stderr).toContain('PTY allocation request failed');
  });

  it('forwards no port to another server', async () => {
    const ran = await runWithInput(sshCommand(gateway, '-W', `127.0.0.1:${gateway.port}`, gateway.host));

    expect(ran.status).not.toBe(0);
    expect(ran.stderr).toContain('administratively prohibited');
  });

  it('opens no listening port on the gateway', async () => {
    const forward = ['-o', 'ExitOnForwardFailure=yes', '-R', '0:127.0.0.1:9'];
    const ran = await runWithInput(sshCommand(gateway, ...forward, gateway.host), JSON.stringify(hello));

    expect(ran.status).not.toBe(0);
    expect(ran.stderr).toContain('remote port forwarding failed');
  });

  it('forwards no agent', async () => {
    const agentSocket = join(gateway.folder, 'agent.sock');
    const agent = createServer((socket) => socket.destroy()).listen(agentSocket);
    const command = ['env', `SSH_AUTH_SOCK=${agentSocket}`, ...sshCommand(gateway, '-A', gateway.host, 'x')];
    await runWithInput(command, JSON.stringify(hello)).finally(() => agent.close());

    expect(gateway.sshdLog()).toContain('session_auth_agent_req: agent forwarding disabled');
  });

  it('gets no SFTP: the agent answers in its place', async () => {
    const ran = await runWithInput(sshCommand(gateway, '-s', gateway.host, 'sftp'), sftpGreeting);

    expect(readLines(ran).at(-1)).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  });

  it('hands no variable to the agent that the agent heeds', async () => {
    const environment = ['-o', 'SetEnv=POSTERN_ROOT=/tmp NODE_OPTIONS=--version'];
    const ran = await runWithInput(sshCommand(gateway, ...environment, gateway.host), JSON.stringify(hello));

    expect(readLines(ran).at(-1)).toMatchObject({ ok: true, value: { author: 'anna' } });
  });

  it('is the only way in: a password is refused', async () => {
    const password = ['-o', 'PubkeyAuthentication=no', '-o', 'PreferredAuthentications=password'];
    const ran = await runWithInput(sshCommand(gateway, ...password, gateway.host), JSON.stringify(hello));

    expect(ran.status).toBe(255);
    expect(ran.stderr).toContain('Permission denied');
  });
});

describe('the two users', () => {
  const asUser = (user: string, ...command: string[]): Promise<string> =>
    runAsRoot('setpriv', `--reuid=${user}`, '--regid=postern', '--clear-groups', ...command);

  it.each([
    ['a release', 'releases/x'],
    ['`current`', 'current'],
    ['`pending.json`', 'pending.json'],
  ])('let the daemon’s user write no %s', async (_, path) => {
    const writing = asUser('postern', 'sh', '-c', `: > ${join(gateway.root, path)}`);

    await expect(writing).rejects.toThrow('Permission denied');
  });

  it('run the daemon without rights of root', async () => {
    const status = await readFile(`/proc/${gateway.daemonPid()}/status`, 'utf8');
    const owner = await stat(`/proc/${gateway.daemonPid()}`);

    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(status).toMatch(/^CapEff:\s+0+$/m);
    expect(owner.uid).not.toBe(0);
  });

  it('keep the root folder from everybody else', async () => {
    const reading = runAsRoot('setpriv', '--reuid=nobody', '--clear-groups', '--regid=nogroup', 'ls', gateway.root);

    await expect(reading).rejects.toThrow('Permission denied');
  });
});
