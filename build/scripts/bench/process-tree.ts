// What a server and all its children have cost, read from /proc (Linux only).
import { readdirSync, readFileSync } from 'node:fs';

export type ProcessFacts = { pid: number; parent: number; cpuTicks: number; residentPages: number };
export type TreeCost = { cpuMilliseconds: number; residentMiB: number };

/** USER_HZ: proc(5) counts in it, and it is 100 on every architecture that Node runs on. */
const tickMilliseconds = 10;

/** Node runs on Linux with 4 KiB pages; where they are larger, ask `getconf PAGESIZE`. */
const pageBytes = 4096;

/** Reads a line of /proc/PID/stat. The CPU time includes that of children which have ended and were waited for. */
export function parseStat(line: string): ProcessFacts {
  // The name in brackets may hold blanks and brackets itself, so fields are counted from the last one.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]); // as proc(5) numbers them
  const cpuTicks = field(14) + field(15) + field(16) + field(17); // utime, stime, cutime, cstime
  return { pid: Number.parseInt(line, 10), parent: field(4), cpuTicks, residentPages: field(24) };
}

/** The process and everything below it. */
export function selectTree(processes: readonly ProcessFacts[], root: number): ProcessFacts[] {
  const tree = processes.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...processes.filter(({ parent }) => parent === pid)); // grows while it is walked
  return tree;
}

function readProcesses(): ProcessFacts[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [parseStat(readFileSync(`/proc/${name}/stat`, 'utf8'))];
    } catch {
      return []; // ended meanwhile
    }
  });
}

/** CPU so far and memory now. Pages that processes share are counted for each of them. */
export function readTreeCost(root: number): TreeCost {
  const tree = selectTree(readProcesses(), root);
  const sum = (key: 'cpuTicks' | 'residentPages') => tree.reduce((total, one) => total + one[key], 0);
  return {
    cpuMilliseconds: sum('cpuTicks') * tickMilliseconds,
    residentMiB: (sum('residentPages') * pageBytes) / 1024 ** 2,
  };
}

/** All pids of the tree, the root first. */
export function listTree(root: number): number[] {
  return selectTree(readProcesses(), root).map(({ pid }) => pid);
}
