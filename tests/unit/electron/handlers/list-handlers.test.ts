import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, valueOf } from '../../../support/temporary-fleet.ts';
import { startHandlers } from '../../../support/test-services.ts';

describe('list:open', () => {
  it('reads UTF-8, what Windows calls Unicode and its older encoding, and no binary file', async () => {
    const { call, choose } = await startHandlers();
    const path = join(await temporaryFolder(), 'deny.txt');
    choose(path);

    await writeFile(path, '192.0.2.1 # größer\n');
    const utf8 = valueOf(await call('list:open', {}));
    await writeFile(path, Buffer.from('\uFEFF192.0.2.1 # größer\r\n', 'utf16le'));
    const utf16 = valueOf(await call('list:open', {}));
    await writeFile(path, Buffer.from([0x50, 0x4b, 3, 4, 0, 0]));
    const zip = await call('list:open', {});
    await writeFile(path, Buffer.from('192.0.2.1 # gr\u00f6\u00dfer\n', 'latin1'));
    const latin1 = valueOf(await call('list:open', {}));

    expect(utf8).toEqual({ fileName: 'deny.txt', text: '192.0.2.1 # größer\n' });
    expect(utf16?.text).toBe('192.0.2.1 # größer\r\n');
    expect(zip).toMatchObject({ ok: false, problem: { code: 'list-rejected' } });
    expect(latin1?.text).toBe('192.0.2.1 # größer\n');
  });
});

describe('list:save', () => {
  it('writes where the user chose, and says why it cannot', async () => {
    const { call, choose } = await startHandlers();
    const folder = await temporaryFolder();

    choose(join(folder, 'export.txt'));
    const saved = valueOf(await call('list:save', { suggestedName: 'deny.txt', text: '192.0.2.1\n' }));
    choose(join(folder, 'no', 'such', 'folder.txt'));
    const refused = await call('list:save', { suggestedName: 'deny.txt', text: '192.0.2.1\n' });
    choose(null);

    expect(saved).toEqual({ fileName: 'export.txt' });
    expect(await readFile(join(folder, 'export.txt'), 'utf8')).toBe('192.0.2.1\n');
    expect(refused).toMatchObject({ ok: false, problem: { code: 'storage-failed' } });
    expect(valueOf(await call('list:save', { suggestedName: 'deny.txt', text: '' }))).toBeNull();
  });
});
