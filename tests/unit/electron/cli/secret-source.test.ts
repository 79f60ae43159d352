// Where a run of the command gets its secrets from, and that it asks once or not at all.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryKeychain } from '../../../../electron/cli/memory-keychain.ts';
import { createSecretSource, type SecretParts } from '../../../../electron/cli/secret-source.ts';
import type { Terminal } from '../../../../electron/cli/terminal.ts';
import type { SignInRequest } from '../../../../electron/fleet/sign-in.ts';
import { createSelfSigned } from '../../../../electron/local-gateway/self-signed.ts';
import type { Keychain } from '../../../../electron/store/keychain.ts';
import { openVault, type Vault } from '../../../../electron/store/vault.ts';
import { done, failed, type Outcome } from '../../../../gateway-agent/contract/outcome.ts';

let folder: string;
let asked: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-secrets-'));
  asked = [];
});
afterEach(() => rm(folder, { recursive: true }));

const noKeychain: Keychain = {
  load: () => Promise.resolve(failed('vault-locked', 'No keychain here.')),
  store: () => Promise.resolve(failed('vault-locked', 'No keychain here.')),
  remove: () => Promise.resolve(failed('vault-locked', 'No keychain here.')),
};

function vaultWith(keychain: Keychain): Vault {
  return openVault({ folder: join(folder, 'vault'), service: 'Test', fleetFolder: join(folder, 'fleet'), keychain });
}

function terminalThatSays(answer: string | null): Terminal {
  const ask = (question: string): Promise<Outcome<string>> => {
    asked.push(question);
    return Promise.resolve(answer === null ? failed('secret-needed', 'no terminal') : done(answer));
  };
  return { out: () => undefined, tell: () => undefined, isInteractive: answer !== null, askHidden: ask, askLine: ask };
}

function sourceOf(parts: Partial<SecretParts> & { vault: Vault }) {
  return createSecretSource({ terminal: terminalThatSays(null), identity: null, passphrase: null, ...parts });
}

const byPassword: SignInRequest = {
  who: 'mx1',
  user: 'postern-deploy',
  signIn: { kind: 'password' },
  secretName: 'mx1',
  isGateway: true,
};

describe('createSecretSource: credentialsFor', () => {
  it('takes the password from the vault, and asks nobody', async () => {
    const vault = vaultWith(memoryKeychain());
    await vault.storeSecret('mx1', 'password', 'from the vault');

    const source = sourceOf({ vault, passphrase: 'from the file', terminal: terminalThatSays('typed') });

    expect(await source.credentialsFor(byPassword)).toEqual({
      ok: true,
      value: { kind: 'password', password: 'from the vault' },
    });
    expect(asked).toEqual([]);
  });

  it('takes it from the passphrase file where the vault has none', async () => {
    const source = sourceOf({ vault: vaultWith(memoryKeychain()), passphrase: 'from the file' });

    expect(await source.credentialsFor(byPassword)).toMatchObject({ value: { password: 'from the file' } });
  });

  it('asks once for each gateway, also when two questions come at once', async () => {
    const source = sourceOf({ vault: vaultWith(memoryKeychain()), terminal: terminalThatSays('typed') });

    await Promise.all([source.credentialsFor(byPassword), source.credentialsFor(byPassword)]);

    expect(asked).toEqual(['Password of postern-deploy on mx1: ']);
  });

  it('asks once for all gateways that share a credential', async () => {
    const source = sourceOf({ vault: vaultWith(memoryKeychain()), terminal: terminalThatSays('typed') });
    const shared = { ...byPassword, secretName: 'credential:ops' };

    await Promise.all(['mx1', 'mx2'].map((who) => source.credentialsFor({ ...shared, who })));

    expect(asked).toEqual(['Password of postern-deploy (credential ops): ']);
  });

  it('gives neither the passphrase file nor --identity to a jump host', async () => {
    const jump = { ...byPassword, who: 'jump host bastion', secretName: 'jump-host:bastion', isGateway: false };
    const source = sourceOf({ vault: vaultWith(memoryKeychain()), passphrase: 'of the gateway', identity: '/a/key' });

    const outcome = await source.credentialsFor(jump);

    expect(outcome).toMatchObject({ ok: false, problem: { code: 'secret-needed' } });
    expect(asked).toEqual(['Password of postern-deploy on jump host bastion: ']);
  });

  it('fails with a next step where nobody can be asked', async () => {
    const source = sourceOf({ vault: vaultWith(noKeychain) });

    expect(await source.credentialsFor(byPassword)).toMatchObject({
      ok: false,
      problem: { code: 'secret-needed', hint: expect.stringContaining('--passphrase-file') as string },
    });
  });

  it('prefers --identity to what the record says', async () => {
    const file = join(folder, 'key');
    await writeFile(file, 'no key at all', { mode: 0o600 });
    const source = sourceOf({ vault: vaultWith(memoryKeychain()), identity: file });

    const outcome = await source.credentialsFor(byPassword);

    expect(outcome).toMatchObject({ ok: false, problem: { code: 'sign-in-failed' } });
    expect(JSON.stringify(outcome)).not.toContain(file);
  });
});

describe('createSecretSource: vault', () => {
  it('opens a locked vault with the passphrase file, once it is needed', async () => {
    const before = vaultWith(noKeychain);
    await before.unlock('open sesame');
    const key = await before.storePrivateKey(createSelfSigned(['mx1.test'], new Date()).privateKey);
    if (!key.ok) throw new Error(key.problem.message);

    const right = sourceOf({ vault: vaultWith(noKeychain), passphrase: 'open sesame' });
    const wrong = sourceOf({ vault: vaultWith(noKeychain), passphrase: 'open barley' });

    expect(await right.vault.loadPrivateKey(key.value.sha256)).toMatchObject({ ok: true });
    expect(await wrong.vault.loadPrivateKey(key.value.sha256)).toMatchObject({
      ok: false,
      problem: { code: 'vault-locked' },
    });
  });
});
