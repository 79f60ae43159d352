import { chmod, readFile, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openVault, type Vault } from '../../../../electron/store/vault.ts';
import { memoryKeychain, noKeychain, type MemoryKeychain } from '../../../support/memory-keychain.ts';
import { makePemPair } from '../../../support/pem-files.ts';
import { temporaryFolder, valueOf } from '../../../support/temporary-fleet.ts';

const passphrase = 'correct horse battery';

type Place = { folder: string; keychain: MemoryKeychain };

async function newPlace(keychain: MemoryKeychain): Promise<Place> {
  return { folder: join(await temporaryFolder(), 'vault'), keychain };
}

/** Each call is another start of the program. */
function start({ folder, keychain }: Place, fleetFolder = '/fleets/one'): Vault {
  return openVault({ folder, service: 'Postern test', fleetFolder, keychain });
}

async function newKey(): Promise<string> {
  return (await makePemPair(await temporaryFolder(), 'x')).key;
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe('a vault with a keychain', () => {
  it('gives back keys and secrets after a restart', async () => {
    const place = await newPlace(memoryKeychain());
    const pkcs8 = await newKey();

    const stored = valueOf(await start(place).storePrivateKey(pkcs8));
    valueOf(await start(place).storeSecret('mx1', 'password', 'pass'));

    expect(stored).toMatchObject({ keyType: 'EC P-256' });
    expect(await start(place).state()).toMatchObject({ state: 'keychain' });
    expect(valueOf(await start(place).loadPrivateKey(stored.sha256))).toBe(pkcs8);
    expect(valueOf(await start(place).loadSecret('mx1', 'password'))).toBe('pass');
    expect([...place.keychain.entries.values()]).toContain('pass');
  });

  it('keeps files and folders to their owner', async () => {
    const place = await newPlace(memoryKeychain());
    const { sha256 } = valueOf(await start(place).storePrivateKey(await newKey()));
    await chmod(place.folder, 0o755);
    valueOf(await start(place).storePrivateKey(await newKey()));

    expect(await modeOf(join(place.folder, 'keys'))).toBe(0o700);
    expect(await modeOf(join(place.folder, 'keys', `${sha256}.json`))).toBe(0o600);
    expect(await modeOf(join(place.folder, 'vault.json'))).toBe(0o600);
  });

  it('asks neither keychain nor passphrase when nothing was stored', async () => {
    const keychain = noKeychain();
    const vault = start(await newPlace(keychain));

    expect(valueOf(await vault.loadSecret('mx1', 'password'))).toBeNull();
    expect(await vault.loadPrivateKey('0'.repeat(64))).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });

  it('fails closed when the keychain goes away, and makes no new key', async () => {
    const place = await newPlace(memoryKeychain());
    const { sha256 } = valueOf(await start(place).storePrivateKey(await newKey()));
    valueOf(await start(place).storeSecret('mx1', 'password', 'pass'));
    const before = await readFile(join(place.folder, 'vault.json'), 'utf8');
    place.keychain.isAvailable = false;

    const vault = start(place);
    const locked = { ok: false, problem: { code: 'vault-locked' } };
    expect(await vault.state()).toMatchObject({ state: 'locked' });
    expect(await vault.loadPrivateKey(sha256)).toMatchObject(locked);
    expect(await vault.loadSecret('mx1', 'password')).toMatchObject(locked);
    expect(await vault.storePrivateKey(await newKey())).toMatchObject(locked);
    expect(await vault.storeSecret('mx2', 'password', 'other')).toMatchObject(locked);
    expect(await vault.unlock(passphrase)).toMatchObject(locked);
    expect(await vault.hasPrivateKey(sha256)).toBe(true);
    expect(await readFile(join(place.folder, 'vault.json'), 'utf8')).toBe(before);
  });

  it('fails closed when the keychain was emptied or holds another key', async () => {
    const place = await newPlace(memoryKeychain());
    const { sha256 } = valueOf(await start(place).storePrivateKey(await newKey()));
    const [account = ''] = place.keychain.entries.keys();
    place.keychain.entries.set(account, Buffer.alloc(32, 7).toString('base64'));
    const withOther = await start(place).storePrivateKey(await newKey());
    place.keychain.entries.clear();
    const withNone = await start(place).storePrivateKey(await newKey());

    expect(withOther).toMatchObject({ ok: false, problem: { code: 'vault-locked' } });
    expect(withNone).toMatchObject({ ok: false, problem: { code: 'vault-locked' } });
    expect(await readdir(join(place.folder, 'keys'))).toEqual([`${sha256}.json`]);
    expect(place.keychain.entries.size).toBe(0);
  });

  it("never gives a gateway the secret of another fleet's gateway of the same name", async () => {
    const place = await newPlace(memoryKeychain());
    valueOf(await start(place, '/fleets/one').storeSecret('mx1', 'password', 'pass'));

    expect(valueOf(await start(place, '/fleets/two').loadSecret('mx1', 'password'))).toBeNull();
  });

  it('forgets a removed secret in the keychain too', async () => {
    const place = await newPlace(memoryKeychain());
    valueOf(await start(place).storeSecret('mx1', 'password', 'pass'));

    valueOf(await start(place).removeSecret('mx1'));

    expect(valueOf(await start(place).loadSecret('mx1', 'password'))).toBeNull();
    expect([...place.keychain.entries.values()]).not.toContain('pass');
  });

  it('has one key when two programs start it at the same time', async () => {
    const place = await newPlace(memoryKeychain());
    const keys = [await newKey(), await newKey()];

    const stored = await Promise.all(keys.map((key) => start(place).storePrivateKey(key)));

    const vault = start(place);
    const loaded = await Promise.all(stored.map((outcome) => vault.loadPrivateKey(valueOf(outcome).sha256)));
    expect(loaded.map(valueOf)).toEqual(keys);
  });
});

describe.each([
  ['in the keychain', memoryKeychain],
  ['in a file', noKeychain],
])('a secret %s', (_where, keychain) => {
  async function openPlace(): Promise<{ place: Place; vault: Vault; rewrite(change: object): Promise<void> }> {
    const place = await newPlace(keychain());
    const vault = start(place);
    if (!place.keychain.isAvailable) valueOf(await vault.unlock(passphrase));
    const rewrite = async (change: object): Promise<void> => {
      const [name = ''] = await readdir(join(place.folder, 'secrets'));
      const file = join(place.folder, 'secrets', name);
      const known: unknown = JSON.parse(await readFile(file, 'utf8'));
      await writeFile(file, JSON.stringify(Object.assign({}, known, change)));
    };
    return { place, vault, rewrite };
  }

  it('is given out only as what it was stored as', async () => {
    const { vault } = await openPlace();
    valueOf(await vault.storeSecret('mx1', 'passphrase', 'of my key'));

    expect(valueOf(await vault.loadSecret('mx1', 'password'))).toBeNull();
    expect(await vault.hasSecret('mx1', 'password')).toBe(false);
    expect(valueOf(await vault.loadSecret('mx1', 'passphrase'))).toBe('of my key');

    valueOf(await vault.storeSecret('mx1', 'password', 'pass'));
    expect(await vault.hasSecret('mx1', 'passphrase')).toBe(false);
    expect(valueOf(await vault.loadSecret('mx1', 'password'))).toBe('pass');
    valueOf(await vault.removeSecret('mx1'));
    expect(await vault.hasSecret('mx1', 'password')).toBe(false);
  });

  it('whose file is made to say another kind is not given out where the file is sealed', async () => {
    const { place, vault, rewrite } = await openPlace();
    valueOf(await vault.storeSecret('mx1', 'passphrase', 'of my key'));
    await rewrite({ kind: 'password' });

    const loaded = await vault.loadSecret('mx1', 'password');

    expect(loaded.ok).toBe(place.keychain.isAvailable);
  });
});

describe('a secret of version 1, which does not say its kind', () => {
  async function stored(secret: string): Promise<Vault> {
    const place = await newPlace(memoryKeychain());
    valueOf(await start(place).storeSecret('mx1', 'password', secret));
    const [name = ''] = await readdir(join(place.folder, 'secrets'));
    await writeFile(join(place.folder, 'secrets', name), '{"version":1,"keptIn":"keychain"}\n');
    return start(place);
  }

  it('counts as the one that is asked for, but not as a private key', async () => {
    const vault = await stored('pass');

    expect(valueOf(await vault.loadSecret('mx1', 'password'))).toBe('pass');
    expect(valueOf(await vault.loadSecret('mx1', 'passphrase'))).toBe('pass');
    expect(await vault.hasSecret('mx1', 'passphrase')).toBe(true);
    expect(valueOf(await vault.loadSecret('mx1', 'private-key'))).toBeNull();
  });

  it('that is a private key is nothing else', async () => {
    const vault = await stored('-----BEGIN OPENSSH PRIVATE KEY-----\n');

    expect(valueOf(await vault.loadSecret('mx1', 'password'))).toBeNull();
    expect(valueOf(await vault.loadSecret('mx1', 'private-key'))).toMatch(/^-----BEGIN/);
  });

  it('says its kind once it was stored again', async () => {
    const vault = await stored('pass');

    valueOf(await vault.storeSecret('mx1', 'passphrase', 'of my key'));

    expect(valueOf(await vault.loadSecret('mx1', 'password'))).toBeNull();
    expect(valueOf(await vault.loadSecret('mx1', 'passphrase'))).toBe('of my key');
  });
});

describe('a vault without a keychain', () => {
  it('says so and asks for a passphrase before it stores anything', async () => {
    const place = await newPlace(noKeychain());
    const vault = start(place);

    expect(await vault.state()).toEqual({ state: 'new', words: expect.stringMatching(/cannot be used.*passphrase/) });
    expect(await vault.storePrivateKey(await newKey())).toMatchObject({ ok: false, problem: { code: 'vault-locked' } });
    expect(await vault.storeSecret('mx1', 'password', 'pass')).toMatchObject({
      ok: false,
      problem: { code: 'vault-locked' },
    });
    expect(await vault.unlock('short')).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
    expect(await vault.state()).toMatchObject({ state: 'new' });
  });

  it('opens with its passphrase after a restart and with no other', async () => {
    const place = await newPlace(noKeychain());
    const pkcs8 = await newKey();
    const first = start(place);
    expect(valueOf(await first.unlock(passphrase))).toMatchObject({ state: 'passphrase' });
    const { sha256 } = valueOf(await first.storePrivateKey(pkcs8));
    valueOf(await first.storeSecret('mx1', 'password', 'pass'));

    const again = start(place);
    expect(await again.state()).toMatchObject({ state: 'locked' });
    expect(await again.loadPrivateKey(sha256)).toMatchObject({ ok: false, problem: { code: 'vault-locked' } });
    expect(await again.loadSecret('mx1', 'password')).toMatchObject({ ok: false, problem: { code: 'vault-locked' } });
    expect(await again.unlock(`${passphrase}!`)).toMatchObject({
      ok: false,
      problem: { message: expect.stringMatching(/wrong/) },
    });
    expect(await again.state()).toMatchObject({ state: 'locked' });
    valueOf(await again.unlock(passphrase));
    expect(valueOf(await again.loadPrivateKey(sha256))).toBe(pkcs8);
    expect(valueOf(await again.loadSecret('mx1', 'password'))).toBe('pass');
  });

  it('stays with the passphrase when a keychain appears later', async () => {
    const place = await newPlace(noKeychain());
    valueOf(await start(place).unlock(passphrase));
    place.keychain.isAvailable = true;

    expect(await start(place).state()).toMatchObject({ state: 'locked' });
    expect(place.keychain.entries.size).toBe(0);
  });

  it('does not open a file whose scrypt cost was lowered', async () => {
    const place = await newPlace(noKeychain());
    valueOf(await start(place).unlock(passphrase));
    const path = join(place.folder, 'vault.json');
    const weakened = (await readFile(path, 'utf8')).replace('131072', '1024');
    await writeFile(path, weakened);

    expect(await start(place).unlock(passphrase)).toMatchObject({ ok: false, problem: { code: 'vault-locked' } });
    expect(await readFile(path, 'utf8')).toBe(weakened);
  });
});

describe('a damaged vault', () => {
  it('refuses tampered ciphertext, changed facts and a key under another name', async () => {
    const place = await newPlace(memoryKeychain());
    const vault = start(place);
    const a = valueOf(await vault.storePrivateKey(await newKey()));
    const b = valueOf(await vault.storePrivateKey(await newKey()));
    const path = (sha256: string) => join(place.folder, 'keys', `${sha256}.json`);
    const sealed = JSON.parse(await readFile(path(a.sha256), 'utf8')) as { sealed: string; keyType: string };
    const flipped = (sealed.sealed[40] === 'A' ? 'B' : 'A') + sealed.sealed.slice(41);

    await writeFile(path(a.sha256), JSON.stringify({ ...sealed, sealed: sealed.sealed.slice(0, 40) + flipped }));
    const tampered = await vault.loadPrivateKey(a.sha256);
    await writeFile(path(a.sha256), JSON.stringify({ ...sealed, keyType: 'RSA 4096' }));
    const renamedFacts = await vault.loadPrivateKey(a.sha256);
    await rename(path(b.sha256), path(a.sha256));
    const moved = await vault.loadPrivateKey(a.sha256);

    for (const outcome of [tampered, renamedFacts, moved]) {
      expect(outcome).toMatchObject({ ok: false, problem: { message: expect.stringMatching(/damaged/) } });
    }
  });

  it('is reported and never replaced when vault.json makes no sense', async () => {
    const place = await newPlace(memoryKeychain());
    const { sha256 } = valueOf(await start(place).storePrivateKey(await newKey()));
    await writeFile(join(place.folder, 'vault.json'), '{"version":1,');

    const vault = start(place);
    expect(await vault.state()).toMatchObject({ state: 'locked', words: expect.stringMatching(/damaged/) });
    expect(await vault.loadPrivateKey(sha256)).toMatchObject({ ok: false });
    expect(await vault.storePrivateKey(await newKey())).toMatchObject({ ok: false });
    expect(await vault.unlock(passphrase)).toMatchObject({ ok: false });
    expect(await readFile(join(place.folder, 'vault.json'), 'utf8')).toBe('{"version":1,');
  });
});
