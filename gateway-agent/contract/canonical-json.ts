// The text that a revision is the hash of: RFC 8785 canonical JSON of a configuration without its defaults.
import { defaultConfig, type GatewayConfig } from './config.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * RFC 8785 for what configurations hold: strings, integers, booleans, null, arrays and objects.
 * JSON.stringify already writes numbers and strings as the RFC asks; what it lacks is the order of the keys.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value)
    .toSorted() // UTF-16 code units, RFC 8785 §3.2.3
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

/** Whether both have the same canonical text: it ends at the first difference, and ten thousand rows make no string. */
export function isSameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((each, at) => isSameJson(each, b[at] ?? null));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSameJson(a[key] ?? null, b[key] ?? null))
  );
}

/** The value without whatever equals its default; an object that is all default disappears. */
export function omitDefaults(value: Json, defaults: Json | undefined): Json | undefined {
  if (defaults !== undefined && isSameJson(value, defaults)) return undefined;
  if (!isObject(value) || !isObject(defaults) || value['kind'] !== undefined) return value;
  const kept = Object.entries(value).flatMap(([key, member]) => {
    const rest = omitDefaults(member, defaults[key]);
    return rest === undefined ? [] : [[key, rest] as const];
  });
  return Object.fromEntries(kept);
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is hashed into the revision. `schemaVersion` always stays. */
export function canonicalConfig(config: GatewayConfig): string {
  const { schemaVersion, ...rest } = config;
  const { schemaVersion: _, ...restDefaults } = defaultConfig;
  const kept = omitDefaults(rest as Json, restDefaults as Json) ?? {};
  return canonicalJson({ ...(kept as { [key: string]: Json }), schemaVersion });
}
