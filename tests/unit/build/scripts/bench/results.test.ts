// Medians, the table, and the comparison with the aims.
import { describe, expect, it } from 'vitest';
import {
  compareWithAims,
  formatTable,
  median,
  summarize,
  type Result,
} from '../../../../../build/scripts/bench/results.ts';

const load = { name: '4k/20/many', bytes: 4096, sessions: 20, perSession: 'many', messages: 3000 } as const;

function result(peer: Result['peer'], changes: Partial<Result> = {}): Result {
  const { bytes, sessions, perSession } = load;
  const values = { acceptedPerSecond: 900, deliveredPerSecond: 600, cpuMsPerMessage: 0.5, rssMiB: 90 };
  return { peer, bytes, sessions, perSession, ...values, ...changes };
}

describe('median', () => {
  it('is the middle value of an odd number', () => {
    expect(median([9, 1, 2])).toBe(2);
  });

  it('is the mean of the middle two of an even number', () => {
    expect(median([4, 1, 100, 2])).toBe(3);
  });

  it('sorts by number, not by text', () => {
    expect(median([100, 9, 20])).toBe(20);
  });
});

describe('summarize', () => {
  it('takes the median of each value by itself', () => {
    const samples = [
      { acceptedPerSecond: 10, deliveredPerSecond: 3, cpuMsPerMessage: 1, rssMiB: 70 },
      { acceptedPerSecond: 20, deliveredPerSecond: 1, cpuMsPerMessage: 3, rssMiB: 90 },
      { acceptedPerSecond: 30, deliveredPerSecond: 2, cpuMsPerMessage: 2, rssMiB: 80 },
    ];

    expect(summarize('haraka', load, samples)).toEqual({
      peer: 'haraka',
      bytes: 4096,
      sessions: 20,
      perSession: 'many',
      acceptedPerSecond: 20,
      deliveredPerSecond: 2,
      cpuMsPerMessage: 2,
      rssMiB: 80,
    });
  });
});

describe('compareWithAims', () => {
  it('marks what is reached and what is not', () => {
    const results = [
      result('agent', { deliveredPerSecond: 600, cpuMsPerMessage: 0.7 }),
      result('postfix', { deliveredPerSecond: 100 }),
      result('haraka', { deliveredPerSecond: 200 }),
    ];

    expect(compareWithAims(results)).toEqual([
      '4096 bytes, 20 sessions, many a session: CPU 0.70 ms (aim ≤ 0.6) ✗; ' +
        'delivered 6.0 × postfix (aim ≥ 6) ✓; delivered 3.0 × haraka (aim ≥ 4) ✗',
    ]);
  });

  it('says nothing about loads without an aim, nor without the agent', () => {
    expect(compareWithAims([result('agent', { sessions: 200 }), result('postfix')])).toEqual([]);
  });

  it('leaves out a peer that was not measured', () => {
    expect(compareWithAims([result('agent')])).toEqual([
      '4096 bytes, 20 sessions, many a session: CPU 0.50 ms (aim ≤ 0.6) ✓',
    ]);
  });
});

describe('formatTable', () => {
  it('is a Markdown table with columns of equal width', () => {
    const lines = formatTable([result('agent'), result('postfix', { deliveredPerSecond: 98.6 })]).split('\n');

    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[3]).toMatch(/^\| +4096 \| +20 \| +many \| postfix \| +900 \| +99 \| +0\.50 \| +90 \|$/);
  });
});
