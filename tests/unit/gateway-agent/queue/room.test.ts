// Room for a message, on the file system the tests run on.
import { statfsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Room } from '../../../../gateway-agent/queue/room.ts';
import { queueFolder } from '../../../support/queue-folder.ts';

describe('Room', () => {
  it('asks for one and a half times the maximum message size', () => {
    using folder = queueFolder();
    const { bavail, bsize } = statfsSync(folder.path);
    const free = bavail * bsize;

    expect(new Room(folder.path).hasRoomFor(free / 2)).toBe(true);
    expect(new Room(folder.path).hasRoomFor(free / 1.2)).toBe(false);
  });

  it('has none where the file system cannot be asked', () => {
    expect(new Room('/no/such/folder').hasRoomFor(1)).toBe(false);
  });
});
