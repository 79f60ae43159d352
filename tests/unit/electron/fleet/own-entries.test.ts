import { describe, expect, it } from 'vitest';
import { ownEntriesFor } from '../../../../electron/fleet/own-entries.ts';

describe('ownEntriesFor', () => {
  it('keeps comments and order of the own list, drops what is gone, and puts what is new behind', () => {
    const own = '# ours\n192.0.2.1\n192.0.2.2\n';

    expect(ownEntriesFor('192.0.2.2\n198.51.100.7\n', [], own)).toEqual({
      own: '# ours\n192.0.2.2\n198.51.100.7\n',
      leavesShared: false,
    });
  });

  it('leaves out what a shared list brings anyway', () => {
    expect(ownEntriesFor('203.0.113.0/24\n192.0.2.1\n', ['203.0.113.0/24\n'], '')).toEqual({
      own: '192.0.2.1\n',
      leavesShared: false,
    });
  });

  it('leaves the shared lists where an entry of them is not there', () => {
    expect(ownEntriesFor('192.0.2.1\n', ['203.0.113.0/24\n192.0.2.1\n'], '')).toEqual({
      own: '192.0.2.1\n',
      leavesShared: true,
    });
  });

  it('takes over a changed note', () => {
    expect(ownEntriesFor('192.0.2.1 # new\n', [], '192.0.2.1 # old\n').own).toBe('192.0.2.1 # new\n');
  });

  it('gives an empty list for none', () => {
    expect(ownEntriesFor('', [], '192.0.2.1\n')).toEqual({ own: '', leavesShared: false });
  });
});
