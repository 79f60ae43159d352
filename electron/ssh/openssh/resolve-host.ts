// What ssh_config says about one host: blocks that match, the first value wins, key files add up. Compared with
// `ssh -G` in its test. Nothing is run: `Match exec` and ProxyCommand are told, not obeyed.
import type { ConfigNode, SshConfig, SshFiles } from './load-config.ts';
import { matchesPatterns } from './match-pattern.ts';

/** How ssh would reach a host; paths still hold `~` and tokens. Null: nothing is said. */
export type ResolvedHost = {
  alias: string;
  hostName: string;
  port: number | null;
  user: string | null;
  identityFiles: string[];
  identityAgent: string | null;
  identitiesOnly: boolean;
  /** `a,b` as written; null: none. */
  proxyJump: string | null;
  proxyCommand: string | null;
  userKnownHostsFiles: string[] | null;
  globalKnownHostsFiles: string[] | null;
  hostKeyAlias: string | null;
  connectTimeoutSeconds: number | null;
  /** Conditions that were not looked at, and values that make no sense. */
  notes: string[];
};

/** Evaluates the files for the name as typed. */
export function resolveHost(config: SshConfig, alias: string, files: Pick<SshFiles, 'localUser'>): ResolvedHost {
  const state: State = { alias, localUser: files.localUser, values: new Map(), identityFiles: [], notes: new Set() };
  const passOver = () => {
    for (const nodes of config.files) evaluate(state, nodes, true);
  };
  passOver();
  if (state.wantsFinalPass === true) {
    state.isFinalPass = true;
    state.finalHost = hostNameOf(state);
    passOver();
  }
  return finish(state);
}

type State = {
  alias: string;
  localUser: string;
  values: Map<string, string[]>;
  identityFiles: string[];
  notes: Set<string>;
  wantsFinalPass?: boolean;
  isFinalPass?: boolean;
  finalHost?: string;
};

/** Keywords that are one slot, by the name of the slot. */
const slots: Record<string, string> = { proxyjump: 'proxy', proxycommand: 'proxy' };
const kept = new Set([
  'hostname',
  'port',
  'user',
  'identityagent',
  'identitiesonly',
  'proxyjump',
  'proxycommand',
  'userknownhostsfile',
  'globalknownhostsfile',
  'hostkeyalias',
  'connecttimeout',
]);

/** Inside an Include of a block that does not match, nothing does: OpenSSH's SSHCONF_NEVERMATCH. */
function evaluate(state: State, nodes: readonly ConfigNode[], startsActive: boolean): void {
  let isActive = startsActive;
  for (const node of nodes) {
    const { keyword, values, rest } = node;
    if (keyword === 'host') isActive = startsActive && matchesPatterns(state.finalHost ?? state.alias, values);
    else if (keyword === 'match') isActive = startsActive && matchesCriteria(state, node);
    else if (keyword === 'include') for (const file of node.included) evaluate(state, file, isActive);
    else if (!isActive) continue;
    else if (keyword === 'identityfile') addOnce(state.identityFiles, values[0]);
    else if (kept.has(keyword) && !(keyword === 'connecttimeout' && values[0] === 'none')) {
      const slot = slots[keyword] ?? keyword;
      if (!state.values.has(slot)) {
        state.values.set(slot, keyword.startsWith('proxy') ? [keyword, rest.replace(/^[\s=]+/, '')] : values);
      }
    }
  }
}

function addOnce(list: string[], value: string | undefined): void {
  if (value !== undefined && !list.includes(value)) list.push(value);
}

/** All criteria of a line must hold; one that cannot be looked at makes the block not match, and is told. */
function matchesCriteria(state: State, node: ConfigNode): boolean {
  const words = node.values.flatMap((word) => {
    const [, name, value] = /^(!?[a-z]+)=(.*)$/i.exec(word) ?? [];
    return name === undefined || value === undefined ? [word] : [name, value];
  });
  let isMatch = true;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const isNegated = word.startsWith('!');
    const name = word.slice(isNegated ? 1 : 0).toLowerCase();
    const holds = holdsCriterion(state, name, words);
    if (holds === null) {
      state.notes.add(`${node.at}: "Match ${name}" is not looked at, so this block does not count.`);
      return false;
    }
    if (holds === isNegated) isMatch = false;
  }
  return isMatch;
}

/** Takes the criterion's value from `words` where it has one. Null: not looked at. */
function holdsCriterion(state: State, name: string, words: string[]): boolean | null {
  if (name === 'all') return true;
  if (name === 'final' || name === 'canonical') {
    if (name === 'final') state.wantsFinalPass = true;
    return state.isFinalPass === true;
  }
  const patterns = (words.shift() ?? '').split(',');
  switch (name) {
    case 'host':
      return matchesPatterns(
        hostNameOf(state).toLowerCase(),
        patterns.map((pattern) => pattern.toLowerCase()),
      );
    case 'originalhost':
      return matchesPatterns(
        state.alias.toLowerCase(),
        patterns.map((pattern) => pattern.toLowerCase()),
      );
    case 'user':
      return matchesPatterns(state.values.get('user')?.[0] ?? state.localUser, patterns);
    case 'localuser':
      return matchesPatterns(state.localUser, patterns);
    default:
      return null;
  }
}

/** The name to connect to as far as it is known; only %h and %% have a meaning here. */
function hostNameOf(state: State): string {
  const written = state.values.get('hostname')?.[0];
  if (written === undefined) return state.finalHost ?? state.alias;
  return written.replace(/%([h%])/g, (_, token: string) => (token === 'h' ? state.alias : '%'));
}

function finish(state: State): ResolvedHost {
  const one = (keyword: string) => state.values.get(keyword)?.[0] ?? null;
  const [proxyKind, proxyText = ''] = state.values.get('proxy') ?? [];
  const proxy = (kind: string) => (proxyKind !== kind || proxyText.toLowerCase() === 'none' ? null : proxyText);
  const number = (keyword: string, read: (text: string) => number | null) => {
    const text = one(keyword);
    const value = text === null ? null : read(text);
    if (text !== null && value === null) state.notes.add(`${keyword} ${text} makes no sense.`);
    return value;
  };
  return {
    alias: state.alias,
    hostName: hostNameOf(state).toLowerCase(),
    port: number('port', readPort),
    user: one('user'),
    identityFiles: state.identityFiles,
    identityAgent: one('identityagent'),
    identitiesOnly: /^(yes|true)$/i.test(one('identitiesonly') ?? ''),
    proxyJump: proxy('proxyjump'),
    proxyCommand: proxy('proxycommand'),
    userKnownHostsFiles: state.values.get('userknownhostsfile') ?? null,
    globalKnownHostsFiles: state.values.get('globalknownhostsfile') ?? null,
    hostKeyAlias: one('hostkeyalias'),
    connectTimeoutSeconds: number('connecttimeout', readSeconds),
    notes: [...state.notes],
  };
}

function readPort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : null;
}

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** sshd_config(5), TIME FORMATS: `90`, `1m30s`. */
function readSeconds(text: string): number | null {
  if (!/^(\d{1,6}[smhdw]?)+$/i.test(text)) return null;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)([smhdw]?)/gi)) {
    seconds += Number(amount) * (unitSeconds[(unit ?? '').toLowerCase() || 's'] ?? 1);
  }
  return seconds;
}
