import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../../gateway-agent/certificates/hash.ts';
import { assembleRelease } from '../../../../gateway-agent/commands/assemble-release.ts';
import { storeRelease } from '../../../../gateway-agent/store/release-store.ts';
import { buildTestRelease } from '../../../support/test-release.ts';

const deny = '192.0.2.0/24\n';
const release = buildTestRelease({ deny });
const sha256 = sha256Of(deny);
const plain = (content: Buffer | string) => ({
  encoding: 'base64' as const,
  data: Buffer.from(content).toString('base64'),
});
const zipped = (content: Buffer) => ({
  encoding: 'gzip+base64' as const,
  data: gzipSync(content).toString('base64'),
});

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-assemble-'));
  await mkdir(join(root, 'releases'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('assembleRelease', () => {
  it.each([
    ['plain', plain(deny)],
    ['zipped', zipped(Buffer.from(deny))],
  ])('takes content that came along, %s', async (_, file) => {
    const assembled = await assembleRelease(root, { config: release.config, files: { [sha256]: file } });

    expect(assembled).toEqual({ ok: true, value: release });
  });

  it('takes content that a kept release holds', async () => {
    await storeRelease(root, buildTestRelease({ deny, port: 2626 }), 'anna');

    expect(await assembleRelease(root, { config: release.config, files: {} })).toEqual({ ok: true, value: release });
  });

  it('names the file that nobody has', async () => {
    const assembled = await assembleRelease(root, { config: release.config, files: {} });

    expect(assembled).toMatchObject({ problem: { code: 'files-missing' } });
    expect(JSON.stringify(assembled)).toContain(`lists/deny.txt (${sha256.slice(0, 12)})`);
  });

  it('refuses content under a hash that it does not have', async () => {
    const files = { [sha256]: plain('198.51.100.0/24\n') };

    expect(await assembleRelease(root, { config: release.config, files })).toMatchObject({
      problem: { code: 'bad-request' },
    });
  });

  it('refuses a file that the configuration does not name, before it decodes anything', async () => {
    const files = { [sha256]: plain(deny), ['f'.repeat(64)]: plain('x') };

    expect(await assembleRelease(root, { config: release.config, files })).toMatchObject({
      problem: { code: 'bad-request' },
    });
  });

  it('stops unpacking a gzip bomb at its limit', async () => {
    const bomb = zipped(Buffer.alloc(200 * 1024 * 1024));
    const before = process.memoryUsage.rss();

    const assembled = await assembleRelease(root, { config: release.config, files: { [sha256]: bomb } });

    expect(assembled).toMatchObject({
      problem: { code: 'bad-request', message: expect.stringContaining('128 MiB') as string },
    });
    expect(process.memoryUsage.rss() - before).toBeLessThan(400 * 1024 * 1024);
  });
});
