import { describe, expect, it } from 'vitest';
import { valueOf } from '../../../support/temporary-fleet.ts';
import { startHandlers } from '../../../support/test-services.ts';

const hostKey = { type: 'ssh-ed25519', key: 'AAAA', fingerprint: `SHA256:${'A'.repeat(43)}` };
const newGateway = {
  name: 'mx2',
  ssh: { host: 'mx2.example.test', signIn: { kind: 'password' as const } },
  hostKeys: [hostKey],
  secret: 'pass-word-123',
};

describe('gateway:add', () => {
  it('keeps the record in the folder and the secret in the vault', async () => {
    const { call, services, emitted } = await startHandlers();

    valueOf(await call('gateway:add', newGateway));

    expect(valueOf(await services.folder.load('mx2'))).toMatchObject({ ssh: { port: 22 }, hostKeys: [hostKey] });
    expect(valueOf(await services.vault.loadSecret('mx2', 'password'))).toBe('pass-word-123');
    expect(emitted).toContainEqual({ event: 'fleet:changed', data: { name: 'mx2' } });
  });

  it('stores no secret for a name that is taken', async () => {
    const { call, services } = await startHandlers();

    const added = await call('gateway:add', { ...newGateway, name: 'mx1' });

    expect(added).toMatchObject({ ok: false, problem: { code: 'exists' } });
    expect(valueOf(await services.vault.loadSecret('mx1', 'password'))).toBeNull();
  });

  it('adds nothing while the vault cannot take the secret', async () => {
    const { call, services, keychain } = await startHandlers();
    keychain.isAvailable = false;

    const added = await call('gateway:add', newGateway);

    expect(added).toMatchObject({ ok: false, problem: { code: 'vault-locked' } });
    expect(await services.folder.load('mx2')).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });

  it('works after a passphrase was chosen where there is no keychain', async () => {
    const { call, services, keychain } = await startHandlers();
    keychain.isAvailable = false;

    expect(valueOf(await call('app:info', {})).vault.state).toBe('new');
    expect(valueOf(await call('vault:unlock', { passphrase: 'correct horse' })).state).toBe('passphrase');
    valueOf(await call('gateway:add', newGateway));

    expect(valueOf(await services.vault.loadSecret('mx2', 'password'))).toBe('pass-word-123');
  });
});

describe('gateway:remove', () => {
  it('takes record and secret away, and undo brings both back', async () => {
    const { call, services } = await startHandlers();
    valueOf(await call('gateway:add', newGateway));

    const { undo } = valueOf(await call('gateway:remove', { name: 'mx2' }));
    const between = [
      valueOf(await call('fleet:list', {})).length,
      valueOf(await services.vault.loadSecret('mx2', 'password')),
    ];
    valueOf(await call('gateway:restore', { name: 'mx2', undo }));

    expect(between).toEqual([1, null]);
    expect(valueOf(await services.folder.load('mx2')).ssh.host).toBe('mx2.example.test');
    expect(valueOf(await services.vault.loadSecret('mx2', 'password'))).toBe('pass-word-123');
  });
});

describe('gateway:pin-host-key', () => {
  it('replaces the pinned keys and makes the engine connect anew', async () => {
    const { call, services } = await startHandlers();
    const forgotten: string[] = [];
    services.engine = { ...services.engine, forget: (name) => void forgotten.push(name) };

    valueOf(await call('gateway:pin-host-key', { name: 'mx1', hostKey }));
    valueOf(await call('gateway:update-ssh', { name: 'mx1', ssh: { host: 'mx9.example.test', port: 2200 } }));

    expect(valueOf(await services.folder.load('mx1'))).toMatchObject({
      hostKeys: [hostKey],
      ssh: { host: 'mx9.example.test', port: 2200 },
    });
    expect(forgotten).toEqual(['mx1', 'mx1']);
  });
});

describe('gateway:update-ssh', () => {
  it('forgets the password of a gateway that signs in by a key from now on', async () => {
    const { call, services, keychain } = await startHandlers();
    valueOf(await call('gateway:add', newGateway));

    valueOf(await call('gateway:update-ssh', { name: 'mx2', ssh: { ...newGateway.ssh, user: 'other' } }));
    const kept = await services.vault.hasSecret('mx2', 'password');
    const signIn = { kind: 'key' as const, file: '/home/ada/.ssh/id_ed25519' };
    valueOf(await call('gateway:update-ssh', { name: 'mx2', ssh: { ...newGateway.ssh, signIn } }));

    expect(kept).toBe(true);
    expect(await services.vault.hasSecret('mx2', 'passphrase')).toBe(false);
    expect([...keychain.entries.values()]).not.toContain('pass-word-123');
  });

  it('keeps the management key, which nothing else opens, and gives it out as nothing else', async () => {
    const { call, services } = await startHandlers();
    const ssh = { host: 'mx2.example.test', signIn: { kind: 'stored-key' as const } };
    valueOf(await call('gateway:add', { ...newGateway, ssh, secret: '-----BEGIN OPENSSH PRIVATE KEY-----' }));

    valueOf(await call('gateway:update-ssh', { name: 'mx2', ssh: newGateway.ssh }));

    expect(valueOf(await services.vault.loadSecret('mx2', 'password'))).toBeNull();
    expect(valueOf(await services.vault.loadSecret('mx2', 'private-key'))).toMatch(/PRIVATE KEY/);
  });
});

describe('gateway:set-secret', () => {
  it('takes a secret for a known gateway only', async () => {
    const { call, services } = await startHandlers();

    valueOf(await call('gateway:set-secret', { name: 'mx1', secret: 'new' }));
    const unknown = await call('gateway:set-secret', { name: 'mx7', secret: 'new' });

    expect(valueOf(await services.vault.loadSecret('mx1', 'passphrase'))).toBe('new');
    expect(unknown).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });
});
