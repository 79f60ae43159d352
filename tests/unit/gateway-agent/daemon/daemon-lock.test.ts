import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockDaemon } from '../../../../gateway-agent/daemon/daemon-lock.ts';

describe('lockDaemon', () => {
  it('is given once for a folder, under whatever name, and again after it was let go', async () => {
    const root = await mkdtemp(join(tmpdir(), 'postern-lock-'));
    const other = await mkdtemp(join(tmpdir(), 'postern-lock-'));
    await symlink(root, join(other, 'link'));

    const unlock = await lockDaemon(root);

    expect(unlock).not.toBeNull();
    expect(await lockDaemon(root)).toBeNull();
    expect(await lockDaemon(join(other, 'link'))).toBeNull();
    const unlockOther = await lockDaemon(other);
    expect(unlockOther).not.toBeNull();
    unlock?.();
    const again = await lockDaemon(root);
    expect(again).not.toBeNull();
    again?.();
    unlockOther?.();
    await rm(root, { recursive: true });
    await rm(other, { recursive: true });
  });
});
