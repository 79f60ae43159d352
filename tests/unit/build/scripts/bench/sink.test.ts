// The counter that smtp-sink prints over and over.
import { describe, expect, it } from 'vitest';
import { parseSinkCount } from '../../../../../build/scripts/bench/sink.ts';

describe('parseSinkCount', () => {
  it('reads the last count', () => {
    expect(parseSinkCount('sess=1 quit=0 mesg=41\rsess=2 quit=0 mesg=42\r')).toBe(42);
  });

  it('does not read a number that is still being written', () => {
    expect(parseSinkCount('sess=1 quit=0 mesg=41\rsess=2 quit=0 mesg=4')).toBe(41);
  });

  it('is nothing before the first message', () => {
    expect(parseSinkCount('')).toBe(0);
  });
});
