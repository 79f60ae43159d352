import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RawInput } from '../../../../electron/ipc/contract.ts';
import { done } from '../../../../gateway-agent/contract/outcome.ts';
import { sampleRecord, valueOf } from '../../../support/temporary-fleet.ts';
import { startHandlers, type TestApp } from '../../../support/test-services.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const credential: RawInput<'credentials:save'>['credential'] = { user: 'deploy', signIn: { kind: 'password' } };
const fingerprint = `SHA256:${'A'.repeat(43)}`;
const hostKey = { type: 'ssh-ed25519', key: 'QUJD', fingerprint };
const jumpHost: RawInput<'jump-hosts:save'>['jumpHost'] = {
  host: 'bastion.example.test',
  hostKeys: [hostKey],
  signIn: { kind: 'password' },
};

async function addUser(app: TestApp, over: { credential?: string; jumps?: string[] }): Promise<void> {
  const record = sampleRecord();
  valueOf(await app.services.folder.add('mx2', { ...record, ssh: { ...record.ssh, ...over } }));
}

const told = ({ emitted }: TestApp) => emitted.filter(({ event }) => event === 'fleet:changed').length;

describe('credentials', () => {
  it('are saved with a secret that goes into the vault only, and listed with who uses them', async () => {
    const app = await startHandlers();

    valueOf(await app.call('credentials:save', { name: 'edge', credential, secret: 'hunter2' }));
    await addUser(app, { credential: 'edge' });

    expect(valueOf(await app.call('credentials:list', {}))).toEqual([
      { name: 'edge', credential, usedBy: ['mx2'], hasSecret: true },
    ]);
    expect(valueOf(await app.services.vault.loadSecret('credential:edge', 'password'))).toBe('hunter2');
    expect(told(app)).toBe(1);
  });

  it('keep their secret when they are saved without one, and lose it when they are removed', async () => {
    const app = await startHandlers();
    valueOf(await app.call('credentials:save', { name: 'edge', credential, secret: 'hunter2' }));

    valueOf(await app.call('credentials:save', { name: 'edge', credential: { ...credential, user: 'other' } }));
    const [saved] = valueOf(await app.call('credentials:list', {}));
    valueOf(await app.call('credentials:remove', { name: 'edge' }));

    expect(saved).toMatchObject({ credential: { user: 'other' }, hasSecret: true });
    expect(await app.services.vault.hasSecret('credential:edge', 'password')).toBe(false);
    expect([...app.keychain.entries.values()]).not.toContain('hunter2');
  });

  it('lose a secret that nobody needs any more when they change to the ssh-agent', async () => {
    const app = await startHandlers();
    valueOf(await app.call('credentials:save', { name: 'edge', credential, secret: 'hunter2' }));
    valueOf(
      await app.call('jump-hosts:save', {
        name: 'bastion',
        jumpHost,
        secret: 'hunter3',
      }),
    );

    valueOf(
      await app.call('credentials:save', { name: 'edge', credential: { user: 'deploy', signIn: { kind: 'agent' } } }),
    );
    valueOf(await app.call('jump-hosts:save', { name: 'bastion', jumpHost: { ...jumpHost, credential: 'edge' } }));

    expect([...app.keychain.entries.values()].join()).not.toMatch(/hunter/);
    expect(await app.services.vault.hasSecret('credential:edge', 'password')).toBe(false);
    expect(await app.services.vault.hasSecret('jump-host:bastion', 'password')).toBe(false);
  });

  it.each([
    ['password', { kind: 'password' }, { kind: 'key', file: '/home/ada/.ssh/id_ed25519' }],
    ['passphrase', { kind: 'key', file: '/home/ada/.ssh/id_ed25519' }, { kind: 'password' }],
  ] as const)('do not keep a %s for another way to sign in', async (_was, before, after) => {
    const app = await startHandlers();
    const save = async (signIn: typeof before | typeof after, secret?: string) => {
      valueOf(await app.call('credentials:save', { name: 'edge', credential: { user: 'deploy', signIn }, secret }));
      valueOf(await app.call('jump-hosts:save', { name: 'bastion', jumpHost: { ...jumpHost, signIn }, secret }));
    };
    await save(before, 'hunter2');

    await save(after);

    expect(valueOf(await app.call('credentials:list', {}))).toMatchObject([{ hasSecret: false }]);
    expect(valueOf(await app.call('jump-hosts:list', {}))).toMatchObject([{ hasSecret: false }]);
    expect([...app.keychain.entries.values()]).not.toContain('hunter2');
  });

  it('are not removed, nor their secret, while somebody uses them', async () => {
    const app = await startHandlers();
    valueOf(await app.call('credentials:save', { name: 'edge', credential, secret: 'hunter2' }));
    await addUser(app, { credential: 'edge' });

    const removed = await app.call('credentials:remove', { name: 'edge' });

    expect(removed).toMatchObject({ ok: false, problem: { code: 'exists', message: expect.stringMatching(/mx2/) } });
    expect(await app.services.vault.hasSecret('credential:edge', 'password')).toBe(true);
  });

  it('that cannot be read are a failure that names the file', async () => {
    const app = await startHandlers();
    await mkdir(join(app.services.folder.path, 'credentials'));
    await writeFile(join(app.services.folder.path, 'credentials/edge.yaml'), 'user: [');

    const listed = await app.call('credentials:list', {});

    expect(listed).toMatchObject({
      ok: false,
      problem: { code: 'folder-unreadable', message: expect.stringMatching(/credentials\/edge/) },
    });
  });
});

