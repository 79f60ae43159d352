import { describe, expect, it } from 'vitest';
import { formatBytes } from '../../../../renderer/components/format-bytes.ts';

describe('formatBytes', () => {
  it('uses decimal units', () => {
    expect([999, 1000, 9_940, 10_000, 25_000_000, 3_200_000_000].map(formatBytes)).toEqual([
      '999 B',
      '1.0 KB',
      '9.9 KB',
      '10 KB',
      '25 MB',
      '3.2 GB',
    ]);
  });
});
