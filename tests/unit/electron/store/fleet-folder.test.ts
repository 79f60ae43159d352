import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editSettings } from '#contract/settings-layer';
import { GatewayRecord } from '#contract/fleet';
import { storeUpload } from '../../../../electron/store/store-upload.ts';
import { openVault } from '../../../../electron/store/vault.ts';
import { noKeychain } from '../../../support/memory-keychain.ts';
import { makePemPair } from '../../../support/pem-files.ts';
import { everythingIn } from '../../../support/everything-in.ts';
import { sampleRecord, temporaryFleet, temporaryFolder, valueOf, yamlOf } from '../../../support/temporary-fleet.ts';

describe('gateway files', () => {
  it('are short YAML without what is default', async () => {
    const folder = await temporaryFleet();

    expect(await readFile(yamlOf(folder), 'utf8')).toBe('ssh:\n  host: mx1.example.test\n');
  });

  it('read back as the record that was saved', async () => {
    const folder = await temporaryFleet();
    const record = GatewayRecord.parse({
      ssh: { host: '2001:db8::1', port: 2222, user: 'root', signIn: { kind: 'key', file: '/home/ada/.ssh/id: #1' } },
      hostKeys: [{ type: 'ssh-ed25519', key: 'AAAA', fingerprint: `SHA256:${'A'.repeat(43)}` }],
      settings: {
        connections: { interface: { port: 2525, maxConnections: 7 } },
        messageRule: { relayDomains: ['a.test'] },
      },
    });

    valueOf(await folder.save('mx1', record, 'Change everything'));

    expect(valueOf(await folder.load('mx1'))).toEqual(record);
  });

  it('keep comments and the order of keys that a person wrote', async () => {
    const folder = await temporaryFleet();
    const written = `# Rack 4, ask the night shift
settings:
  messageRule:
    relayDomains:
      # only ours
      - b.test
      - a.test
  connections:
    interface:
      port: 25 # the firewall knows this one
      idleTimeoutMinutes: 5
ssh:
  port: 22
  host: mx1.example.test # moves in May
`;
    await writeFile(yamlOf(folder), written);

    valueOf(
      await folder.update('mx1', {
        words: 'Port 25 → 2525',
        change: (record) => {
          const { connections } = record.settings;
          const changed = { ...connections, interface: { ...connections?.interface, port: 2525, maxConnections: 10 } };
          return { ...record, settings: { ...record.settings, connections: changed } };
        },
      }),
    );

    const expected = written
      .replace('port: 25 #', 'port: 2525 #')
      .replace('idleTimeoutMinutes: 5\n', 'idleTimeoutMinutes: 5\n      maxConnections: 10\n');
    expect(await readFile(yamlOf(folder), 'utf8')).toBe(expected);
  });

  it('are reported with line and reason and left untouched when they cannot be read', async () => {
    const folder = await temporaryFleet();
    const truncated = 'ssh:\n  host: mx2.example.test\n  user: "post';
    const mistyped =
      'ssh:\n  host: mx3.example.test\nsettings:\n  connections:\n    tls:\n      requireStartTls: true\n';
    await writeFile(yamlOf(folder, 'mx2'), truncated);
    await writeFile(yamlOf(folder, 'mx3'), mistyped);
    await writeFile(yamlOf(folder, 'mx4'), '');
    await writeFile(join(folder.path, 'gateways', 'MX5.yaml'), mistyped);

    const entries = valueOf(await folder.list());
    const saved = await folder.save('mx2', sampleRecord(), 'Overwrite');
    const added = await folder.add('mx3', sampleRecord());

    const reasons = Object.fromEntries(
      entries.map((entry) => [entry.name, 'unreadable' in entry ? entry.unreadable : null]),
    );
    expect(reasons).toEqual({
      mx1: null,
      mx2: expect.stringMatching(/Line 3: /),
      mx3: expect.stringMatching(/Line 6: settings\.connections\.tls\.requireStartTls: There is no such setting/),
      mx4: expect.stringMatching(/empty/),
      'MX5.yaml': expect.stringMatching(/lower case/),
    });
    expect(saved).toMatchObject({ ok: false, problem: { code: 'folder-unreadable' } });
    expect(added).toMatchObject({ ok: false, problem: { code: 'exists' } });
    expect(await readFile(yamlOf(folder, 'mx2'), 'utf8')).toBe(truncated);
    expect(await readFile(yamlOf(folder, 'mx3'), 'utf8')).toBe(mistyped);
  });

  it('are not read through a link to somewhere else', async () => {
    const folder = await temporaryFleet();
    const elsewhere = join(await temporaryFolder(), 'elsewhere.yaml');
    await writeFile(elsewhere, 'ssh:\n  host: other.example.test\n');
    await symlink(elsewhere, yamlOf(folder, 'mx2'));

    expect(await folder.load('mx2')).toMatchObject({ ok: false, problem: { code: 'folder-unreadable' } });
  });
});

