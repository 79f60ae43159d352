// Which gateways a command is about: by name, by group (with the groups below it), by tag.
import { done, failed, type Outcome } from '#contract/outcome';
import type { FleetFolder } from '../store/fleet-folder.ts';

export type Selection = { gateway?: string[] | undefined; group?: string[] | undefined; tag?: string[] | undefined };

/** In the order of the folder. Names and groups add up (none: all); tags narrow that down to those that have one. */
export async function chooseGateways(
  folder: Pick<FleetFolder, 'list' | 'reach' | 'path'>,
  { gateway = [], group = [], tag = [] }: Selection,
): Promise<Outcome<string[]>> {
  const entries = await folder.list();
  if (!entries.ok) return entries;
  const all = entries.value.map((entry) => entry.name);
  const strangers = gateway.filter((name) => !all.includes(name));
  if (strangers.length > 0) {
    const known = all.length === 0 ? 'It holds none.' : `It holds: ${all.join(', ')}.`;
    return failed('bad-request', `The fleet folder has no gateway called ${strangers.join(', ')}. ${known}`);
  }
  const asked = new Set(gateway);
  for (const name of group) {
    const reached = await folder.reach({ kind: 'group', name });
    if (!reached.ok) return reached.problem.code === 'not-found' ? noSuchGroup(name) : reached;
    for (const each of reached.value) asked.add(each);
  }
  const tagged = new Set(
    entries.value
      .filter((entry) => 'record' in entry && entry.record.tags.some((each) => tag.includes(each)))
      .map(({ name }) => name),
  );
  const isWanted = (name: string) =>
    (gateway.length + group.length === 0 || asked.has(name)) && (tag.length === 0 || tagged.has(name));
  const chosen = all.filter(isWanted);
  if (chosen.length === 0 && group.length + tag.length > 0) return nobody({ group, tag });
  return done(chosen);
}

function noSuchGroup(name: string): Outcome<never> {
  return failed('bad-request', `The fleet folder has no group called ${name}.`);
}

/** A mistyped tag must not look like a push that went well. */
function nobody({ group, tag }: { group: string[]; tag: string[] }): Outcome<never> {
  const groups = group.length === 0 ? '' : ` in ${group.join(', ')}`;
  const tags = tag.length === 0 ? '' : ` with the tag ${tag.join(' or ')}`;
  return failed('bad-request', `There is no gateway${groups}${tags}.`);
}
