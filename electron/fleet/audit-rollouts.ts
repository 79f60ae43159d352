// Who started, paused, resumed and cancelled rollouts, as entries of the audit log. Its pushes are told by the engine.
import type { RolloutOptions } from '#contract/rollout';
import type { Outcome } from '#contract/outcome';
import type { AuditFact } from '../store/audit-log.ts';
import { audited, factOf, type Recorder, type Rules } from './audited.ts';
import type { Rollouts } from './rollout/rollouts.ts';

/** The same rollouts. */
export function auditRollouts(rollouts: Rollouts, recorder: Recorder): Rollouts {
  return audited(rollouts, rules, recorder);
}

const rules: Rules<Rollouts> = {
  start: (outcome, options) => [rolloutFact(outcome, `Start ${started(outcome)}${orderWords(options)}`)],
  retry: (outcome, id) => [rolloutFact(outcome, `Start ${started(outcome)}of those that failed in ${shortId(id)}`)],
  pause: (outcome, id) => [rolloutFact(outcome, `Pause rollout ${shortId(id)}`)],
  resume: (outcome, id) => [rolloutFact(outcome, `Go on with rollout ${shortId(id)}`)],
  cancel: (outcome, id) => [rolloutFact(outcome, `Cancel rollout ${shortId(id)}`)],
  list: 'silent',
  get: 'silent',
  wait: 'silent',
  close: 'silent',
};

function rolloutFact(outcome: Outcome<unknown>, words: string): AuditFact {
  return factOf(outcome, { action: 'rollout', target: null, words });
}

function started(outcome: Outcome<{ id: string }>): string {
  return outcome.ok ? `rollout ${shortId(outcome.value.id)} ` : 'a rollout ';
}

function orderWords({ names, canary, batch, overwriteThere }: RolloutOptions): string {
  const what = `of ${names.length} gateways: ${canary} first, then batches of ${batch}`;
  return overwriteThere ? `${what}, over what was changed there` : what;
}

/** As the command names it. */
function shortId(id: string): string {
  return id.slice(0, 8);
}
