// `gateways/<name>.yaml` as text.
import type { Json } from '#contract/canonical-json';
import { GatewayRecord } from '#contract/fleet';
import { formatYaml, parseYaml, type ReadYaml, type YamlKind } from './yaml-text.ts';

const recordDefaults: Json = {
  ssh: {
    port: 22,
    user: 'postern-deploy',
    signIn: { kind: 'agent' },
    credential: null,
    jumps: [],
    readsSshConfig: false,
  },
  hostKeys: [],
  isLocal: false,
  group: null,
  tags: [],
  lastPush: null,
  settings: {},
};

const kind: YamlKind<GatewayRecord> = { schema: GatewayRecord, defaults: recordDefaults };

/** Reads a record; the reason of a refusal starts with the line. */
export function parseRecord(text: string): ReadYaml<GatewayRecord> {
  return parseYaml(text, kind.schema);
}

/** The text of a record, written into the existing text of one where there is any. */
export function formatRecord(record: GatewayRecord, existing: string | null): string {
  return formatYaml(kind, record, existing);
}
