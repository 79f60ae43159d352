// A file of the fleet folder as YAML text: read with line and reason, written so that comments and order of a person
// stay, and whatever did not change stays letter for letter.
import { Document, isMap, isNode, isScalar, YAMLMap, type Document as YamlDocument, type LineCounter } from 'yaml';
import type { z } from 'zod';
import { isSameJson, omitDefaults, type Json } from '#contract/canonical-json';
import { forgetDocument, keepDocument, openDocument, takeDocument } from './known-document.ts';

export type ReadYaml<T> = { ok: true; value: T } | { ok: false; reason: string };

/** Reads a file by its schema; the reason of a refusal starts with the line. */
export function parseYaml<T>(text: string, schema: z.ZodType<T>): ReadYaml<T> {
  if (text.trim() === '') return { ok: false, reason: 'The file is empty.' };
  const { document, lines } = openDocument(text);
  const broken = document.errors[0];
  if (broken !== undefined && lines !== null) {
    return { ok: false, reason: `Line ${lines.linePos(broken.pos[0]).line}: ${broken.message}` };
  }
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : 'An alias cannot be resolved.' };
  }
  const read = schema.safeParse(raw);
  if (read.success) return { ok: true, value: read.data };
  if (lines === null) {
    forgetDocument(); // what was written here is refused by another schema: parsed, it can say in which line
    return parseYaml(text, schema);
  }
  const issue = read.error.issues[0];
  return { ok: false, reason: issue === undefined ? 'It is not understood.' : describeIssue(issue, document, lines) };
}

function describeIssue(issue: z.core.$ZodIssue, document: YamlDocument, lines: LineCounter): string {
  const keys = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  const path = keys.map(String);
  const line = lineOf(document, path, lines);
  const where = path.length === 0 ? 'the whole file' : path.join('.');
  const what = issue.code === 'unrecognized_keys' ? 'There is no such setting.' : issue.message;
  return `Line ${line}: ${where}: ${what}`;
}

/** The line of the innermost thing on the way that is written down; a missing key has none of its own. */
function lineOf(document: YamlDocument, path: string[], lines: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const key = path[length - 1];
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      : null;
    const written = pair ? pair.key : document.getIn(path.slice(0, length), true);
    if (isNode(written) && written.range) return lines.linePos(written.range[0]).line;
  }
  return 1;
}

export type YamlKind<T> = {
  schema: z.ZodType<T>;
  /** Members that equal these are left out of a new text. A settings layer has none: what is set is written. */
  defaults: Json;
};

/** The text of a value, written into the existing text where there is any. */
export function formatYaml<T>(kind: YamlKind<T>, value: T, existing: string | null): string {
  const full = toJson(value);
  const short = omitDefaults(full, kind.defaults) ?? {};
  const document: YamlDocument = existing === null ? new Document({}) : takeDocument(existing);
  const before = existing === null ? null : valueIn(document, kind.schema);
  const map = isMap(document.contents) ? document.contents : new YAMLMap();
  document.contents = map;
  mergeMap({ document, map, short, full, before });
  const text = document.toString({ lineWidth: 0 });
  keepDocument(text, { document, lines: null });
  return text;
}

/** What the document says before it is changed, without reading the text a second time; null where it is not understood. */
function valueIn<T>(document: YamlDocument, schema: z.ZodType<T>): Json {
  if (document.errors.length > 0) return null;
  try {
    const read = schema.safeParse(document.toJS({ maxAliasCount: 100 }));
    return read.success ? toJson(read.data) : null;
  } catch {
    return null; // an alias that cannot be resolved
  }
}

type Merge = { document: YamlDocument; map: YAMLMap; short: Json; full: Json; before: Json };

/** Sets what differs, adds what is missing, removes what is gone or went back to its default. */
function mergeMap({ document, map, short, full, before }: Merge): void {
  if (!isObject(short) || !isObject(full)) return;
  for (const item of map.items.slice()) {
    const key = isScalar(item.key) ? String(item.key.value) : null;
    if (key === null) continue;
    const [shortValue, fullValue] = [short[key], full[key]];
    const beforeValue = isObject(before) ? (before[key] ?? null) : null;
    if (fullValue === undefined) map.delete(item.key);
    else if (isObject(before) && key in before && isSameJson(beforeValue, fullValue)) continue;
    else if (isMap(item.value) && isObject(fullValue) && !isTagged(fullValue)) {
      mergeMap({ document, map: item.value, short: shortValue ?? {}, full: fullValue, before: beforeValue });
      if (shortValue === undefined && item.value.items.length === 0) map.delete(item.key);
    } else if (!isSame(document, item.value, fullValue)) {
      if (shortValue === undefined) map.delete(item.key);
      else setValue(document, item, shortValue);
    }
  }
  for (const [key, value] of Object.entries(short)) {
    if (!map.has(key)) map.set(document.createNode(key), document.createNode(value));
  }
}

/** A choice such as `{ kind: key, file: … }` is one value: its members make no sense apart. */
function isTagged(value: { [key: string]: Json }): boolean {
  return value['kind'] !== undefined;
}

function isSame(document: YamlDocument, node: unknown, value: Json): boolean {
  const written: unknown = isNode(node) ? node.toJS(document) : (node ?? null);
  return isSameJson(toJson(written), value);
}

/** A plain value is changed in place, so that a comment behind it stays. */
function setValue(document: YamlDocument, item: { value: unknown }, value: Json): void {
  const isPlain = value === null || typeof value !== 'object';
  if (isScalar(item.value) && isPlain && item.value.anchor === undefined) item.value.value = value;
  else {
    const node = document.createNode(value);
    if (isNode(item.value) && item.value.commentBefore) node.commentBefore = item.value.commentBefore;
    item.value = node;
  }
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json;
}
