// Two real OpenSSH servers in front of a real gateway.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../electron/fleet/engine.ts';
import { releasesOf } from '../../electron/fleet/ready-release.ts';
import { GatewayRecord, JumpHost } from '../../gateway-agent/contract/fleet.ts';
import { makeSshdFleet, type SshdFleet } from '../support/fleet-of-sshd.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';
import { startSshdHop, type SshdHop } from '../support/sshd-hop.ts';
import { valueOf } from '../support/temporary-fleet.ts';

let outer: SshdHop;
let inner: SshdHop;
let gateway: SshdGateway;
let fleet: SshdFleet;

beforeAll(async () => {
  [outer, inner, gateway] = await Promise.all([startSshdHop(), startSshdHop(), startSshdGateway()]);
  fleet = await makeSshdFleet();
  await saveJump('outer', outer);
  await saveJump('inner', inner);
});

afterAll(async () => {
  await fleet.close();
  await Promise.all([outer.stop(), inner.stop(), gateway.stop()]);
});

async function saveJump(name: string, hop: SshdHop, over: Partial<JumpHost> = {}): Promise<void> {
  const { host, port, user, hostKey, clientKeyFile } = hop;
  const record = { host, port, user, hostKeys: [hostKey], signIn: { kind: 'key', file: clientKeyFile }, ...over };
  valueOf(await fleet.folder.saveJumpHost(name, JumpHost.parse(record)));
}

async function addBehind(name: string, jumps: string[], over: object = {}): Promise<void> {
  const { host, port, user, clientKeyFile, hostKey } = gateway;
  const ssh = { host, port, user, signIn: { kind: 'key', file: clientKeyFile }, jumps, ...over };
  valueOf(await fleet.folder.add(name, GatewayRecord.parse({ ssh, hostKeys: [hostKey] })));
}

describe('a gateway behind two jump hosts', () => {
  it('is pushed to, proved through the last of them, and shares their connections with its neighbours', async () => {
    await addBehind('mx1', ['outer', 'inner']);
    await addBehind('mx2', ['outer', 'inner']);
    await fleet.edit('mx1', { port: gateway.smtpPort });

    const [pushed] = await fleet.engine.push(['mx1']);
    const hellos = await Promise.all(['mx1', 'mx2'].map((name) => fleet.engine.hello(name)));

    expect(pushed?.result).toMatchObject({ kind: 'applied', proofs: { desktop: { result: 'proved' } } });
    expect(hellos.map(({ ok }) => ok)).toEqual([true, true]);
    expect([outer.acceptedSignIns(), inner.acceptedSignIns()]).toEqual([1, 1]);
  });

  it('is not reached over a second hop with another key, and no secret leaves', async () => {
    valueOf(await fleet.vault.storeSecret('jump-host:changed', 'password', 'never to be sent'));
    await saveJump('changed', inner, { hostKeys: [outer.hostKey], signIn: { kind: 'password' } });
    await addBehind('mx3', ['outer', 'changed']);
    const signInsBefore = inner.log().match(/userauth-request/g)?.length ?? 0;

    const hello = await fleet.engine.hello('mx3');

    expect(hello).toMatchObject({ ok: false, problem: { code: 'host-key-changed' } });
    expect(JSON.stringify(hello)).toContain('jump host changed (hop 2 of 2): ');
    expect(inner.log().match(/userauth-request/g)?.length ?? 0).toBe(signInsBefore);
  });

  it('says which hop refuses the sign-in, and which one cannot connect onwards', async () => {
    await saveJump('stranger', inner, { signIn: { kind: 'key', file: outer.clientKeyFile } });
    await addBehind('mx4', ['outer', 'stranger']);
    await addBehind('mx5', ['outer', 'inner'], { port: 1 });

    const [refused, shut] = await Promise.all(['mx4', 'mx5'].map((name) => fleet.engine.hello(name)));

    expect(refused).toMatchObject({ ok: false, problem: { code: 'sign-in-failed' } });
    expect(JSON.stringify(refused)).toContain('jump host stranger (hop 2 of 2): ');
    expect(JSON.stringify(shut)).toContain('jump host inner (hop 2 of 2) made no connection to 127.0.0.1, port 1');
  });

  it('shows its host key through the jump hosts', async () => {
    const { ssh } = valueOf(await fleet.folder.load('mx1'));

    expect(valueOf(await fleet.engine.scanHostKey(ssh))).toEqual(gateway.hostKey);
  });
});

describe('what gateways refer to', () => {
  it('is not removed while it is used, and the users are named', async () => {
    const removed = await fleet.folder.removeJumpHost('inner');

    expect(removed).toMatchObject({ ok: false, problem: { code: 'exists' } });
    expect(JSON.stringify(removed)).toContain('mx1, mx2, mx5');
  });
});

describe('an alias of ssh_config', () => {
  it('is reached as ssh reaches it, and not where known_hosts marks its key as revoked', async () => {
    const home = await mkdtemp(join(tmpdir(), 'postern-ssh-home-'));
    const config = join(home, 'config');
    const knownHosts = join(home, 'known');
    await writeFile(
      config,
      `Host gw\n  HostName 127.0.0.1\n  Port ${gateway.port}\n  User ${gateway.user}\n` +
        `  IdentityFile ${gateway.clientKeyFile}\n  ProxyJump hop\n` +
        `Host hop\n  HostName 127.0.0.1\n  Port ${outer.port}\n  User ${outer.user}\n  IdentityFile ${outer.clientKeyFile}\n` +
        `Host *\n  UserKnownHostsFile ${knownHosts}\n`,
    );
    const lines = [
      `[127.0.0.1]:${gateway.port} ${gateway.hostKey.type} ${gateway.hostKey.key}`,
      `[127.0.0.1]:${outer.port} ${outer.hostKey.type} ${outer.hostKey.key}`,
    ];
    await writeFile(knownHosts, `${lines.join('\n')}\n`);
    const { folder, vault } = fleet;
    const sshFiles = { home, userConfig: config, systemConfig: join(home, 'none'), localUser: 'nobody' };
    const engine = createEngine({ folder, vault, releases: releasesOf(folder, vault), author: 'Anna', sshFiles });
    valueOf(await folder.add('alias', GatewayRecord.parse({ ssh: { host: 'gw', readsSshConfig: true } })));

    const reached = await engine.hello('alias');
    engine.forget('alias');
    await writeFile(knownHosts, `${lines.join('\n')}\n@revoked * ${gateway.hostKey.type} ${gateway.hostKey.key}\n`);
    const revoked = await engine.hello('alias');
    engine.close();
    await rm(home, { recursive: true });

    expect(reached).toMatchObject({ ok: true });
    expect(revoked).toMatchObject({ ok: false, problem: { code: 'host-key-revoked' } });
  });
});
