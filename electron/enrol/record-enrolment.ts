// How an enrolment or its removal ended, in the audit log.
import type { Outcome } from '#contract/outcome';
import type { EnrolmentServices, EnrolWatch } from './enrol-host.ts';

type Ended = { action: 'enrol' | 'unenrol'; target: string; outcome: Outcome<unknown>; words: string };

/** Records it. What was done on the host stands although the log cannot be written, and the operator is told that. */
export async function recordEnrolment(
  { audit }: Pick<EnrolmentServices, 'audit'>,
  { outcome, ...fact }: Ended,
  { onItem }: EnrolWatch,
): Promise<void> {
  const recorded = await audit.record({ ...fact, outcome: outcome.ok ? 'done' : outcome.problem.code });
  if (recorded.ok) return;
  onItem?.({ id: 'audit', words: 'The audit log', state: 'failed', detail: recorded.problem.message });
}
