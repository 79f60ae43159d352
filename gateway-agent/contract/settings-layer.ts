// Settings as one scope holds them: only the fields that are set there. Layers of the scopes above a gateway come
// together here; the nearest one that sets a field decides it. Pure; the files they lie in are the fleet folder's.
import { z } from 'zod';
import { isSameJson, type Json } from './canonical-json.ts';
import type { Origin } from './scope.ts';
import { defaultSettings, GatewaySettings } from './settings.ts';

const { shape } = GatewaySettings;
const connections = shape.connections.unwrap().shape;

/** The sections that hold fields; a field is a value as a whole, so arrays and choices are never merged. */
const sections = {
  smtp: shape.smtp.unwrap(),
  'connections.interface': connections.interface.unwrap(),
  'connections.control': connections.control.unwrap(),
  'connections.tls': connections.tls.unwrap(),
  messageRule: shape.messageRule.unwrap(),
  messageDelivery: shape.messageDelivery.unwrap(),
};
type Sections = typeof sections;
type SectionName = keyof Sections;

type OwnField<T> = T extends z.ZodDefault<infer Inner> ? z.ZodExactOptional<Inner> : never;
type OwnFields<S extends SectionName> = { [K in keyof Sections[S]['shape']]: OwnField<Sections[S]['shape'][K]> };

/** A section in which every field may be missing and none has a default: missing means that another scope decides. */
function layerOfSection<S extends SectionName>(name: S): z.ZodExactOptional<z.ZodObject<OwnFields<S>, z.core.$strict>> {
  const fields = Object.entries<z.ZodType>(sections[name].shape).map(([key, field]) => {
    if (!(field instanceof z.ZodDefault)) throw new Error(`${name}.${key} has no default.`);
    return [key, z.exactOptional(field.unwrap())] as const;
  });
  // The fields were made one by one from the shape that the type is derived from.
  return z.strictObject(Object.fromEntries(fields) as unknown as OwnFields<S>).exactOptional();
}

/** What one scope sets. A value that equals the default counts like any other: it is set. */
export const SettingsLayer = z.strictObject({
  smtp: layerOfSection('smtp'),
  connections: z
    .strictObject({
      interface: layerOfSection('connections.interface'),
      control: layerOfSection('connections.control'),
      tls: layerOfSection('connections.tls'),
    })
    .exactOptional(),
  messageRule: layerOfSection('messageRule'),
  messageDelivery: layerOfSection('messageDelivery'),
});
export type SettingsLayer = z.infer<typeof SettingsLayer>;

/** The path of one field: 'connections.interface.port'. */
export type SettingPath = {
  [S in SectionName]: `${S}.${Extract<keyof Sections[S]['shape'], string>}`;
}[SectionName];

/** Every field, in the order of the screens. */
export const settingPaths: readonly SettingPath[] = Object.entries(sections).flatMap(([name, section]) =>
  Object.keys(section.shape).map((key) => `${name}.${key}` as SettingPath),
);

const knownPaths: ReadonlySet<string> = new Set(settingPaths);

/** The path of a field, checked. */
export const SettingPath = z.custom<SettingPath>(
  (value) => typeof value === 'string' && knownPaths.has(value),
  'There is no such setting.',
);

/** Lists of a gateway's own entries: a file for each gateway, so no group and no fleet can set them. */
export const ownListPaths: readonly SettingPath[] = ['connections.control.denyList', 'connections.control.permitList'];

/** One layer and the scope it belongs to. */
export type ScopedLayer = { origin: Origin; layer: SettingsLayer };

/** Which scope decides each field; `default` where none does. */
export type SettingOrigins = Record<SettingPath, Origin>;

type Branch = { [key: string]: unknown };
const keysOf = new Map(settingPaths.map((path) => [path, path.split('.')] as const));

/** The settings in force under these layers, the nearest first, and who decides each field. */
export function resolveSettings(layers: readonly ScopedLayer[]): {
  settings: GatewaySettings;
  origins: SettingOrigins;
} {
  const settings: Branch = {};
  const origins: Partial<SettingOrigins> = {};
  for (const path of settingPaths) {
    const setter = layers.find(({ layer }) => valueAt(layer, path) !== undefined);
    origins[path] = setter?.origin ?? { kind: 'default' };
    setAt(settings, path, valueAt(setter?.layer ?? defaultSettings, path));
  }
  // Every field was set just above, from layers that the schema has checked.
  return { settings: settings as GatewaySettings, origins: origins as SettingOrigins };
}

/** The layer that sets these fields to what the settings hold. */
export function layerOf(settings: GatewaySettings, overrides: readonly SettingPath[]): SettingsLayer {
  const layer: Branch = {};
  const wanted = new Set(overrides);
  for (const path of settingPaths) if (wanted.has(path)) setAt(layer, path, valueAt(settings, path));
  return layer as SettingsLayer; // values of checked settings at their own places
}

/** The fields that a layer sets, in the order of the screens. */
export function overridesOf(layer: SettingsLayer): SettingPath[] {
  return settingPaths.filter((path) => valueAt(layer, path) !== undefined);
}

/** The fields in which two settings differ, in the order of the screens. */
export function changedPaths(a: GatewaySettings, b: GatewaySettings): SettingPath[] {
  if (a === b) return [];
  return settingPaths.filter((path) => !isSameValue(valueAt(a, path), valueAt(b, path)));
}

/** Edited settings with the fields that are set at their scope: whatever was edited is set there from now on. */
export function editSettings<D extends { settings: GatewaySettings; overrides: SettingPath[] }>(
  draft: D,
  settings: GatewaySettings,
): D {
  const edited = new Set([...draft.overrides, ...changedPaths(draft.settings, settings)]);
  return { ...draft, settings, overrides: settingPaths.filter((path) => edited.has(path)) };
}

/** The settings with these fields as another holds them; all else is shared with the first. */
export function withFieldsOf(
  settings: GatewaySettings,
  other: GatewaySettings,
  paths: readonly SettingPath[],
): GatewaySettings {
  const wanted = new Set(paths);
  const mixed: Branch = {};
  for (const path of settingPaths) setAt(mixed, path, valueAt(wanted.has(path) ? other : settings, path));
  return mixed as GatewaySettings; // every field comes from checked settings
}

/** The value of one field; undefined where a layer does not set it. */
export function valueAt(settings: GatewaySettings | SettingsLayer, path: SettingPath): unknown {
  let value: unknown = settings;
  for (const key of keysOf.get(path) ?? []) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Branch)[key];
  }
  return value;
}

function setAt(branch: Branch, path: SettingPath, value: unknown): void {
  const keys = keysOf.get(path) ?? [];
  let place = branch;
  for (const key of keys.slice(0, -1)) place = (place[key] ??= {}) as Branch; // only branches stand above a field
  const last = keys.at(-1);
  if (last !== undefined) place[last] = value;
}

function isSameValue(a: unknown, b: unknown): boolean {
  return isSameJson(a as Json, b as Json);
}
