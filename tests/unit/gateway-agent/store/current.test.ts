import { lstat, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  clearPending,
  readCurrent,
  readPending,
  writeCurrent,
  writePending,
} from '../../../../gateway-agent/store/current.ts';

const revision = 'a'.repeat(64);
const pending = {
  revision,
  pushId: 'b2f3c1de-6f0a-4d58-9a53-0d4ff1c5a111',
  author: 'anna',
  at: '2026-11-24T04:00:00.000Z',
  deadline: '2026-11-24T04:01:00.000Z',
};

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-current-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('current', () => {
  it('is null before the first confirmation', async () => {
    expect(await readCurrent(root)).toBeNull();
  });

  it('holds the last revision written', async () => {
    await writeCurrent(root, 'b'.repeat(64));
    await writeCurrent(root, revision);

    expect(await readCurrent(root)).toBe(revision);
    expect(await readFile(join(root, 'current'), 'utf8')).toBe(`${revision}\n`);
  });

  it('is null when the line is no revision', async () => {
    await writeFile(join(root, 'current'), '../../etc/passwd\n');

    expect(await readCurrent(root)).toBeNull();
  });

  it('is not read through a link', async () => {
    await writeFile(join(root, 'elsewhere'), `${revision}\n`);
    await symlink('elsewhere', join(root, 'current'));

    await expect(readCurrent(root)).rejects.toThrow('ELOOP');
  });

  it('is not written through a link that waits under its next name', async () => {
    await writeFile(join(root, 'elsewhere'), 'untouched');
    await symlink('elsewhere', join(root, 'current.next'));

    await writeCurrent(root, revision);

    expect(await readFile(join(root, 'elsewhere'), 'utf8')).toBe('untouched');
    expect((await lstat(join(root, 'current'))).isFile()).toBe(true);
  });
});

describe('pending.json', () => {
  it('gives back what was noted, until it is cleared', async () => {
    await writePending(root, pending);
    expect(await readPending(root)).toEqual(pending);

    await clearPending(root);

    expect(await readPending(root)).toBeNull();
  });

  it('is null when it is damaged', async () => {
    await writeFile(join(root, 'pending.json'), '{"revision":');

    expect(await readPending(root)).toBeNull();
  });
});
