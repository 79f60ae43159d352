// Every call of the window's contract gets its one handler here.
import { registerAppHandlers } from './app-handlers.ts';
import { registerAuditHandlers } from './audit-handlers.ts';
import { registerConnectHandlers } from './connect-handlers.ts';
import { registerBackupHandlers } from './backup-handlers.ts';
import { registerDriftHandlers } from './drift-handlers.ts';
import { registerEnrolHandlers } from './enrol-handlers.ts';
import { registerFileHandlers } from './file-handlers.ts';
import { registerFleetHandlers } from './fleet-handlers.ts';
import { registerGatewayHandlers } from './gateway-handlers.ts';
import { registerGatewaysHandlers } from './gateways-handlers.ts';
import { registerGroupsHandlers } from './groups-handlers.ts';
import { registerHistoryHandlers } from './history-handlers.ts';
import { registerListHandlers } from './list-handlers.ts';
import { registerListsHandlers } from './lists-handlers.ts';
import { registerLocalHandlers } from './local-handlers.ts';
import { registerPushHandlers } from './push-handlers.ts';
import { registerRemoteHandlers } from './remote-handlers.ts';
import { registerRolloutHandlers } from './rollout-handlers.ts';
import { registerQueueHandlers } from './queue-handlers.ts';
import type { Handle, Services } from './services.ts';
import { registerSettingsHandlers } from './settings-handlers.ts';
import { createSights, type Sights } from './sights.ts';
import { registerVaultHandlers } from './vault-handlers.ts';

/** Registers all; `services` is read at each call, so that another fleet folder can take its place. Gives what they remember. */
export function registerHandlers(handle: Handle, services: Services): Sights {
  const sights = createSights();
  registerAppHandlers(handle, services, sights);
  registerAuditHandlers(handle, services);
  registerConnectHandlers(handle, services);
  registerDriftHandlers(handle, services, sights);
  registerHistoryHandlers(handle, services);
  registerRemoteHandlers(handle, services);
  registerBackupHandlers(handle, services, sights);
  registerVaultHandlers(handle, services);
  registerFleetHandlers(handle, services, sights);
  registerGatewayHandlers(handle, services, sights);
  registerSettingsHandlers(handle, services);
  registerGroupsHandlers(handle, services);
  registerGatewaysHandlers(handle, services);
  registerListsHandlers(handle, services);
  registerPushHandlers(handle, services);
  registerRolloutHandlers(handle, services);
  registerQueueHandlers(handle, services);
  registerFileHandlers(handle, services);
  registerListHandlers(handle, services);
  registerLocalHandlers(handle, services);
  registerEnrolHandlers(handle, services, sights);
  return sights;
}
