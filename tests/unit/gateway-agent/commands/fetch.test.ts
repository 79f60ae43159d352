import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../../gateway-agent/certificates/hash.ts';
import { fetch } from '../../../../gateway-agent/commands/fetch.ts';
import type { Answer, FetchReply } from '../../../../gateway-agent/contract/replies.ts';
import { Request } from '../../../../gateway-agent/contract/requests.ts';
import { storeRelease } from '../../../../gateway-agent/store/release-store.ts';
import { buildApply } from '../../../support/agent-requests.ts';
import { temporaryFolder } from '../../../support/temporary-fleet.ts';
import { buildTestRelease } from '../../../support/test-release.ts';

let root: string;
beforeEach(async () => {
  root = await temporaryFolder();
  await mkdir(join(root, 'releases'));
});

function ask(revision: string, holds: string[] = []): Promise<Answer<FetchReply>> {
  const request = Request.parse({ verb: 'fetch', protocol: 1, revision, holds });
  const context = { root, author: 'anna', clientAddress: null, hostName: 'mx1', agentVersion: '0', onStep() {} };
  return fetch(context, request as Extract<Request, { verb: 'fetch' }>);
}

describe('fetch', () => {
  it('gives configuration and lists of a kept release, and who pushed it', async () => {
    const release = buildTestRelease({ deny: '192.0.2.0/24\n' });
    await storeRelease(root, release, 'anna');

    const answer = await ask(release.revision);

    expect(answer).toMatchObject({ ok: true, value: { config: release.config, altered: [], author: 'anna' } });
    const data = Buffer.from('192.0.2.0/24\n').toString('base64');
    expect(answer).toMatchObject({ value: { files: { [sha256Of('192.0.2.0/24\n')]: { encoding: 'base64', data } } } });
  });

  it('packs a large list, and leaves out what the caller holds', async () => {
    const deny = '192.0.2.1\n'.repeat(50_000);
    const release = buildTestRelease({ deny });
    await storeRelease(root, release, 'anna');

    const [whole, rest] = [await ask(release.revision), await ask(release.revision, [sha256Of(deny)])];

    const packed = whole.ok ? whole.value.files[sha256Of(deny)] : undefined;
    expect(packed?.encoding).toBe('gzip+base64');
    expect(gunzipSync(Buffer.from(packed?.data ?? '', 'base64')).toString()).toBe(deny);
    expect(rest).toMatchObject({ ok: true, value: { files: {} } });
  });

  it('never sends a private key, wherever somebody put it', async () => {
    const key = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n';
    const { release } = buildApply({ port: 2525, files: { privateKey: key, certificate: 'a certificate' } });
    const revision = sha256Of('x');
    const folder = join(root, 'releases', revision);
    await mkdir(join(folder, 'tls'), { recursive: true });
    await writeFile(join(folder, 'config.json'), JSON.stringify(release.config));
    await writeFile(join(folder, 'tls/server.key'), key);
    await writeFile(join(folder, 'tls/server.pem'), `a certificate\n${key}`);

    const answer = await ask(revision);

    expect(JSON.stringify(answer)).not.toContain('c2VjcmV0');
    expect(JSON.stringify(answer)).not.toContain(Buffer.from(key).toString('base64').slice(0, 40));
    expect(answer).toMatchObject({ value: { files: {}, leftOut: [expect.stringContaining('tls/server.pem')] } });
  });

  it('tells what was edited by hand', async () => {
    const release = buildTestRelease({ deny: '192.0.2.0/24\n' });
    await storeRelease(root, release, 'anna');
    await appendFile(join(root, 'releases', release.revision, 'lists/deny.txt'), '198.51.100.7\n');

    const answer = await ask(release.revision);

    expect(answer).toMatchObject({ value: { altered: [expect.stringContaining('lists/deny.txt')] } });
    expect(JSON.stringify(answer)).toContain(Buffer.from('192.0.2.0/24\n198.51.100.7\n').toString('base64'));
  });

  it('says that a release is not kept', async () => {
    expect(await ask('f'.repeat(64))).toMatchObject({ ok: false, problem: { code: 'no-such-release' } });
  });
});
