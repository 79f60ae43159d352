// `credentials:*`, `jump-hosts:*` and `ssh:*`: how gateways are reached. Secrets go to the vault only.
import type { SignIn } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { importHosts, listConfiguredHosts } from '../fleet/import-hosts.ts';
import { keepSecret, secretKindOf } from '../fleet/keep-secret.ts';
import type { NamedEntry } from '../store/named-yaml.ts';
import type { Handle, Services } from './services.ts';

/** Registers them. A change may concern any gateway, so the whole list is told as changed. */
export function registerConnectHandlers(handle: Handle, services: Services): void {
  registerCredentials(handle, services);
  registerJumpHosts(handle, services);

  handle('ssh:scan', ({ ssh }) => services.engine.scanHostKey(ssh));

  handle('ssh:configured-hosts', () => listConfiguredHosts(services.folder));

  handle('ssh:import', async (chosen) => {
    const added = await importHosts(services.folder, chosen);
    services.emit('fleet:changed', { name: null }); // some may be in though one failed
    return added;
  });
}

function registerCredentials(handle: Handle, services: Services): void {
  handle('credentials:list', async () => {
    const { folder, vault } = services;
    const [entries, usage] = [await folder.listCredentials(), await folder.usageOfReach()];
    const readable = readableOf(entries, 'credentials');
    if (!readable.ok) return readable;
    const rows = readable.value.map(async ({ name, record }) => ({
      name,
      credential: record,
      usedBy: usage.ok ? (usage.value.credentials.get(name) ?? []) : [],
      hasSecret: await vault.hasSecret(`credential:${name}`, secretKindOf(record.signIn)),
    }));
    return done(await Promise.all(rows));
  });

  handle('credentials:save', async ({ name, credential, secret }) => {
    const before = await services.folder.loadCredential(name);
    const saved = await services.folder.saveCredential(name, credential);
    if (!saved.ok) return saved;
    return keep(services, `credential:${name}`, { before, now: credential, secret });
  });

  handle('credentials:remove', async ({ name }) => {
    const removed = await services.folder.removeCredential(name);
    return removed.ok ? forgetSecret(services, `credential:${name}`) : removed;
  });
}

function registerJumpHosts(handle: Handle, services: Services): void {
  handle('jump-hosts:list', async () => {
    const { folder, vault } = services;
    const [entries, usage] = [await folder.listJumpHosts(), await folder.usageOfReach()];
    const readable = readableOf(entries, 'jump-hosts');
    if (!readable.ok) return readable;
    const rows = readable.value.map(async ({ name, record }) => ({
      name,
      jumpHost: record,
      usedBy: usage.ok ? (usage.value.jumpHosts.get(name) ?? []) : [],
      hasSecret: await vault.hasSecret(`jump-host:${name}`, secretKindOf(record.signIn)),
    }));
    return done(await Promise.all(rows));
  });

  handle('jump-hosts:save', async ({ name, jumpHost, secret }) => {
    const before = await services.folder.loadJumpHost(name);
    const saved = await services.folder.saveJumpHost(name, jumpHost);
    if (!saved.ok) return saved;
    return keep(services, `jump-host:${name}`, { before, now: jumpHost, secret });
  });

  handle('jump-hosts:remove', async ({ name }) => {
    const removed = await services.folder.removeJumpHost(name);
    return removed.ok ? forgetSecret(services, `jump-host:${name}`) : removed;
  });
}

/** The screen shows what it can act on; a file that cannot be read is a failure that names it. */
function readableOf<T>(entries: Outcome<NamedEntry<T>[]>, sub: string): Outcome<{ name: string; record: T }[]> {
  if (!entries.ok) return entries;
  const readable: { name: string; record: T }[] = [];
  for (const entry of entries.value) {
    if ('unreadable' in entry) return failed('folder-unreadable', `${sub}/${entry.name}: ${entry.unreadable}`);
    readable.push(entry);
  }
  return done(readable);
}

type Signing = { signIn: SignIn; credential?: string | null };
type Kept = { before: Outcome<Signing>; now: Signing; secret?: string | undefined };

/** An ssh-agent keeps its own secrets, and a shared credential has its own. */
async function keep({ vault, emit }: Services, owner: string, { before, now, secret }: Kept) {
  const takesSecret = now.signIn.kind !== 'agent' && (now.credential ?? null) === null;
  const kept = await keepSecret(vault, owner, {
    before: before.ok ? before.value.signIn : null,
    now: takesSecret ? now.signIn : null,
    secret,
  });
  emit('fleet:changed', { name: null });
  return kept.ok ? done({}) : kept;
}

async function forgetSecret(services: Services, name: string) {
  const removed = await services.vault.removeSecret(name);
  services.emit('fleet:changed', { name: null });
  return removed.ok ? done({}) : removed;
}
