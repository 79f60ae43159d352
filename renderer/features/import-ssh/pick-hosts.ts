// Which hosts of ~/.ssh/config can be picked, which match a search, and what marking does.
import type { ConfiguredHost } from '#ipc';

/** Neither in the fleet already nor with something in its way. */
export function canImport({ isInFleet, problem }: ConfiguredHost): boolean {
  return !isInFleet && problem === null;
}

/** Those in which every word of the search occurs: name, address, user, key or jump host. */
export function findHosts(hosts: readonly ConfiguredHost[], query: string): ConfiguredHost[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return hosts.filter(({ alias, host, port, user, identityFile, jumps }) => {
    const text = [alias, host, port, user, identityFile ?? '', ...jumps].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** What stands in the last column. */
export function stateOf({ isInFleet, problem }: ConfiguredHost): string {
  return isInFleet ? 'In the fleet already' : (problem ?? '');
}

/** Marks what was not marked, and the reverse. */
export function turned(marked: ReadonlySet<string>, host: ConfiguredHost): ReadonlySet<string> {
  const next = new Set(marked);
  if (canImport(host) && !next.delete(host.alias)) next.add(host.alias);
  return next;
}

/** Marks all that can be imported, besides what is marked. */
export function withAll(marked: ReadonlySet<string>, hosts: readonly ConfiguredHost[]): ReadonlySet<string> {
  return new Set([...marked, ...hosts.filter(canImport).map(({ alias }) => alias)]);
}
