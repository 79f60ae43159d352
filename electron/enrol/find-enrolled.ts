// Which gateway of this fleet a host is already, and whether this computer holds its management key.
import type { GatewayRecord } from '#contract/fleet';
import type { HostSignIn } from '#contract/enrolment';
import { done, type Outcome } from '#contract/outcome';
import { readManagementKey, type ManagementKey } from './management-key.ts';

export type FleetOfEnrolment = {
  folder: {
    list(): Promise<Outcome<({ name: string; record: GatewayRecord } | { name: string; unreadable: string })[]>>;
    load(name: string): Promise<Outcome<GatewayRecord>>;
    add(name: string, record: GatewayRecord): Promise<Outcome<unknown>>;
    remove(name: string): Promise<Outcome<unknown>>;
  };
  vault: {
    state(): Promise<{ state: 'keychain' | 'passphrase' | 'locked' | 'new'; words: string }>;
    loadSecret(name: string, kind: 'private-key'): Promise<Outcome<string | null>>;
    storeSecret(name: string, kind: 'private-key', secret: string): Promise<Outcome<void>>;
    removeSecret(name: string): Promise<Outcome<void>>;
  };
};

export type Enrolled = { name: string; record: GatewayRecord; key: ManagementKey | null };

/** null: no gateway of the fleet is reached there by a key that enrolment made. */
export async function findEnrolled(fleet: FleetOfEnrolment, at: HostSignIn): Promise<Outcome<Enrolled | null>> {
  const entries = await fleet.folder.list();
  if (!entries.ok) return entries;
  for (const entry of entries.value) {
    if (!('record' in entry)) continue;
    const { ssh } = entry.record;
    if (ssh.host !== at.host || ssh.port !== at.port || ssh.signIn.kind !== 'stored-key') continue;
    const secret = await fleet.vault.loadSecret(entry.name, 'private-key');
    if (!secret.ok) return secret;
    const key = secret.value === null ? null : readManagementKey(secret.value);
    return done({ name: entry.name, record: entry.record, key });
  }
  return done(null);
}
