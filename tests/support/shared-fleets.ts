// Administrators of one fleet, each with a folder of their own and one git remote between them.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Scope } from '../../gateway-agent/contract/scope.ts';
import { openFleetFolder, type FleetFolder } from '../../electron/store/fleet-folder.ts';
import { openFleetRemote, type FleetRemote } from '../../electron/store/remote-service.ts';
import { openVault, type Vault } from '../../electron/store/vault.ts';
import { memoryKeychain } from './memory-keychain.ts';
import { type Ran, runWithInput } from './ssh-client.ts';
import { valueOf } from './temporary-fleet.ts';

/** One administrator's copy. */
export type Copy = { folder: FleetFolder; remote: FleetRemote; vault: Vault; git(...args: string[]): Promise<string> };

/** A bare repository, as a git server keeps it. */
export async function makeBare(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  await git(path, 'init', '-q', '--bare', '-b', 'main');
  await git(path, 'config', 'http.receivepack', 'true');
  return path;
}

/** Runs git; a failure throws with its words. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const who = ['-c', 'user.name=Hand', '-c', 'user.email=hand@example.test'];
  const ran: Ran = await runWithInput(['git', '-C', cwd, ...who, ...args]);
  if (ran.status !== 0) throw new Error(`git ${args.join(' ')}: ${ran.stderr}`);
  return ran.stdout.trim();
}

/** A folder that may be new. */
export async function openCopy(root: string, name: string, silenceMilliseconds = 20_000): Promise<Copy> {
  const path = join(root, name);
  const who = { name, email: `${name}@example.test` };
  const vault = openVault({
    folder: join(root, `${name}-vault`),
    service: 'Postern test',
    fleetFolder: path,
    keychain: memoryKeychain(),
  });
  return {
    folder: valueOf(await openFleetFolder(path, who)),
    remote: openFleetRemote({ path, who, vault, silenceMilliseconds }),
    vault,
    git: (...args) => git(path, ...args),
  };
}

/** The value of a sync that ends without conflicts. */
export async function synced({ remote }: Copy): Promise<{ pulled: number; pushed: number }> {
  const { pulled, pushed, conflicts } = valueOf(await remote.sync());
  if (conflicts.length > 0) throw new Error(`Conflicts: ${JSON.stringify(conflicts)}`);
  return { pulled, pushed };
}

type Edit = { port?: number; maxConnections?: number; denyText?: string };

/** Saves fields of one gateway as the settings screen does. */
export async function edit({ folder }: Copy, name: string, { port, maxConnections, denyText }: Edit): Promise<void> {
  const scope: Scope = { kind: 'gateway', name };
  const { draft, savedVersion } = valueOf(await folder.loadDraft(scope));
  const settings = structuredClone(draft.settings);
  const overrides = new Set(draft.overrides);
  if (port !== undefined) {
    settings.connections.interface.port = port;
    overrides.add('connections.interface.port');
  }
  if (maxConnections !== undefined) {
    settings.connections.interface.maxConnections = maxConnections;
    overrides.add('connections.interface.maxConnections');
  }
  const next = {
    settings,
    overrides: [...overrides],
    denyText: denyText ?? draft.denyText,
    permitText: draft.permitText,
  };
  valueOf(await folder.saveDraft(scope, { draft: next, savedVersion, words: `Edit ${name}` }));
}

/** Port, limit and deny list of a gateway, as it would be given them. */
export async function read({ folder }: Copy, name: string) {
  const { draft } = valueOf(await folder.loadDraft({ kind: 'gateway', name }));
  const { port, maxConnections } = draft.settings.connections.interface;
  return { port, maxConnections, denyText: draft.denyText };
}

/** Fails where git finds anything wrong, or left over, in a copy. */
export async function expectInOrder(...copies: Copy[]): Promise<void> {
  for (const copy of copies) {
    await copy.git('fsck', '--strict');
    expect(await copy.git('status', '--porcelain')).toBe('');
  }
}
