import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePemPair } from '../../../support/pem-files.ts';
import { temporaryFolder, valueOf } from '../../../support/temporary-fleet.ts';
import { startHandlers } from '../../../support/test-services.ts';

async function fileWith(name: string, content: string | Buffer): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  return path;
}

describe('file:browse and file:upload', () => {
  it('keep the content in this process and ask for the passphrase of an encrypted key', async () => {
    const { call, choose, services } = await startHandlers();
    const pem = await makePemPair(await temporaryFolder(), 'right');
    choose(await fileWith('server.key', pem.encryptedKey));

    const picked = valueOf(await call('file:browse', { purpose: 'privateKey' }));
    const token = picked?.token ?? '';
    const asked = await call('file:upload', { purpose: 'privateKey', token });
    const facts = valueOf(await call('file:upload', { purpose: 'privateKey', token, passphrase: 'right' }));
    const again = await call('file:upload', { purpose: 'privateKey', token, passphrase: 'right' });

    expect(picked).toEqual({ token: expect.any(String), fileName: 'server.key' });
    expect(asked).toMatchObject({ ok: false, problem: { code: 'secret-needed' } });
    expect(await services.vault.hasPrivateKey(facts.sha256)).toBe(true);
    expect(again).toMatchObject({ ok: false, problem: { code: 'not-found' } });
  });

  it('answer null when the dialog was closed', async () => {
    const { call } = await startHandlers();

    expect(valueOf(await call('file:browse', { purpose: 'certificate' }))).toBeNull();
  });

  it('refuse what is too large, a folder and what is gone', async () => {
    const { call, choose } = await startHandlers();
    const folder = await temporaryFolder();
    const large = await fileWith('large.pem', Buffer.alloc(1024 * 1024 + 1));

    const messages: string[] = [];
    for (const path of [large, folder, join(folder, 'gone.pem')]) {
      choose(path);
      const outcome = await call('file:browse', { purpose: 'certificate' });
      messages.push(outcome.ok ? 'taken' : outcome.problem.message);
    }

    expect(messages).toEqual([
      expect.stringMatching(/large\.pem is too large: more than 1 MiB/),
      expect.stringMatching(/is not a file/),
      expect.stringMatching(/gone\.pem cannot be read: it is gone/),
    ]);
  });

  it('forget the oldest of many files that were picked and never uploaded', async () => {
    const { call, choose } = await startHandlers();
    choose(await fileWith('x.pem', 'x'));
    const tokens: string[] = [];
    for (let count = 0; count < 17; count++) {
      tokens.push(valueOf(await call('file:browse', { purpose: 'certificate' }))?.token ?? '');
    }

    const oldest = await call('file:upload', { purpose: 'certificate', token: tokens[0] ?? '' });
    const newest = await call('file:upload', { purpose: 'certificate', token: tokens[16] ?? '' });

    expect(oldest).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    expect(newest).toMatchObject({ ok: false, problem: { code: 'certificate-rejected' } });
  });
});

describe('file:browse-key', () => {
  it('tells where the key lies and keeps what is in it', async () => {
    const { call, choose } = await startHandlers();
    const path = await fileWith('id_ed25519', 'the key itself');
    choose(path);

    const picked = await call('file:browse-key', {});

    expect(picked).toEqual({ ok: true, value: { path } });
  });

  it('answers null when the dialog was closed', async () => {
    const { call } = await startHandlers();

    expect(valueOf(await call('file:browse-key', {}))).toBeNull();
  });
});