describe('jump hosts', () => {
  it('are saved, listed with who goes over them, and kept while somebody does', async () => {
    const app = await startHandlers();
    valueOf(await app.call('jump-hosts:save', { name: 'bastion', jumpHost, secret: 'hunter2' }));
    await addUser(app, { jumps: ['bastion'] });

    const [row] = valueOf(await app.call('jump-hosts:list', {}));
    const refused = await app.call('jump-hosts:remove', { name: 'bastion' });
    valueOf(await app.services.folder.remove('mx2'));
    valueOf(await app.call('jump-hosts:remove', { name: 'bastion' }));

    expect(row).toMatchObject({
      name: 'bastion',
      jumpHost: { hostKeys: [{ fingerprint }] },
      usedBy: ['mx2'],
      hasSecret: true,
    });
    expect(refused).toMatchObject({ ok: false, problem: { code: 'exists' } });
    expect(valueOf(await app.call('jump-hosts:list', {}))).toEqual([]);
    expect(await app.services.vault.hasSecret('jump-host:bastion', 'password')).toBe(false);
  });

  it('need a credential that is there', async () => {
    const app = await startHandlers();

    const saved = await app.call('jump-hosts:save', { name: 'bastion', jumpHost: { ...jumpHost, credential: 'gone' } });

    expect(saved).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });
});

describe('hosts of ~/.ssh/config', () => {
  it('are shown and taken in, with the whole list told as changed', async () => {
    const app = await startHandlers();
    const home = join(dirname(app.services.folder.path), 'home');
    await mkdir(join(home, '.ssh'), { recursive: true });
    await writeFile(join(home, '.ssh/config'), 'Host mx7\n  HostName mx7.example.test\nHost mx1\n  User deploy\n');
    vi.stubEnv('HOME', home);

    const { hosts } = valueOf(await app.call('ssh:configured-hosts', {}));
    const imported = await app.call('ssh:import', { aliases: ['mx7'], group: null });
    const again = await app.call('ssh:import', { aliases: ['mx7'], group: null });

    expect(hosts.map(({ alias, isInFleet }) => `${alias} ${isInFleet}`).toSorted()).toEqual(['mx1 true', 'mx7 false']);
    expect(imported).toEqual({ ok: true, value: { added: ['mx7'], unknownKeys: ['mx7'] } });
    expect(again.ok).toBe(false);
    expect(told(app)).toBe(2);
  });

  it('show their key through the engine, with the jump hosts of the address', async () => {
    const app = await startHandlers();
    const asked: unknown[] = [];
    app.services.engine.scanHostKey = (ssh) => {
      asked.push(ssh.jumps);
      return Promise.resolve(done(hostKey));
    };

    const scanned = await app.call('ssh:scan', { ssh: { host: 'mx9.example.test', jumps: ['bastion'] } });

    expect(scanned).toEqual({ ok: true, value: hostKey });
    expect(asked).toEqual([['bastion']]);
  });
});
