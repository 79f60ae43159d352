// What /proc tells about a server and its children.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import {
  listTree,
  parseMemory,
  parseStat,
  readTreeCost,
  selectTree,
  sumMemory,
} from '../../../../../build/scripts/bench/process-tree.ts';

const fields = '1000 1000 0 -1 4194304 1 2 3 4 50 60 700 8000 20 0 1 0 123 4567 891 18446744073709551615';

describe('parseStat', () => {
  it('adds up the time of the process and of its children that have ended', () => {
    expect(parseStat(`77 (node) S 42 ${fields}`)).toEqual({ pid: 77, parent: 42, cpuTicks: 8810 });
  });

  it('is not misled by a name with blanks and brackets', () => {
    expect(parseStat(`77 (a) b (c) S 42 ${fields}`)).toMatchObject({ parent: 42, cpuTicks: 8810 });
  });
});

describe('parseMemory', () => {
  it('tells own pages from those that may be shared', () => {
    const status = 'VmRSS:\t   90 kB\nRssAnon:\t   40 kB\nRssFile:\t   45 kB\nRssShmem:\t       5 kB\n';

    expect(parseMemory(status)).toEqual({ ownKib: 40, sharedKib: 50 });
  });

  it('is nothing for a process that has ended', () => {
    expect(parseMemory('State:\tZ (zombie)\n')).toEqual({ ownKib: 0, sharedKib: 0 });
  });
});

describe('sumMemory', () => {
  it('counts what is shared once', () => {
    const processes = [
      { ownKib: 1024, sharedKib: 2048 },
      { ownKib: 512, sharedKib: 3072 },
    ];

    expect(sumMemory(processes)).toBe(4.5);
  });

  it('is nothing for a tree that has ended', () => {
    expect(sumMemory([])).toBe(0);
  });
});

describe('selectTree', () => {
  it('takes children and their children and nobody else', () => {
    const make = (pid: number, parent: number) => ({ pid, parent, cpuTicks: 0 });
    const processes = [make(5, 3), make(3, 2), make(2, 1), make(9, 1), make(4, 2)];

    expect(selectTree(processes, 2).map(({ pid }) => pid)).toEqual([2, 3, 4, 5]);
  });
});

describe('readTreeCost', () => {
  it('sees the time of a child that has ended, and the memory of one that runs', async () => {
    const burn = 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done';
    const child = spawn('sh', ['-c', `sh -c '${burn}'; echo done; read line`], { stdio: ['pipe', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');

    const cost = readTreeCost(child.pid ?? -1);

    child.stdin.end();
    await once(child, 'exit');
    expect(cost.cpuMilliseconds).toBeGreaterThanOrEqual(20);
    expect(cost.residentMiB).toBeGreaterThan(0.1);
    expect(listTree(child.pid ?? -1)).toEqual([]);
  });
});
