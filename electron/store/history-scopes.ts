// Which files of the fleet folder belong to a gateway, a group or the fleet, and whom a changed file concerns.
import { parse } from 'yaml';
import { z } from 'zod';
import { Sha256 } from '#contract/files';
import type { Scope } from '#contract/scope';
import { FleetName } from '#contract/settings';
import type { GitObjects } from './history-objects.ts';
import { createRecentValues } from './recent-values.ts';
import { filesIn, textAt } from './history-trees.ts';

/** The file of a scope's own settings. */
export function scopePath(scope: Scope): string {
  if (scope.kind === 'fleet') return 'fleet.yaml';
  return `${scope.kind}s/${FleetName.parse(scope.name)}.yaml`;
}

/** Whose file it is; null for lists, certificates and everything that is nobody's settings. */
export function scopeOfPath(path: string): Scope | null {
  if (path === 'fleet.yaml') return { kind: 'fleet' };
  const [, folder, rawName] = /^(gateways|groups)\/(.+)\.yaml$/.exec(path) ?? [];
  const name = FleetName.safeParse(rawName);
  if (folder === undefined || !name.success) return null;
  return { kind: folder === 'gateways' ? 'gateway' : 'group', name: name.data };
}

const names = z.array(FleetName).catch([]);
const name = FleetName.nullish().catch(null);
const sha256 = Sha256.nullish().catch(null);

/** What a file of settings may point at; anything that is not as it should be names nothing. */
const Pointers = z
  .object({
    settings: z
      .object({
        connections: z
          .object({
            control: z
              .object({ denyList: name, permitList: name, sharedDenyLists: names, sharedPermitLists: names })
              .partial()
              .optional()
              .catch(undefined),
            tls: z
              .object({ certificate: sha256, caCertificate: sha256, outgoingCa: sha256 })
              .partial()
              .optional()
              .catch(undefined),
          })
          .partial()
          .optional()
          .catch(undefined),
      })
      .partial()
      .optional()
      .catch(undefined),
  })
  .catch({});

/** The lists and certificates that a file of settings names, as paths. */
export type NamedPaths = { own: string[]; shared: string[]; certificates: string[] };

/** Texts read last; most are asked for again. 4 Mi characters: ten thousand gateways. */
const recent = createRecentValues<NamedPaths>(4 * 1024 * 1024);

/** A key that points at something is written out, or holds an escape. */
const mayName = /denyList|permitList|sharedDenyLists|sharedPermitLists|certificate|caCertificate|outgoingCa|\\/;

/** What a file of settings names. A broken file names nothing. */
export function pathsNamedIn(text: string): NamedPaths {
  const known = mayName.test(text) ? recent.get(text) : { own: [], shared: [], certificates: [] };
  if (known !== undefined) return known;
  const named = readPathsNamedIn(text);
  recent.set(text, named, text.length);
  return named;
}

function readPathsNamedIn(text: string): NamedPaths {
  const { control, tls } = Pointers.parse(parsed(text)).settings?.connections ?? {};
  const lists = (list: readonly (string | null | undefined)[]) =>
    list.flatMap((each) => (typeof each === 'string' ? [`lists/${each}.txt`] : []));
  return {
    own: lists([control?.denyList, control?.permitList]),
    shared: lists([...(control?.sharedDenyLists ?? []), ...(control?.sharedPermitLists ?? [])]),
    certificates: [tls?.certificate, tls?.caCertificate, tls?.outgoingCa].flatMap((each) =>
      typeof each === 'string' ? [`certificates/${each}.pem`] : [],
    ),
  };
}

function parsed(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch {
    return null;
  }
}

/** The group of a gateway, or the parent of a group, as the first level of its file says; null: none. */
export function groupNamedIn(text: string, key: 'group' | 'parent'): string | null {
  const written = new RegExp(String.raw`^${key}:[ \t]*(['"]?)([a-z0-9.-]+)\1[ \t]*(?:#.*)?$`, 'm').exec(text)?.[2];
  return written === undefined || written === 'null' ? null : written;
}

/** A group with the groups below it and the gateways in any of them, in this tree. */
export async function membersOf(
  objects: GitObjects,
  tree: string | null,
  group: string,
): Promise<{ groups: string[]; gateways: string[] }> {
  const parents = await namedIn(objects, tree, { folder: 'groups', key: 'parent' });
  const groups = [...new Set([group, ...parents.keys()])].filter((each) => isBelow(each, group, parents));
  const inside = new Set(groups);
  const gateways = await namedIn(objects, tree, { folder: 'gateways', key: 'group' });
  return { groups, gateways: [...gateways].flatMap(([each, of]) => (of !== null && inside.has(of) ? [each] : [])) };
}

/** The group itself counts. A circle, which only an edit by hand can make, ends the way up. */
function isBelow(group: string, ancestor: string, parents: ReadonlyMap<string, string | null>): boolean {
  const seen = new Set<string>();
  for (let at: string | null = group; at !== null && !seen.has(at); at = parents.get(at) ?? null) {
    if (at === ancestor) return true;
    seen.add(at);
  }
  return false;
}

/** The groups above a gateway or group, the nearest first. */
export async function groupsAbove(objects: GitObjects, tree: string | null, scope: Scope): Promise<string[]> {
  if (scope.kind === 'fleet') return [];
  const above: string[] = [];
  const own = await textAt(objects, tree, scopePath(scope));
  let next = own === null ? null : groupNamedIn(own, scope.kind === 'gateway' ? 'group' : 'parent');
  while (next !== null && !above.includes(next)) {
    above.push(next);
    const text = await textAt(objects, tree, `groups/${next}.yaml`);
    next = text === null ? null : groupNamedIn(text, 'parent');
  }
  return above;
}

type Naming = { folder: 'gateways' | 'groups'; key: 'group' | 'parent' };

async function namedIn(
  objects: GitObjects,
  tree: string | null,
  { folder, key }: Naming,
): Promise<Map<string, string | null>> {
  const found = new Map<string, string | null>();
  for (const entry of await filesIn(objects, tree, folder)) {
    const scope = scopeOfPath(`${folder}/${entry.name}`);
    if (scope === null || scope.kind === 'fleet') continue;
    const text = (await objects.blob(entry.oid))?.toString('utf8') ?? '';
    found.set(scope.name, groupNamedIn(text, key));
  }
  return found;
}
