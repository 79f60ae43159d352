// Reading one YAML file of the fleet folder by its schema. An unreadable one fails with its line and reason and stays
// as it is; what was read is shared, so it cannot be changed.
import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';
import { readPlainFile } from './durable-files.ts';
import { createRecentValues } from './recent-values.ts';
import { createStampedReads } from './stamped-reads.ts';
import type { ReadYaml } from './yaml-text.ts';

/** A record with its text: what a change is written into. */
export type YamlFile<T> = { record: T; text: string };

/** 16 MiB: 10,000 relay domains and 10,000 senders at their longest come to 4. */
const maxYamlBytes = 16 * 1024 * 1024;

/** 16 Mi characters: ten thousand gateways as people write them. */
const room = 16 * 1024 * 1024;

/** Loads `path` inside a folder; `not-found` where there is no such file, the caller's words say of what. */
export type YamlReader<T> = (folder: string, path: string) => Promise<Outcome<YamlFile<T>>>;

/** A reader for files of one kind. */
export function createYamlReader<T extends object>(parse: (text: string) => ReadYaml<T>): YamlReader<T> {
  const byText = createRecentValues<T>(room);
  const byStamp = createStampedReads<YamlFile<T>>(room, ({ text }) => text.length);

  async function read(folder: string, path: string): Promise<Outcome<YamlFile<T>>> {
    const file = await readPlainFile(join(folder, path), maxYamlBytes);
    if (file.kind === 'missing') return failed('not-found', `There is no ${path} in the fleet folder.`);
    if (file.kind === 'refused') return unreadable(path, file.reason);
    if (!isUtf8(file.content)) return unreadable(path, 'It is not UTF-8 text.');
    const text = file.content.toString('utf8');
    const known = byText.get(text);
    if (known !== undefined) return done({ record: known, text });
    const parsed = parse(text);
    if (!parsed.ok) return unreadable(path, parsed.reason);
    freeze(parsed.value);
    byText.set(text, parsed.value, text.length);
    return done({ record: parsed.value, text });
  }

  return (folder, path) => byStamp(join(folder, path), () => read(folder, path));
}

function unreadable(path: string, reason: string): Outcome<never> {
  const hint = 'Correct the file; Postern leaves it as it is.';
  return failed('folder-unreadable', `${path} cannot be read. ${reason}`, hint);
}

function freeze(value: object): void {
  Object.freeze(value);
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) freeze(member);
}
