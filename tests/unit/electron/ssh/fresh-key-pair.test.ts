import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { createFreshKeyPair } from '../../../../electron/ssh/fresh-key-pair.ts';

describe('createFreshKeyPair', () => {
  it('gives only keys that can be read back: ssh2 alone fails about once in 250', () => {
    const bad = Array.from({ length: 1500 }, () => createFreshKeyPair('test')).filter(
      ({ privateKey }) => ssh2.utils.parseKey(privateKey) instanceof Error,
    );

    expect(bad).toEqual([]);
  });
});
