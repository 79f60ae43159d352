// Groups, tags and moves of the fake fleet.
import type { GroupRow } from '#ipc';
import { done, failed } from '#contract/outcome';
import type { Part, World } from './fake-answers.ts';
import { fakeRevision } from './fake-fleet.ts';

/** The calls groups:* and gateways:*. */
export function fakeGroupAnswers(world: World): Part<'groups' | 'gateways'> {
  const removed = new Map<string, GroupRow>();
  return {
    'groups:list': async () =>
      done(
        world.groups.map((group) => ({
          ...group,
          gateways: world.rows.filter((row) => row.group !== null && isIn(world.groups, row.group, group.name)).length,
        })),
      ),
    'groups:add': async ({ name, parent }) => {
      if (world.groups.some((group) => group.name === name))
        return failed('exists', `There is a group ${name} already.`);
      world.groups = [...world.groups, { name, parent, gateways: 0, overrides: 0, unreadable: null }];
      return done({});
    },
    'groups:move': async ({ name, parent }) => {
      world.groups = world.groups.map((group) => (group.name === name ? { ...group, parent } : group));
      return done({});
    },
    'groups:rename': async ({ name, newName }) => {
      if (world.groups.some((group) => group.name === newName))
        return failed('exists', `There is a group named ${newName} already.`);
      const renamed = (group: string | null) => (group === name ? newName : group);
      world.groups = world.groups.map((group) => ({
        ...group,
        name: renamed(group.name) ?? group.name,
        parent: renamed(group.parent),
      }));
      world.rows = world.rows.map((row) => ({ ...row, group: renamed(row.group) }));
      return done({});
    },
    'groups:remove': async ({ name }) => {
      const group = world.groups.find((each) => each.name === name);
      if (group === undefined) return failed('not-found', `There is no group ${name}.`);
      removed.set(name, group);
      world.groups = world.groups
        .filter((each) => each !== group)
        .map((each) => (each.parent === name ? { ...each, parent: group.parent } : each));
      world.rows = world.rows.map((row) => (row.group === name ? { ...row, group: group.parent } : row));
      return done({ undo: fakeRevision(name).slice(0, 40) });
    },
    'groups:restore': async ({ name }) => {
      const group = removed.get(name);
      if (group !== undefined) world.groups = [...world.groups, group];
      return done({});
    },
    'gateways:move': async ({ names, group }) => {
      world.rows = world.rows.map((row) => (names.includes(row.name) ? { ...row, group } : row));
      return done({});
    },
    'gateways:tag': async ({ names, add, remove }) => {
      world.rows = world.rows.map((row) => {
        if (!names.includes(row.name)) return row;
        return { ...row, tags: [...new Set([...row.tags, ...add])].filter((tag) => !remove.includes(tag)) };
      });
      return done({});
    },
  };
}

function isIn(groups: readonly GroupRow[], name: string, ancestor: string): boolean {
  const seen = new Set<string>();
  for (let at: string | null = name; at !== null && !seen.has(at);) {
    if (at === ancestor) return true;
    seen.add(at);
    const here: string = at;
    at = groups.find((group) => group.name === here)?.parent ?? null;
  }
  return false;
}
