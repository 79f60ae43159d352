import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GatewayConfig } from '#contract/config';
import type { Scope } from '#contract/scope';
import { editSettings } from '#contract/settings-layer';
import { revisionOf, sha256Of } from '#certificates/hash';
import { buildRelease, createConfigPlanner } from '../../../../electron/store/build-release.ts';
import type { FleetFolder, ScopeDraft } from '../../../../electron/store/fleet-folder.ts';
import { storeUpload } from '../../../../electron/store/store-upload.ts';
import { openVault, type Vault, type VaultOptions } from '../../../../electron/store/vault.ts';
import { memoryKeychain, type MemoryKeychain } from '../../../support/memory-keychain.ts';
import { makePemPair } from '../../../support/pem-files.ts';
import { temporaryFleet, temporaryFolder, valueOf } from '../../../support/temporary-fleet.ts';

async function newVault(
  fleet: FleetFolder,
): Promise<{ vault: Vault; options: VaultOptions; keychain: MemoryKeychain }> {
  const keychain = memoryKeychain();
  const folder = join(await temporaryFolder(), 'vault');
  const options = { folder, service: 'Postern test', fleetFolder: fleet.path, keychain };
  return { vault: openVault(options), options, keychain };
}

async function draftOf(folder: FleetFolder, texts: Partial<ScopeDraft> = {}): Promise<ScopeDraft> {
  return { ...valueOf(await folder.loadDraft(mx1)).draft, ...texts };
}

function withTls(draft: ScopeDraft, files: { privateKey: string; certificate: string }): ScopeDraft {
  const { connections } = draft.settings;
  const tls = { ...connections.tls, ...files, offersStartTls: true };
  return editSettings(draft, { ...draft.settings, connections: { ...connections, tls } });
}

const mx1: Scope = { kind: 'gateway', name: 'mx1' };

function buildUnsaved(folder: FleetFolder, vault: Vault, draft: ScopeDraft) {
  return buildRelease(folder, vault, { gateway: 'mx1', unsaved: { scope: mx1, draft } });
}

async function uploadPair(folder: FleetFolder, vault: Vault): Promise<{ privateKey: string; certificate: string }> {
  const pem = await makePemPair(await temporaryFolder(), 'x');
  const upload = async (purpose: 'privateKey' | 'certificate', text: string) =>
    valueOf(await storeUpload({ folder, vault }, { purpose, content: Buffer.from(text) })).sha256;
  return { privateKey: await upload('privateKey', pem.key), certificate: await upload('certificate', pem.certificate) };
}

describe('buildRelease', () => {
  it('names each file by the hash of the content that it carries', async () => {
    const folder = await temporaryFleet();
    const { vault } = await newVault(folder);
    const files = await uploadPair(folder, vault);
    const draft = withTls(await draftOf(folder, { denyText: '192.0.2.1 # lab\n' }), files);

    const release = valueOf(await buildUnsaved(folder, vault, draft));

    expect(GatewayConfig.parse(release.config)).toEqual(release.config);
    expect(release.revision).toBe(revisionOf(release.config));
    expect(release.missingHere).toEqual([]);
    expect(release.contents.size).toBe(3);
    for (const [sha256, content] of release.contents) expect(sha256Of(content)).toBe(sha256);
    const { control, tls } = release.config.connections;
    expect(control.denyList).toEqual({ path: 'lists/deny.txt', sha256: sha256Of('192.0.2.1 # lab\n') });
    expect(tls.privateKey).toEqual({ path: 'tls/server.key', sha256: files.privateKey });
    expect(release.contents.get(files.privateKey)?.toString()).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });

  it('reads lists from their files, so that an edit by hand counts', async () => {
    const folder = await temporaryFleet();
    const { vault } = await newVault(folder);
    const draft = await draftOf(folder, { denyText: '192.0.2.1\n' });
    const { savedVersion } = valueOf(await folder.loadDraft(mx1));
    valueOf(await folder.saveDraft(mx1, { draft, savedVersion, words: 'x' }));
    const before = valueOf(await buildRelease(folder, vault, { gateway: 'mx1' }));

    await writeFile(join(folder.path, 'lists', 'mx1-deny.txt'), '192.0.2.1\r\n192.0.2.128:255.255.255.128\r\n');
    const after = valueOf(await buildRelease(folder, vault, { gateway: 'mx1' }));

    expect(after.revision).not.toBe(before.revision);
    const [content] = [...after.contents.values()];
    expect(content?.toString()).toBe('192.0.2.1\n192.0.2.128:255.255.255.128\n');
  });

  it('refuses a list that was edited into nonsense, with its line', async () => {
    const folder = await temporaryFleet();
    const { vault } = await newVault(folder);

    const built = await buildUnsaved(folder, vault, await draftOf(folder, { permitText: '\n192.0.2.999\n' }));

    expect(built).toMatchObject({
      ok: false,
      problem: { code: 'list-rejected', message: expect.stringMatching(/line 2/) },
    });
  });

  it('leaves a private key out that is not on this computer', async () => {
    const folder = await temporaryFleet();
    const mine = await newVault(folder);
    const files = await uploadPair(folder, mine.vault);
    const draft = withTls(await draftOf(folder), files);
    const { vault: teammates } = await newVault(folder);

    const release = valueOf(await buildUnsaved(folder, teammates, draft));

    expect(release.missingHere).toEqual([files.privateKey]);
    expect(release.missingBecause).toBeNull();
    expect(release.contents.has(files.privateKey)).toBe(false);
    expect(release.config.connections.tls.privateKey?.sha256).toBe(files.privateKey);
    expect(release.revision).toBe(valueOf(await buildUnsaved(folder, mine.vault, draft)).revision);
  });

  it('says why a key that is here cannot be sent', async () => {
    const folder = await temporaryFleet();
    const { vault, options, keychain } = await newVault(folder);
    const draft = withTls(await draftOf(folder), await uploadPair(folder, vault));
    keychain.isAvailable = false;
    const restarted = openVault(options);

    const release = valueOf(await buildUnsaved(folder, restarted, draft));

    expect(release.missingBecause).toMatchObject({ code: 'vault-locked' });
  });

  it('fails when a certificate is missing or was changed', async () => {
    const folder = await temporaryFleet();
    const { vault } = await newVault(folder);
    const files = await uploadPair(folder, vault);
    const draft = withTls(await draftOf(folder), files);
    const path = join(folder.path, 'certificates', `${files.certificate}.pem`);

    await writeFile(path, 'something else');
    const changed = await buildUnsaved(folder, vault, draft);
    const missing = await buildUnsaved(folder, vault, withTls(draft, { ...files, certificate: '0'.repeat(64) }));

    expect(changed).toMatchObject({ ok: false, problem: { code: 'folder-unreadable' } });
    expect(missing).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });
});

describe('createConfigPlanner', () => {
  it('makes the same revision for no list, an empty one and comments', async () => {
    const folder = await temporaryFleet();
    const draft = await draftOf(folder);
    const planner = createConfigPlanner(folder);

    const texts = ['', '\n', '# nothing yet\n'];
    const plans = await Promise.all(texts.map((denyText) => planner.plan({ ...draft, denyText })));

    const revisions = plans.map((plan) => valueOf(plan).revision);
    expect(new Set(revisions).size).toBe(1);
    expect(valueOf(plans[2] ?? plans[0]!).lists).toEqual([]);
  });
});
