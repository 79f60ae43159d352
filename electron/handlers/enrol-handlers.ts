// `enrol:*`: bare hosts that become gateways, and gateways that are taken apart. Passwords pass through and are not kept.
import { done } from '#contract/outcome';
import { checkHost } from '../enrol/check-host.ts';
import { enrolHost, type EnrolmentServices, type EnrolWatch } from '../enrol/enrol-host.ts';
import { unenrolHost } from '../enrol/unenrol-host.ts';
import type { Handle, Services } from './services.ts';
import type { Sights } from './sights.ts';

/** Registers the calls about enrolment. */
export function registerEnrolHandlers(handle: Handle, services: Services, sights: Sights): void {
  const running = new Map<string, AbortController>();

  const watched = async <T>(runId: string, work: (watch: EnrolWatch) => Promise<T>): Promise<T> => {
    const controller = new AbortController();
    running.set(runId, controller);
    try {
      const onItem: EnrolWatch['onItem'] = (item) => services.emit('enrol:progress', { runId, item });
      return await work({ signal: controller.signal, onItem });
    } finally {
      running.delete(runId);
    }
  };
  const changed = (name: string) => {
    services.engine.forget(name);
    sights.forget(name);
    services.emit('fleet:changed', { name });
  };

  handle('enrol:check', (look) => checkHost(enrolmentOf(services), look));

  handle('enrol:run', (order) =>
    watched(order.runId, async (watch) => {
      const report = await enrolHost(enrolmentOf(services), order, watch);
      if (report.ok) services.emit('fleet:changed', { name: order.name });
      else changed(order.name);
      return report;
    }),
  );

  handle('enrol:cancel', async ({ runId }) => {
    running.get(runId)?.abort();
    return done({});
  });

  handle('enrol:undo', (order) =>
    watched(order.runId, async (watch) => {
      const report = await unenrolHost(enrolmentOf(services), order, watch);
      changed(order.name);
      return report;
    }),
  );
}

/** Read at each call: another fleet folder may be open by then. */
function enrolmentOf({ folder, vault, engine, audit, author, findAgentBundle }: Services): EnrolmentServices {
  return { folder, vault, engine, audit, author, findAgentBundle };
}
