// The address list that is sent: shared lists in their order, then a gateway's own entries. Shared ones are read and
// hashed once for all gateways of a call; only the own entries cost anything for each.
import { createHash, type Hash } from 'node:crypto';
import type { Sha256 } from '#contract/files';
import { done, type Outcome } from '#contract/outcome';
import { readEntries, type ListFile } from './list-files.ts';
import { sharedName } from './shared-lists.ts';

/** A list as a release names it; its content is put together only for who sends it. */
export type PlannedList = { sha256: Sha256; content(): Buffer };

/** What makes one list. `label` names the own entries where one of them is refused. */
export type ListParts = { label: string; shared: readonly string[]; own: string };

export type ListPlanner = {
  /** null: no entry at all, which is no list; both mean the same and so make the same revision. */
  plan(parts: ListParts): Promise<Outcome<PlannedList | null>>;
};

type Base = { hash: Hash; entries: number; texts: string[] };

/** A planner that remembers the shared lists it has read. A bad line fails everything, by list and line. */
export function createListPlanner(loadList: (name: string) => Promise<Outcome<ListFile>>): ListPlanner {
  const bases = new Map<string, Promise<Outcome<Base>>>();

  async function readBase(names: readonly string[]): Promise<Outcome<Base>> {
    const base: Base = { hash: createHash('sha256'), entries: 0, texts: [] };
    for (const name of names) {
      const file = await loadList(name);
      if (!file.ok) return file;
      const read = await readEntries(sharedName(name), file.value.text, file.value.sha256);
      if (!read.ok) return read;
      base.hash.update(read.value.sent);
      base.entries += read.value.entries;
      base.texts.push(read.value.sent);
    }
    return done(base);
  }

  function baseOf(names: readonly string[]): Promise<Outcome<Base>> {
    const key = names.join(' ');
    const base = bases.get(key) ?? readBase(names);
    bases.set(key, base);
    return base;
  }

  return {
    async plan({ label, shared, own }) {
      const base = await baseOf([...new Set(shared)]);
      if (!base.ok) return base;
      const read = own === '' ? null : await readEntries(label, own);
      if (read?.ok === false) return read;
      const { hash, entries, texts } = base.value;
      if (entries + (read?.value.entries ?? 0) === 0) return done(null);
      const parts = read === null ? texts : [...texts, read.value.sent];
      const sha256 = hash
        .copy()
        .update(read?.value.sent ?? '')
        .digest('hex');
      return done({ sha256, content: () => Buffer.from(parts.join(''), 'utf8') });
    },
  };
}
