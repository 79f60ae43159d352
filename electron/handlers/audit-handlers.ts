// `audit:*`: who did what, and whether the record of it still holds.
import type { Handle, Services } from './services.ts';

/** Registers the calls about the audit log. */
export function registerAuditHandlers(handle: Handle, services: Services): void {
  handle('audit:list', (query) => services.audit.list(query));

  handle('audit:verify', () => services.audit.verify());
}
