// Small records with a name that gateways refer to (credentials, jump hosts): one YAML file each. Whoever is referred
// to is not removed.
import type { z } from 'zod';
import type { Json } from '#contract/canonical-json';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName } from '#contract/settings';
import type { Plan } from './folder-writer.ts';
import { listYaml } from './record-files.ts';
import { createYamlReader, parseOnce, type YamlFile } from './yaml-files.ts';
import { formatYaml, parseYaml } from './yaml-text.ts';

/** One file: what it says, or why it cannot be read (with the line). */
export type NamedEntry<T> = { name: string; record: T } | { name: string; unreadable: string };

export type NamedKind<T> = {
  /** The folder inside the fleet folder. */
  sub: string;
  /** 'credential': for sentences. */
  word: string;
  schema: z.ZodType<T>;
  defaults: Json;
};

export type NamedFiles<T> = {
  load(folder: string, name: string): Promise<Outcome<YamlFile<T>>>;
  list(folder: string): Promise<NamedEntry<T>[]>;
  planSave(folder: string, name: string, record: T): Promise<Outcome<Plan<null>>>;
  /** `usedBy`: who refers to it; then it stays, and they are named. */
  planRemove(folder: string, name: string, usedBy: readonly string[]): Promise<Outcome<Plan<null>>>;
};

/** Files of one kind. */
export function createNamedFiles<T extends object>(kind: NamedKind<T>): NamedFiles<T> {
  const { sub, word, schema } = kind;
  const read = createYamlReader(parseOnce((text) => parseYaml(text, schema)));
  const pathOf = (name: string) => `${sub}/${FleetName.parse(name)}.yaml`;

  const load: NamedFiles<T>['load'] = async (folder, name) => {
    if (!FleetName.safeParse(name).success) return failed('not-found', `${name} is no name for a ${word}.`);
    const file = await read(folder, pathOf(name));
    if (file.ok || file.problem.code !== 'not-found') return file;
    return failed('not-found', `There is no ${word} named ${name} in the fleet folder.`);
  };

  return {
    load,
    async list(folder) {
      const found = await listYaml(folder, sub, (name) => load(folder, name));
      return found.map(({ name, file }) => ('record' in file ? { name, record: file.record } : { name, ...file }));
    },
    async planSave(folder, name, record) {
      if (!FleetName.safeParse(name).success) return failed('bad-request', `${name} is no name for a ${word}.`);
      const before = await load(folder, name);
      if (!before.ok && before.problem.code !== 'not-found') return before;
      const content = formatYaml(kind, record, before.ok ? before.value.text : null);
      const words = `${before.ok ? 'Change' : 'Add'} the ${word} ${name}`;
      return done({ words, changes: [{ path: pathOf(name), content }], value: null });
    },
    async planRemove(folder, name, usedBy) {
      const file = await load(folder, name);
      if (!file.ok && file.problem.code === 'not-found') return file;
      if (usedBy.length > 0) return refuseInUse(`The ${word} ${name}`, usedBy);
      return done({
        words: `Remove the ${word} ${name}`,
        changes: [{ path: pathOf(name), content: null }],
        value: null,
      });
    },
  };
}

/** More names than a person reads say nothing more. */
const namesTold = 10;

function refuseInUse(what: string, usedBy: readonly string[]): Outcome<never> {
  const told = usedBy.slice(0, namesTold).join(', ');
  const more = usedBy.length > namesTold ? ` and ${usedBy.length - namesTold} more` : '';
  return failed('exists', `${what} is used by ${told}${more}.`, 'Give them another one first.');
}
