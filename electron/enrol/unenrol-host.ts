// Takes a gateway apart: removes from the host all that enrolment made there, and nothing else. A gateway that still
// holds mail is left as it is unless the operator gives the mail up.
import type { EnrolReport, HostSignIn } from '#contract/enrolment';
import { done, failed, type Outcome } from '#contract/outcome';
import { lookAtHost, type LookedAt } from './check-host.ts';
import { createEnrolItems } from './enrol-items.ts';
import { recordEnrolment } from './record-enrolment.ts';
import type { EnrolmentServices, EnrolWatch } from './enrol-host.ts';

export type UnenrolOrder = {
  at: HostSignIn;
  name: string;
  /** Takes the gateway out of the fleet as well. */
  removesRecord: boolean;
  losesMail: boolean;
};

/** Runs it. A host where nothing is to be removed is a success that says so. */
export async function unenrolHost(
  services: EnrolmentServices,
  order: UnenrolOrder,
  watch: EnrolWatch = {},
): Promise<Outcome<EnrolReport>> {
  services.engine.forget(order.name); // its session would keep the user busy
  const looked = await lookAtHost(services, { at: order.at, smtpPort: null }, watch.signal);
  if (!looked.ok && looked.problem.code === 'secret-needed') return looked; // asked for, then tried again
  const outcome = looked.ok ? await undo(services, order, { looked: looked.value, watch }) : looked;
  if (looked.ok) looked.value.shell.close();
  const words = outcome.ok
    ? `All that enrolment made is removed from ${order.at.host}${order.losesMail ? ', waiting mail as well' : ''}.`
    : `${order.at.host}: ${outcome.problem.message}`;
  await recordEnrolment(services, { action: 'unenrol', target: order.name, outcome, words }, watch);
  return outcome;
}

type UndoParts = { looked: LookedAt; watch: EnrolWatch };

async function undo(
  services: EnrolmentServices,
  order: UnenrolOrder,
  { looked, watch }: UndoParts,
): Promise<Outcome<EnrolReport>> {
  const items = createEnrolItems([], watch.onItem ?? (() => undefined));
  // No signal: half a removal helps nobody, and the script goes on by itself anyway.
  const lines = await looked.shell.run({
    values: { task: 'undo', force: order.losesMail ? 'yes' : 'no' },
    onLine: (line) => items.take(line),
  });
  if (!lines.ok) return lines;
  const [, result, why = ''] = lines.value.at(-1) ?? [];
  if (result === 'refused') return refusedFor(order.at.host, why);
  if (result !== 'done') {
    return failed(
      'host-unfit',
      `${order.at.host}: ${why || 'the removal failed'}.`,
      'Try again, or remove it by hand.',
    );
  }
  const removed = order.removesRecord ? await services.folder.remove(order.name) : done(null);
  if (!removed.ok && removed.problem.code !== 'not-found') return removed;
  if (order.removesRecord) items.set('record', 'undone');
  const forgotten = await services.vault.removeSecret(order.name); // the key opens nothing any more
  if (!forgotten.ok) return forgotten;
  return done({ isFit: true, isEnrolled: false, system: looked.verdict.report.system, items: items.list() });
}

/** `count`: as the host's daemon told it, or a word where it did not. */
function refusedFor(host: string, count: string): Outcome<never> {
  if (!/^\d+$/.test(count)) {
    const hint = 'Nothing was removed. Start the daemon, so that it can be counted, or give the mail up.';
    return failed('mail-waits', `Nobody can say whether mail waits on ${host}: its daemon does not answer.`, hint);
  }
  const words = count === '1' ? `One message waits on ${host}.` : `${count} messages wait on ${host}.`;
  const hint = 'Nothing was removed, and it takes mail as before. Deliver or return the mail first, or give it up.';
  return failed('mail-waits', words, hint);
}
