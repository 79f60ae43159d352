// What delivery is made of, for its unit tests: settings without DNS and TLS, and endings as attempts leave them.
import { defaultConfig } from '../../gateway-agent/contract/config.ts';
import type { DueMessage } from '../../gateway-agent/delivery/delivery-queue.ts';
import type { DeliverySettings } from '../../gateway-agent/delivery/delivery-settings.ts';
import type { Ending, Job } from '../../gateway-agent/delivery/job.ts';
import { Trust, type HopManner } from '../../gateway-agent/delivery/open-hop.ts';
import type { Verdict } from '../../gateway-agent/delivery/verdict.ts';
import { buildPolicy } from '../../gateway-agent/policy/build-policy.ts';
import type { Queue } from '../../gateway-agent/queue/queue.ts';

/** Connections in clear, with minutes of this length. */
export function plainManner(minuteMilliseconds = 60_000): HopManner {
  return { heloName: 'gateway.test', minuteMilliseconds, trust: new Trust(null), onClear: () => undefined };
}

/** The default configuration of a gateway that is called gateway.test. */
export function deliverySettings(changes: Partial<DeliverySettings> = {}): DeliverySettings {
  const unasked = () => Promise.reject(new Error('DNS was asked'));
  return {
    signature: 'test',
    routes: buildPolicy(defaultConfig, { denyText: '', permitText: '' }).routes,
    outgoing: 'off',
    manner: plainManner(),
    ourself: { names: new Set(), isOurselves: () => false },
    resolver: { resolveMx: unasked, addressesOf: unasked },
    peerPolicies: null,
    postmaster: 'postmaster@gateway.test',
    reportingName: 'gateway.test',
    maxConnectionsPerDestination: 20,
    giveUpAfterHours: 120,
    delayNoticeAfterHours: 4,
    ...changes,
  };
}

/** All recipients of a queued message as one job. */
export function jobOf(queue: Queue, id: string): Job {
  const message: DueMessage | null = queue.message(id);
  if (!message) throw new Error(`${id} is not queued`);
  return { message, recipients: message.recipients };
}

/** The server said this about every recipient of the job. */
export function endedWith({ recipients }: Job, verdict: Verdict, passedOnDsn = false): Ending[] {
  return recipients.map((recipient) => ({ recipient, verdict, server: 'hop.test', tls: null, passedOnDsn }));
}
