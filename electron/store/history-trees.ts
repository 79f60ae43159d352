// Which files differ between two trees, and reading single files of a tree. Equal subtrees are never opened.
import { differingEntries, entriesOf, findEntry, type GitObjects, type TreeEntry } from './history-objects.ts';

/** One path that differs; null: it is not there on that side. */
export type TreeChange = { path: string; before: TreeEntry | null; after: TreeEntry | null };

export const treeMode = '40000';

/** The fleet folder's own tree in a commit; null where the commit does not hold it. */
export async function fleetTree(objects: GitObjects, commit: string | null): Promise<string | null> {
  const facts = commit === null ? null : await objects.commit(commit);
  let tree = facts?.tree ?? null;
  for (const name of objects.repository.prefix.split('/').filter((part) => part !== '')) {
    const entry = findEntry(await objects.tree(tree), name);
    tree = entry?.mode === treeMode ? entry.oid : null;
  }
  return tree;
}

/** Every path that differs, in the order of the names. */
export async function changedPaths(
  objects: GitObjects,
  before: string | null,
  after: string | null,
): Promise<TreeChange[]> {
  return before === after ? [] : compareTrees(objects, { before, after, prefix: '' });
}

type Pair = { before: string | null; after: string | null; prefix: string };

async function compareTrees(objects: GitObjects, { before, after, prefix }: Pair): Promise<TreeChange[]> {
  const { before: old, after: now } = differingEntries(await objects.tree(before), await objects.tree(after));
  const changes: TreeChange[] = [];
  for (const name of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [was, is] = [old.get(name) ?? null, now.get(name) ?? null];
    if (was?.oid === is?.oid && was?.mode === is?.mode) continue; // listed on both sides in another order
    const [oldTree, newTree] = [was?.mode === treeMode ? was.oid : null, is?.mode === treeMode ? is.oid : null];
    if (oldTree !== null || newTree !== null) {
      const pair = { before: oldTree, after: newTree, prefix: `${prefix}${name}/` };
      changes.push(...(await compareTrees(objects, pair)));
    }
    const [oldFile, newFile] = [oldTree === null ? was : null, newTree === null ? is : null];
    if (oldFile !== null || newFile !== null) changes.push({ path: prefix + name, before: oldFile, after: newFile });
  }
  return changes;
}

/** The entry of a path, null where it is not in the tree. */
export async function entryAt(objects: GitObjects, tree: string | null, path: string): Promise<TreeEntry | null> {
  const parts = path.split('/');
  let inside = tree;
  for (const [index, name] of parts.entries()) {
    const entry = findEntry(await objects.tree(inside), name);
    if (entry === null || index === parts.length - 1) return entry;
    if (entry.mode !== treeMode) return null;
    inside = entry.oid;
  }
  return null;
}

/** The files of a folder of the tree, one level; links and folders in it are left out. */
export async function filesIn(objects: GitObjects, tree: string | null, folder: string): Promise<TreeEntry[]> {
  const entry = findEntry(await objects.tree(tree), folder);
  if (entry?.mode !== treeMode) return [];
  return entriesOf(await objects.tree(entry.oid)).filter(isFile);
}

/** An ordinary file. A link is none: a shared folder must not point at other files of this computer. */
export function isFile({ mode }: TreeEntry): boolean {
  return mode === '100644' || mode === '100755';
}

/** The text of a file, null where the path is missing or no ordinary file. */
export async function textAt(objects: GitObjects, tree: string | null, path: string): Promise<string | null> {
  const entry = await entryAt(objects, tree, path);
  if (entry === null || !isFile(entry)) return null;
  return (await objects.blob(entry.oid))?.toString('utf8') ?? null;
}
