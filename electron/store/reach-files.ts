// How gateways are reached, as the fleet folder keeps it: credentials and jump hosts, and who refers to them.
import type { Credential, JumpHost } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { credentialFiles } from './credential-files.ts';
import { commitOf, reportingDisk, type FolderWriter } from './folder-writer.ts';
import { jumpHostFiles } from './jump-host-files.ts';
import type { NamedEntry } from './named-yaml.ts';
import { listRecords } from './record-files.ts';

type Committed = Promise<Outcome<{ commit: string }>>;

/** Names of gateways and, as 'jump host bastion', of jump hosts, by what they refer to. */
export type Usage = { credentials: Map<string, string[]>; jumpHosts: Map<string, string[]> };

export type ReachFiles = {
  loadCredential(name: string): Promise<Outcome<Credential>>;
  listCredentials(): Promise<Outcome<NamedEntry<Credential>[]>>;
  saveCredential(name: string, credential: Credential): Committed;
  /** `exists`, with the names, while somebody uses it. */
  removeCredential(name: string): Committed;
  loadJumpHost(name: string): Promise<Outcome<JumpHost>>;
  listJumpHosts(): Promise<Outcome<NamedEntry<JumpHost>[]>>;
  saveJumpHost(name: string, jumpHost: JumpHost): Committed;
  removeJumpHost(name: string): Committed;
  usageOfReach(): Promise<Outcome<Usage>>;
};

/** Over one fleet folder. */
export function createReachFiles(path: string, writer: FolderWriter): ReachFiles {
  const usedBy = async (pick: (usage: Usage) => string[]): Promise<Outcome<string[]>> => {
    const usage = await usageIn(path);
    return usage.ok ? done(pick(usage.value)) : usage;
  };
  return {
    loadCredential: (name) => reportingDisk(path, async () => recordOf(await credentialFiles.load(path, name))),
    listCredentials: () => reportingDisk(path, async () => done(await credentialFiles.list(path))),
    saveCredential: (name, credential) =>
      commitOf(writer.write(() => credentialFiles.planSave(path, name, credential))),
    removeCredential: (name) =>
      commitOf(
        writer.write(async () => {
          const users = await usedBy(({ credentials }) => credentials.get(name) ?? []);
          return users.ok ? credentialFiles.planRemove(path, name, users.value) : users;
        }),
      ),
    loadJumpHost: (name) => reportingDisk(path, async () => recordOf(await jumpHostFiles.load(path, name))),
    listJumpHosts: () => reportingDisk(path, async () => done(await jumpHostFiles.list(path))),
    saveJumpHost: (name, jumpHost) =>
      commitOf(
        writer.write(async () => {
          const { credential } = jumpHost;
          const known = credential === null ? done(null) : await credentialFiles.load(path, credential);
          return known.ok ? jumpHostFiles.planSave(path, name, jumpHost) : known;
        }),
      ),
    removeJumpHost: (name) =>
      commitOf(
        writer.write(async () => {
          const users = await usedBy(({ jumpHosts }) => jumpHosts.get(name) ?? []);
          return users.ok ? jumpHostFiles.planRemove(path, name, users.value) : users;
        }),
      ),
    usageOfReach: () => reportingDisk(path, () => usageIn(path)),
  };
}

function recordOf<T>(file: Outcome<{ record: T }>): Outcome<T> {
  return file.ok ? done(file.value.record) : file;
}

/** An unreadable file may refer to anything, so nothing is removed while there is one. */
async function usageIn(path: string): Promise<Outcome<Usage>> {
  const usage: Usage = { credentials: new Map(), jumpHosts: new Map() };
  const note = (users: Map<string, string[]>, name: string, user: string) =>
    users.set(name, [...(users.get(name) ?? []), user]);
  const gateways = await listRecords(path);
  if (!gateways.ok) return gateways;
  for (const entry of gateways.value) {
    if ('unreadable' in entry) return unreadable(entry);
    const { credential, jumps } = entry.record.ssh;
    if (credential !== null) note(usage.credentials, credential, entry.name);
    for (const jump of new Set(jumps)) note(usage.jumpHosts, jump, entry.name);
  }
  for (const entry of await jumpHostFiles.list(path)) {
    if ('unreadable' in entry) return unreadable(entry);
    const { credential } = entry.record;
    if (credential !== null) note(usage.credentials, credential, `jump host ${entry.name}`);
  }
  return done(usage);
}

function unreadable({ name, unreadable: reason }: { name: string; unreadable: string }): Outcome<never> {
  const message = `Who uses what is not known while ${name} cannot be read: ${reason}`;
  return failed('folder-unreadable', message, 'Correct the file first; nothing was removed.');
}
