import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bundleRelease, hasLargeFile, type ReadyRelease } from '../../../../electron/fleet/ready-release.ts';
import { defaultConfig } from '../../../../gateway-agent/contract/config.ts';
import { Release } from '../../../../gateway-agent/contract/requests.ts';

const [small, large] = ['1'.repeat(64), '2'.repeat(64)] as [string, string];
const list = Buffer.from('192.0.2.1\n'.repeat(10_000));
const release: ReadyRelease = {
  revision: 'a'.repeat(64),
  config: defaultConfig,
  contents: new Map([
    [small, Buffer.from('small')],
    [large, list],
  ]),
  missingHere: [],
};

describe('bundleRelease', () => {
  it('sends small files along always, and a large one compressed where the gateway lacks it', async () => {
    const { files } = await bundleRelease(release, new Set([small]));

    expect(files[small]).toEqual({ encoding: 'base64', data: Buffer.from('small').toString('base64') });
    expect(files[large]?.encoding).toBe('gzip+base64');
    expect(gunzipSync(Buffer.from(files[large]?.data ?? '', 'base64'))).toEqual(list);
  });

  it('leaves out a large file that the gateway holds', async () => {
    const bundled = await bundleRelease(release, new Set([large]));

    expect(Object.keys(bundled.files)).toEqual([small]);
    expect(Release.safeParse(bundled).success).toBe(true);
  });
});

describe('hasLargeFile', () => {
  it('tells whether the gateway must be asked first', () => {
    expect(hasLargeFile(release)).toBe(true);
    expect(hasLargeFile({ ...release, contents: new Map([[small, Buffer.alloc(64 * 1024)]]) })).toBe(false);
  });
});
