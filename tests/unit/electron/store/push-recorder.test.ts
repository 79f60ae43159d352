import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import git from 'isomorphic-git';
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GatewayRecord } from '#contract/fleet';
import { temporaryFleet, valueOf } from '../../../support/temporary-fleet.ts';

const record = GatewayRecord.parse({ ssh: { host: 'mx.example.test' } });
const lastPush = { revision: 'a'.repeat(64), at: '2026-01-01T00:00:00Z', by: 'Anna', pushId: 'one' };

describe('recordPush', () => {
  it('records pushes that end together with few commits, and each in its own file', async () => {
    const folder = await temporaryFleet();
    const names = Array.from({ length: 12 }, (_, index) => `edge${index + 1}`);
    for (const name of names) valueOf(await folder.add(name, record));
    const before = (await git.log({ fs, dir: folder.path })).length;

    await Promise.all(names.map(async (name) => valueOf(await folder.recordPush(name, { ...lastPush, pushId: name }))));

    expect((await git.log({ fs, dir: folder.path })).length - before).toBeLessThanOrEqual(2);
    for (const name of names) expect(valueOf(await folder.load(name)).lastPush?.pushId).toBe(name);
  });

  it('tells of the one whose file cannot be read, and records the others', async () => {
    const folder = await temporaryFleet();
    for (const name of ['edge1', 'edge2']) valueOf(await folder.add(name, record));
    await writeFile(join(folder.path, 'gateways/edge1.yaml'), 'ssh: [');

    const [first, second] = await Promise.all([
      folder.recordPush('edge1', lastPush),
      folder.recordPush('edge2', lastPush),
    ]);

    expect(first).toMatchObject({ ok: false, problem: { code: 'folder-unreadable' } });
    expect(second).toMatchObject({ ok: true });
  });
});
