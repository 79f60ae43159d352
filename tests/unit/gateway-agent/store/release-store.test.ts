import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCurrent } from '../../../../gateway-agent/store/current.ts';
import { loadRelease, storeRelease } from '../../../../gateway-agent/store/release-store.ts';
import { buildTestRelease } from '../../../support/test-release.ts';

const release = buildTestRelease({ deny: '192.0.2.0/24\n' });

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-store-'));
  await mkdir(join(root, 'releases'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const folder = (): string => join(root, 'releases', release.revision);

describe('storeRelease', () => {
  it('keeps what loadRelease gives back, byte for byte', async () => {
    await storeRelease(root, release, 'anna');

    expect(await loadRelease(root, release.revision)).toEqual({ ok: true, value: release });
  });

  it('lets the group read and nobody else, whatever the umask is', async () => {
    const umask = process.umask(0o077);
    await storeRelease(root, release, 'anna').finally(() => process.umask(umask));

    const modes = await Promise.all(
      ['', 'config.json', 'pushed.json', 'lists', 'lists/deny.txt'].map(async (path) => {
        const { mode } = await stat(join(folder(), path));
        return (mode & 0o7777).toString(8);
      }),
    );
    expect(modes).toEqual(['2750', '640', '640', '2750', '640']);
  });

  it('leaves a release that is there and whole as it is', async () => {
    await storeRelease(root, release, 'anna');
    const before = await stat(join(folder(), 'pushed.json'));

    await storeRelease(root, release, 'bert');

    expect((await stat(join(folder(), 'pushed.json'))).ino).toBe(before.ino);
  });

  it('sets a damaged release aside and writes it anew', async () => {
    await storeRelease(root, release, 'anna');
    await appendFile(join(folder(), 'lists/deny.txt'), 'x');

    await storeRelease(root, release, 'anna');

    expect((await loadRelease(root, release.revision)).ok).toBe(true);
    expect((await readdir(join(root, 'releases'))).some((name) => name.startsWith('.damaged-'))).toBe(true);
  });

  it('shares a large list with a kept release instead of writing it again', async () => {
    const deny = '192.0.2.1 # a note that makes it long\n'.repeat(3000);
    const [first, second] = [buildTestRelease({ deny, port: 2525 }), buildTestRelease({ deny, port: 2526 })];

    await storeRelease(root, first, 'anna');
    await storeRelease(root, second, 'anna');

    const inodes = await Promise.all(
      [first, second].map(({ revision }) => stat(join(root, 'releases', revision, 'lists/deny.txt'))),
    );
    expect(inodes[0]?.ino).toBe(inodes[1]?.ino);
  });

  it('says that the folder is missing', async () => {
    await rm(join(root, 'releases'), { recursive: true });

    expect(await storeRelease(root, release, 'anna')).toMatchObject({ ok: false, problem: { code: 'storage-failed' } });
  });

  it('follows no link that lies where the release should', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'postern-outside-'));
    await symlink(outside, folder());

    const stored = await storeRelease(root, release, 'anna');

    expect(stored.ok).toBe(false);
    expect(await readdir(outside)).toEqual([]);
    await rm(outside, { recursive: true });
  });
});

describe('loadRelease', () => {
  it('says that a release is not kept', async () => {
    expect(await loadRelease(root, release.revision)).toMatchObject({ problem: { code: 'no-such-release' } });
  });

  it('takes no path for a revision', async () => {
    await expect(loadRelease(root, '../../etc')).rejects.toThrow('SHA-256');
  });

  it.each(['config.json', 'lists/deny.txt', 'lists'])('follows no link in place of %s', async (path) => {
    await storeRelease(root, release, 'anna');
    await rename(join(folder(), path), join(root, 'elsewhere'));
    await symlink(join(root, 'elsewhere'), join(folder(), path));

    expect(await loadRelease(root, release.revision)).toMatchObject({ problem: { code: 'storage-failed' } });
  });

  it('refuses a configuration of another revision', async () => {
    await storeRelease(root, release, 'anna');
    await rm(join(folder(), 'config.json'));
    await writeFile(join(folder(), 'config.json'), '{"schemaVersion":1}');

    expect(await loadRelease(root, release.revision)).toMatchObject({ problem: { code: 'storage-failed' } });
  });
});

describe('a crash or a full disk at any step', () => {
  const program = fileURLToPath(new URL('../../../support/store-with-trouble.ts', import.meta.url));

  function storeWithTrouble(at: string, step: number, trouble: 'kill' | 'full'): Promise<string> {
    return new Promise((resolve) => {
      execFile(process.execPath, [program, at, String(step), trouble], (_, stdout) => resolve(stdout));
    });
  }

  async function makeRoot(): Promise<string> {
    const at = await mkdtemp(join(root, 'trial-'));
    await mkdir(join(at, 'releases'));
    return at;
  }

  it('leaves the release and `current` whole or absent, and the next push succeeds', async () => {
    const { calls } = JSON.parse(await storeWithTrouble(await makeRoot(), 0, 'kill')) as { calls: number };
    expect(calls).toBeGreaterThan(15);

    for (let step = 1; step <= calls; step += 1) {
      const at = await makeRoot();
      expect(await storeWithTrouble(at, step, 'kill')).toBe('');

      const loaded = await loadRelease(at, release.revision);
      expect(loaded.ok || loaded.problem.code === 'no-such-release').toBe(true);
      const current = await readCurrent(at);
      expect(current === null || (current === release.revision && loaded.ok)).toBe(true);
      expect(await storeRelease(at, release, 'anna')).toEqual({ ok: true, value: undefined });
    }
  }, 60_000);

  it('names the full disk and leaves nothing half behind', async () => {
    for (const step of [1, 4, 6, 9, 12]) {
      const at = await makeRoot();
      const { outcome } = JSON.parse(await storeWithTrouble(at, step, 'full')) as { outcome: unknown };

      expect(outcome).toMatchObject({
        problem: { code: 'storage-failed', message: 'The disk of the gateway is full.' },
      });
      expect(await readdir(join(at, 'releases'))).toEqual([]);
    }
  }, 60_000);
});
