// The whole way to a host as ssh_config and known_hosts tell it: every host on it with its address, the keys it must
// show and what signs in there. Nothing is connected and no private key is read here.
import { dirname, join } from 'node:path';
import type { HostKey } from '#contract/fleet';
import { done, type Outcome } from '#contract/outcome';
import { expandTokens, type TokenFacts } from './expand-tokens.ts';
import { jumpChain } from './jump-chain.ts';
import { findKnownKeys } from './known-hosts.ts';
import { loadSshConfig, type SshConfig, type SshFiles } from './load-config.ts';
import { resolveHost, type ResolvedHost } from './resolve-host.ts';

/** What signs in as ssh would: keys of the agent, key files, or both. */
export type ConfiguredSignIn = {
  identityFiles: string[];
  /** False: the usual names, of which most do not exist. */
  areNamed: boolean;
  identitiesOnly: boolean;
  /** Null: no agent. */
  agentSocket: string | null;
};

export type ConfiguredHop = {
  name: string;
  host: string;
  port: number;
  /** As ssh_config says; null: it says nothing. */
  user: string | null;
  hostKeys: HostKey[];
  revoked: HostKey[];
  signIn: ConfiguredSignIn;
  connectSeconds: number | null;
};

/** `jumps`: the nearest first. */
export type ConfiguredRoute = { jumps: ConfiguredHop[]; target: ConfiguredHop; notes: string[] };

/** ssh(1): the names that are tried where none is given; security keys need a touch that nobody here can ask for. */
const usualIdentities = ['id_rsa', 'id_ecdsa', 'id_ed25519'];

/** Reads the files and plans the way. `defaultUser`: who signs in at the host itself where ssh_config names nobody. */
export async function planConfiguredRoute(
  files: SshFiles,
  alias: string,
  defaultUser: string,
): Promise<Outcome<ConfiguredRoute>> {
  const config = await loadSshConfig(files);
  return routeIn(config, files, { alias, defaultUser });
}

/** The same for many hosts of one reading. */
export async function routeIn(
  config: SshConfig,
  files: SshFiles,
  { alias, defaultUser }: { alias: string; defaultUser: string },
): Promise<Outcome<ConfiguredRoute>> {
  const host = resolveHost(config, alias, files);
  const chain = jumpChain(config, host, files);
  if (!chain.ok) return chain;
  const notes = [...config.notes, ...host.notes];
  const jumps: ConfiguredHop[] = [];
  for (const jump of chain.value) {
    const over = { name: jump.written, user: jump.user ?? jump.host.user ?? files.localUser, port: jump.port };
    jumps.push(await toHop(files, jump.host, { ...over, notes }));
  }
  const target = await toHop(files, host, { name: alias, user: host.user ?? defaultUser, port: null, notes });
  return done({ jumps, target: { ...target, user: host.user }, notes: [...new Set(notes)] });
}

type Over = { name: string; user: string; port: number | null; notes: string[] };

async function toHop(files: SshFiles, host: ResolvedHost, { name, user, port, notes }: Over): Promise<ConfiguredHop> {
  const facts: TokenFacts = {
    home: files.home,
    localUser: files.localUser,
    alias: host.alias,
    host: host.hostName,
    port: port ?? host.port ?? 22,
    user,
    hostKeyAlias: host.hostKeyAlias,
  };
  const expand = (text: string): string[] => {
    const path = expandTokens(text, facts);
    if (path === null) notes.push(`${text}, for ${host.alias}, was skipped: a token in it has no meaning here.`);
    return path === null ? [] : [path];
  };
  const known = await findKnownKeys(knownHostsFiles(files, host).flatMap(expand), {
    host: facts.host,
    port: facts.port,
    alias: host.hostKeyAlias,
  });
  notes.push(...known.notes);
  return {
    name,
    host: facts.host,
    port: facts.port,
    user,
    hostKeys: known.keys,
    revoked: known.revoked,
    signIn: signInOf(files, host, expand),
    connectSeconds: host.connectTimeoutSeconds,
  };
}

function knownHostsFiles(files: SshFiles, host: ResolvedHost): string[] {
  const systemFolder = dirname(files.systemConfig);
  const user = host.userKnownHostsFiles ?? ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'];
  const system =
    host.globalKnownHostsFiles ?? ['ssh_known_hosts', 'ssh_known_hosts2'].map((name) => join(systemFolder, name));
  return [...user, ...system].filter((path) => path.toLowerCase() !== 'none');
}

function signInOf(files: SshFiles, host: ResolvedHost, expand: (text: string) => string[]): ConfiguredSignIn {
  const areNamed = host.identityFiles.length > 0;
  const named = host.identityFiles.filter((path) => path.toLowerCase() !== 'none').flatMap(expand);
  const usual = usualIdentities.map((name) => join(files.home, '.ssh', name));
  return {
    identityFiles: areNamed ? named : usual,
    areNamed,
    identitiesOnly: host.identitiesOnly,
    agentSocket: agentSocketOf(host.identityAgent, expand),
  };
}

/** Read from the environment each time: the agent may be another one since. */
function agentSocketOf(identityAgent: string | null, expand: (text: string) => string[]): string | null {
  const fromEnvironment = (name: string) => process.env[name] || null;
  if (identityAgent === 'none') return null;
  if (identityAgent === null || identityAgent === 'SSH_AUTH_SOCK') return fromEnvironment('SSH_AUTH_SOCK') ?? pageant();
  const [, variable] = /^\$([A-Za-z_][A-Za-z0-9_]*)$/.exec(identityAgent) ?? [];
  return variable === undefined ? (expand(identityAgent)[0] ?? null) : fromEnvironment(variable);
}

function pageant(): string | null {
  return process.platform === 'win32' ? 'pageant' : null;
}