describe('secrets', () => {
  it('are nowhere in the folder, its history included', async () => {
    const scratch = await temporaryFolder();
    const folder = await temporaryFleet();
    const vault = openVault({
      folder: join(scratch, 'vault'),
      service: 'Postern test',
      fleetFolder: folder.path,
      keychain: noKeychain(),
    });
    const [password, keyPassphrase, vaultPassphrase] = ['pass-word-123', 'key-phrase-456', 'vault-phrase-789'];
    const pem = await makePemPair(scratch, keyPassphrase);

    valueOf(await vault.unlock(vaultPassphrase));
    valueOf(await vault.storeSecret('mx1', 'password', password));
    const upload = { content: Buffer.from(pem.encryptedKey), passphrase: keyPassphrase };
    const key = valueOf(await storeUpload({ folder, vault }, { purpose: 'privateKey', ...upload }));
    const certificate = valueOf(
      await storeUpload({ folder, vault }, { purpose: 'certificate', content: Buffer.from(pem.certificate) }),
    );
    const { draft, savedVersion } = valueOf(await folder.loadDraft({ kind: 'gateway', name: 'mx1' }));
    const tls = { ...draft.settings.connections.tls, privateKey: key.sha256, certificate: certificate.sha256 };
    const settings = { ...draft.settings, connections: { ...draft.settings.connections, tls } };
    valueOf(
      await folder.saveDraft(
        { kind: 'gateway', name: 'mx1' },
        { draft: editSettings(draft, settings), savedVersion, words: 'TLS on' },
      ),
    );
    const stored = valueOf(await vault.loadPrivateKey(key.sha256));

    const everything = [...(await everythingIn(folder.path))];
    const bodies = [stored, pem.key, pem.encryptedKey].map((text) => text.split('\n')[1] ?? 'no key');
    const secrets = [password, keyPassphrase, vaultPassphrase, 'PRIVATE KEY', ...bodies];
    const leaks = everything.filter(([, text]) => secrets.some((secret) => text.includes(secret)));
    expect(leaks.map(([path]) => path)).toEqual([]);
    expect(everything.filter(([, text]) => text.includes(key.sha256)).length).toBeGreaterThan(1);
    const vaultFiles = [...(await everythingIn(join(scratch, 'vault')))];
    expect(vaultFiles.filter(([, text]) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
  });

  it('are refused where a certificate is expected', async () => {
    const scratch = await temporaryFolder();
    const folder = await temporaryFleet();
    const pem = await makePemPair(scratch, 'x');

    const stored = await folder.storeCertificate(pem.certificate + pem.key, 'Both in one');

    expect(stored).toMatchObject({ ok: false, problem: { code: 'certificate-rejected' } });
  });
});

describe('a file in gateways/ whose name is no name', () => {
  it.each(['MX9.yaml', 'a b', '../../etc/passwd', 'con'])(
    'is a reason in words when it is asked for: %s',
    async (name) => {
      const folder = await temporaryFleet();

      const answers = [
        await folder.load(name),
        await folder.loadDraft({ kind: 'gateway', name }),
        await folder.remove(name),
        await folder.update(name, { words: 'Change', change: (record) => record }),
      ];

      for (const answer of answers) expect(answer).toMatchObject({ ok: false, problem: { code: 'not-found' } });
      expect(await folder.add(name, sampleRecord())).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
    },
  );
});
