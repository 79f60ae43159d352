// What a server and all its children have cost, read from /proc (Linux only).
import { readdirSync, readFileSync } from 'node:fs';

export type ProcessFacts = { pid: number; parent: number; cpuTicks: number };
export type MemoryFacts = { ownKib: number; sharedKib: number };
export type TreeCost = { cpuMilliseconds: number; residentMiB: number };

/** USER_HZ: proc(5) counts in it, and it is 100 on every architecture that Node runs on. */
const tickMilliseconds = 10;

/** Reads a line of /proc/PID/stat. The CPU time includes that of children which have ended and were waited for. */
export function parseStat(line: string): ProcessFacts {
  // The name in brackets may hold blanks and brackets itself, so fields are counted from the last one.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]); // as proc(5) numbers them
  const cpuTicks = field(14) + field(15) + field(16) + field(17); // utime, stime, cutime, cstime
  return { pid: Number.parseInt(line, 10), parent: field(4), cpuTicks };
}

/** Reads /proc/PID/status: what is resident for this process alone, and what may be shared with others. */
export function parseMemory(status: string): MemoryFacts {
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  return { ownKib: field('RssAnon'), sharedKib: field('RssFile') + field('RssShmem') };
}

/** Programs and libraries are counted once for a whole tree: Postfix runs a few of them in a hundred processes. */
export function sumMemory(processes: readonly MemoryFacts[]): number {
  const own = processes.reduce((total, { ownKib }) => total + ownKib, 0);
  return (own + Math.max(0, ...processes.map(({ sharedKib }) => sharedKib))) / 1024;
}

/** The process and everything below it. */
export function selectTree(processes: readonly ProcessFacts[], root: number): ProcessFacts[] {
  const tree = processes.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...processes.filter(({ parent }) => parent === pid)); // grows while it is walked
  return tree;
}

/** Nothing when the process has ended meanwhile. */
function readFacts<T>(path: string, parse: (text: string) => T): T[] {
  try {
    return [parse(readFileSync(path, 'utf8'))];
  } catch {
    return [];
  }
}

function readTree(root: number): ProcessFacts[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const processes = pids.flatMap((pid) => readFacts(`/proc/${pid}/stat`, parseStat));
  return selectTree(processes, root);
}

/** CPU so far and memory now. */
export function readTreeCost(root: number): TreeCost {
  const tree = readTree(root);
  const cpuTicks = tree.reduce((total, one) => total + one.cpuTicks, 0);
  const memory = tree.flatMap(({ pid }) => readFacts(`/proc/${pid}/status`, parseMemory));
  return { cpuMilliseconds: cpuTicks * tickMilliseconds, residentMiB: sumMemory(memory) };
}

/** All pids of the tree, the root first. */
export function listTree(root: number): number[] {
  return readTree(root).map(({ pid }) => pid);
}
