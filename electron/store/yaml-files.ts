// Reading one YAML file of the fleet folder by its schema. An unreadable one fails with its line and reason and stays
// as it is; what was read is shared, so it cannot be changed.
import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { done, failed, type Outcome } from '#contract/outcome';
import { readAt, type FilePlace } from './file-place.ts';
import { createRecentValues } from './recent-values.ts';
import { createStampedReads } from './stamped-reads.ts';
import type { ReadYaml } from './yaml-text.ts';

/** A record with its text: what a change is written into. */
export type YamlFile<T> = { record: T; text: string };

/** 16 MiB: 10,000 relay domains and 10,000 senders at their longest come to 4. */
const maxYamlBytes = 16 * 1024 * 1024;

/** 16 Mi characters: ten thousand gateways as people write them. */
const room = 16 * 1024 * 1024;

/** Loads `path` of a fleet; `not-found` where there is no such file, the caller's words say of what. */
export type YamlReader<T> = (place: FilePlace, path: string) => Promise<Outcome<YamlFile<T>>>;

/** `forget` is for a text that its file holds no longer. */
export type KnownTexts<T> = { parse: (text: string) => ReadYaml<T>; forget: (text: string) => void };

/** Reads the same text once. What comes of it is shared, and so it is frozen. */
export function parseOnce<T extends object>(parse: (text: string) => ReadYaml<T>): KnownTexts<T> {
  const byText = createRecentValues<ReadYaml<T>>(room);
  return {
    forget: (text) => byText.drop(text),
    parse(text) {
      const known = byText.get(text);
      if (known !== undefined) return known;
      const read = parse(text);
      if (!read.ok) return read;
      freeze(read.value);
      byText.set(text, read, text.length);
      return read;
    },
  };
}

/** A reader for files of one kind. */
export function createYamlReader<T extends object>({ parse, forget }: KnownTexts<T>): YamlReader<T> {
  const lastTexts = createRecentValues<string>(room);
  const byStamp = createStampedReads<YamlFile<T>>(room, ({ text }) => text.length);

  async function read(place: FilePlace, path: string): Promise<Outcome<YamlFile<T>>> {
    const file = await readAt(place, path, maxYamlBytes);
    if (file.kind === 'missing') return failed('not-found', `There is no ${path} in the fleet folder.`);
    if (file.kind === 'refused') return unreadable(path, file.reason);
    if (!isUtf8(file.content)) return unreadable(path, 'It is not UTF-8 text.');
    const text = file.content.toString('utf8');
    if (typeof place === 'string') noteText(join(place, path), text);
    const parsed = parse(text);
    return parsed.ok ? done({ record: parsed.value, text }) : unreadable(path, parsed.reason);
  }

  /** Each push changes a record: a thousand of them leave a megabyte of old texts behind, at every push. */
  function noteText(path: string, text: string): void {
    const last = lastTexts.get(path);
    if (last !== undefined && last !== text) forget(last);
    if (last !== text) lastTexts.set(path, text, text.length);
  }

  return (place, path) =>
    typeof place === 'string' ? byStamp(join(place, path), () => read(place, path)) : read(place, path);
}

function unreadable(path: string, reason: string): Outcome<never> {
  const hint = 'Correct the file; Postern leaves it as it is.';
  return failed('folder-unreadable', `${path} cannot be read. ${reason}`, hint);
}

function freeze(value: object): void {
  Object.freeze(value);
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) freeze(member);
}
