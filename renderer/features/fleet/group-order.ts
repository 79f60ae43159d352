// Groups as a tree: their order, their depth, and what their gateways come to. Pure.
import type { FleetRow, GroupRow } from '#ipc';
import { countStates } from './find-rows.ts';
import type { RowState } from './fleet-facts.ts';

/** One line of the tree. */
export type TreeLine = {
  group: GroupRow;
  depth: number;
  hasChildren: boolean;
  /** Gateways in it and below it, by state. */
  states: { state: RowState; count: number }[];
  total: number;
};

/** Parents before their children, siblings by name. A group whose parent is missing stands at the top. */
export function treeLines(groups: readonly GroupRow[], rows: readonly FleetRow[]): TreeLine[] {
  const children = childrenOf(groups);
  const lines: TreeLine[] = [];
  const walk = (parent: string | null, depth: number): void => {
    for (const group of children.get(parent) ?? []) {
      const names = new Set(withDescendants(groups, group.name));
      const mine = rows.filter((row) => row.group !== null && names.has(row.group));
      const hasChildren = children.has(group.name);
      lines.push({ group, depth, hasChildren, states: countStates(mine), total: mine.length });
      walk(group.name, depth + 1);
    }
  };
  walk(null, 0);
  return lines;
}

function childrenOf(groups: readonly GroupRow[]): Map<string | null, GroupRow[]> {
  const names = new Set(groups.map(({ name }) => name));
  const children = new Map<string | null, GroupRow[]>();
  for (const group of groups.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))) {
    const parent = group.parent !== null && names.has(group.parent) ? group.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), group]);
  }
  return children;
}

/** The group and everything below it; a circle in the files does not hold it up. */
export function withDescendants(groups: readonly GroupRow[], name: string): string[] {
  const found = new Set([name]);
  for (const each of found) {
    for (const group of groups) if (group.parent === each) found.add(group.name);
  }
  return [...found];
}

/** Where a group may move: not into itself and not below itself. */
export function possibleParents(groups: readonly GroupRow[], name: string): string[] {
  const own = new Set(withDescendants(groups, name));
  return groups.map((group) => group.name).filter((candidate) => !own.has(candidate));
}

/** 'core / edge': the way from the top. */
export function groupTrail(groups: readonly GroupRow[], name: string): string {
  const path: string[] = [];
  let at: string | null = name;
  while (at !== null && !path.includes(at)) {
    path.unshift(at);
    const here: string = at;
    at = groups.find((group) => group.name === here)?.parent ?? null;
  }
  return path.join(' / ');
}
