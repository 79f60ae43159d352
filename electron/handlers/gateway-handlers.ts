// `gateway:*`: taking gateways into the fleet and out of it, and how to reach them. Secrets go to the vault only.
import type { Input } from '#ipc';
import { GatewayRecord, SshAddress, type SignIn } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { keepSecret, secretKindOf } from '../fleet/keep-secret.ts';
import type { RecordChange } from '../store/fleet-folder.ts';
import type { SecretKind } from '../store/vault-secrets.ts';
import type { Handle, Services } from './services.ts';
import type { Sights } from './sights.ts';

type Changed = (name: string) => Outcome<Record<string, never>>;

/** Registers the calls about single gateways. */
export function registerGatewayHandlers(handle: Handle, services: Services, sights: Sights): void {
  const changed: Changed = (name) => {
    services.engine.forget(name);
    sights.forget(name);
    services.emit('fleet:changed', { name });
    return done({});
  };
  registerMembership(handle, services, changed);
  registerReach(handle, services, changed);
}

function registerMembership(handle: Handle, services: Services, changed: Changed): void {
  // So that undo brings back the password too.
  const removedSecrets = new Map<string, { kind: SecretKind; secret: string }>();

  handle('gateway:add', async (gateway) => {
    const added = await addGateway(services, gateway);
    return added.ok ? changed(gateway.name) : added;
  });

  handle('gateway:remove', async ({ name }) => {
    const { folder, vault } = services;
    const record = await folder.load(name); // one that cannot be read can be removed all the same
    const removed = await folder.remove(name);
    if (!removed.ok) return removed;
    if (record.ok) {
      const kind = secretKindOf(record.value.ssh.signIn);
      const secret = await vault.loadSecret(name, kind);
      if (secret.ok && secret.value !== null) removedSecrets.set(name, { kind, secret: secret.value });
    }
    await vault.removeSecret(name);
    changed(name);
    return removed;
  });

  handle('gateway:restore', async ({ name, undo }) => {
    const restored = await services.folder.restore(name, undo);
    if (!restored.ok) return restored;
    const kept = removedSecrets.get(name);
    removedSecrets.delete(name);
    if (kept !== undefined) await services.vault.storeSecret(name, kept.kind, kept.secret);
    return changed(name);
  });
}

function registerReach(handle: Handle, services: Services, changed: Changed): void {
  async function update(name: string, change: RecordChange): Promise<Outcome<Record<string, never>>> {
    const saved = await services.folder.update(name, change);
    return saved.ok ? changed(name) : saved;
  }

  handle('gateway:scan-host-key', (address) => services.engine.scanHostKey(SshAddress.parse(address)));

  handle('gateway:try-sign-in', (gateway) => services.engine.trySignIn(gateway));

  handle('gateway:pin-host-key', ({ name, hostKey }) =>
    update(name, {
      words: `Pin the host key of ${name}: ${hostKey.fingerprint}`,
      change: (record) => ({ ...record, hostKeys: [hostKey] }),
    }),
  );

  handle('gateway:update-ssh', async ({ name, ssh }) => {
    let before: SignIn | null = null;
    const change: RecordChange['change'] = (record) => {
      before = record.ssh.signIn;
      return { ...record, ssh };
    };
    const updated = await update(name, { words: `Change how ${name} is reached`, change });
    if (!updated.ok) return updated;
    const kept = await keepSecret(services.vault, name, { before, now: ssh.signIn });
    return kept.ok ? updated : kept;
  });

  handle('gateway:set-secret', async ({ name, secret }) => {
    const known = await services.folder.load(name);
    if (!known.ok) return known;
    const stored = await services.vault.storeSecret(name, secretKindOf(known.value.ssh.signIn), secret);
    return stored.ok ? changed(name) : stored;
  });
}

/** The folder decides whether the name is free; a vault that cannot take the secret is noticed before that. */
async function addGateway(services: Services, gateway: Input<'gateway:add'>): Promise<Outcome<void>> {
  const { folder, vault } = services;
  const { name, hostKeys, secret } = gateway;
  const record = GatewayRecord.parse({ ssh: gateway.ssh, hostKeys });
  if (secret !== undefined) {
    const { state, words } = await vault.state();
    if (state === 'locked' || state === 'new') return failed('vault-locked', words);
  }
  const added = await folder.add(name, record);
  if (!added.ok || secret === undefined) return added.ok ? done(undefined) : added;
  const stored = await vault.storeSecret(name, secretKindOf(record.ssh.signIn), secret);
  if (!stored.ok) await folder.remove(name); // half a gateway would answer "the name is taken" to the next try
  return stored;
}
