import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPushRecord } from '../../../../gateway-agent/store/find-push-record.ts';

const pushId = '3f0c5a52-6a0e-4d53-9c0b-0f4f5a1f6a11';

describe('findPushRecord', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-push-'));
    path = join(folder, '2026-11-24.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const push = (outcome: string) =>
    `${JSON.stringify({ at: '2026-11-24T12:00:00.000Z', event: 'push', pushId, outcome, revision: 'a'.repeat(64), author: 't' })}\n`;
  const refused = `${JSON.stringify({ event: 'refused', to: pushId, reason: 'x'.repeat(150) })}\n`;

  it('gives the newest of several, wherever the blocks of the file end', async () => {
    const many = refused.repeat(9000); // 2 MB, so that a record lies across a border of 1 MiB in one of the tries
    for (const before of [0, 4725, 5000]) {
      await writeFile(path, refused.repeat(before) + push('pending') + many + push('confirmed') + many);

      expect(await findPushRecord(path, pushId)).toMatchObject({ pushId, outcome: 'confirmed' });
    }
  });

  it('passes over a line that was cut off, and finds a last line without an end', async () => {
    await writeFile(path, push('pending') + push('confirmed').slice(0, -20));
    expect(await findPushRecord(path, pushId)).toMatchObject({ outcome: 'pending' });

    await writeFile(path, push('pending') + push('confirmed').trimEnd());
    expect(await findPushRecord(path, pushId)).toMatchObject({ outcome: 'confirmed' });
  });

  it('is null for an unknown push and for a file that is not there', async () => {
    await writeFile(path, refused);

    expect(await findPushRecord(path, pushId)).toBeNull();
    expect(await findPushRecord(join(folder, 'none'), pushId)).toBeNull();
  });
});
