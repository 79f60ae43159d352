// The command line of the benchmark.
import { describe, expect, it } from 'vitest';
import { readOptions } from '../../../../../build/scripts/bench/options.ts';

describe('readOptions', () => {
  it('measures everything three times by default', () => {
    expect(readOptions([])).toEqual({
      isQuick: false,
      isIdle: false,
      peers: ['agent', 'postfix', 'haraka'],
      rounds: 3,
      cases: ['all'],
      agentBundle: null,
      jsonFile: null,
      profileFolder: null,
    });
  });

  it('runs one round when it is quick, unless told otherwise', () => {
    expect(readOptions(['--quick'])?.rounds).toBe(1);
    expect(readOptions(['--quick', '--rounds', '2'])?.rounds).toBe(2);
  });

  it('gives null for help', () => {
    expect(readOptions(['--help'])).toBeNull();
  });

  it.each([
    [['--rounds', '0'], '--rounds takes 1 to 20, not "0".'],
    [['--rounds', 'x'], '--rounds takes 1 to 20, not "x".'],
    [['--peers', 'agent,exim'], '--peers knows agent, postfix, haraka, not "exim".'],
    [['--fast'], "Unknown option '--fast'"],
  ])('refuses %j', (args, reason) => {
    expect(() => readOptions(args)).toThrow(reason);
  });
});
