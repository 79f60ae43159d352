// Services for handlers: a real fleet folder and vault, an engine that answers from memory, dialogs that choose a
// given path.
import { dirname, join } from 'node:path';
import { done, failed } from '../../gateway-agent/contract/outcome.ts';
import { createDriftDesk } from '../../electron/fleet/drift-desk.ts';
import type { Engine } from '../../electron/fleet/engine.ts';
import { registerHandlers } from '../../electron/handlers/register-handlers.ts';
import type { Services } from '../../electron/handlers/services.ts';
import { openAuditLog } from '../../electron/store/audit-log.ts';
import { openFleetBackups } from '../../electron/store/fleet-backups.ts';
import { openFleetFolder } from '../../electron/store/fleet-folder.ts';
import { openFleetHistory } from '../../electron/store/history-service.ts';
import { openFleetRemote } from '../../electron/store/remote-service.ts';
import { openVault } from '../../electron/store/vault.ts';
import { scriptFleet } from './scripted-fleet.ts';
import { memoryEmit, memoryHandle } from './memory-handle.ts';
import { memoryKeychain, type MemoryKeychain } from './memory-keychain.ts';
import { temporaryFleet, temporaryFolder, tester, valueOf } from './temporary-fleet.ts';

/** Every question fails as unreachable; a test replaces what it needs. */
function unreachableEngine(): Engine {
  const nothing = () => Promise.resolve(failed('unreachable', 'This test has no gateway.'));
  return {
    push: () => Promise.resolve([]),
    pushOne: () => Promise.reject(new Error('no handler pushes one')),
    settle: () => Promise.resolve(null),
    plan: nothing,
    rollback: () => Promise.reject(new Error('no handler rolls back')),
    review: nothing,
    refresh: nothing,
    hello: nothing,
    explain: nothing,
    queue: nothing,
    releases: nothing,
    findDrift: nothing,
    scanHostKey: nothing,
    trySignIn: nothing,
    forget: () => undefined,
    close: () => undefined,
  };
}

export type TestApp = ReturnType<typeof memoryHandle> &
  ReturnType<typeof memoryEmit> & {
    services: Services;
    keychain: MemoryKeychain;
    choose: (path: string | null) => void;
  };

/** All handlers registered on services of their own. */
export async function startHandlers(): Promise<TestApp> {
  const folder = await temporaryFleet();
  const keychain = memoryKeychain();
  const vaultFolder = join(await temporaryFolder(), 'vault');
  const { emit, emitted } = memoryEmit();
  let chosen: string | null = null;
  const choice = () => Promise.resolve(chosen);
  const vaultFor = (fleetFolder: string) =>
    openVault({ folder: vaultFolder, service: 'Postern test', fleetFolder, keychain });
  const services: Services = {
    folder,
    vault: vaultFor(folder.path),
    engine: unreachableEngine(),
    drift: createDriftDesk({
      engine: { findDrift: (name) => services.engine.findDrift(name) },
      folder,
    }),
    rollouts: scriptFleet(join(vaultFolder, '../rollouts')).open({ fleetFolder: folder.path }),
    history: openFleetHistory(folder),
    backups: openFleetBackups({ fleetFolder: folder.path, appFolder: dirname(folder.path), who: tester }),
    remote: openFleetRemote({ path: folder.path, who: tester, vault: vaultFor(folder.path) }),
    audit: openAuditLog({ fleetFolder: folder.path, appFolder: vaultFolder, by: tester.name }),
    local: { start: () => Promise.resolve(done({ name: 'this-computer' })) },
    findAgentBundle: () => failed('not-found', 'This test has no agent.'),
    author: tester.name,
    dialogs: { openFile: choice, saveFile: choice, openFolder: choice },
    emit,
    info: { version: '0.0.0', electron: '0', isDevelopmentRuntime: false, platform: 'linux' },
    async openFolder(path) {
      services.folder = valueOf(await openFleetFolder(path, tester));
      services.vault = vaultFor(path);
      return done(undefined);
    },
  };
  const handlers = memoryHandle();
  registerHandlers(handlers.handle, services);
  return { ...handlers, emit, emitted, services, keychain, choose: (path) => (chosen = path) };
}
