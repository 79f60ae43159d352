import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPassphraseFile } from '../../../../electron/cli/passphrase-file.ts';

let folder: string;

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'postern-passphrase-'))));
afterEach(() => rm(folder, { recursive: true }));

async function fileWith(content: string, mode: number): Promise<string> {
  const file = join(folder, 'secret');
  await writeFile(file, content);
  await chmod(file, mode);
  return file;
}

describe('readPassphraseFile', () => {
  it('reads the first line as it stands', async () => {
    expect(await readPassphraseFile(await fileWith(' two words \r\nnotes\n', 0o600))).toEqual({
      ok: true,
      value: ' two words ',
    });
    expect(await readPassphraseFile(await fileWith('no line feed', 0o400))).toEqual({
      ok: true,
      value: 'no line feed',
    });
  });

  it.each([0o644, 0o640, 0o604, 0o660])('refuses mode %o, and does not tell the content', async (mode) => {
    const read = await readPassphraseFile(await fileWith('open sesame\n', mode));

    expect(read).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
    expect(JSON.stringify(read)).not.toContain('sesame');
  });

  it('refuses a pipe at once instead of waiting for its writer', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', ['-m', '600', pipe]);

    expect(await readPassphraseFile(pipe)).toMatchObject({
      ok: false,
      problem: { message: expect.stringMatching(/plain file/) },
    });
  });

  it('refuses what is empty, too long or missing', async () => {
    expect(await readPassphraseFile(await fileWith('\n', 0o600))).toMatchObject({ ok: false });
    expect(await readPassphraseFile(await fileWith('x'.repeat(2000), 0o600))).toMatchObject({ ok: false });
    expect(await readPassphraseFile(join(folder, 'missing'))).toMatchObject({ ok: false });
  });
});
