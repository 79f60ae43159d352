// What the engine does to gateways, as entries of the audit log.
import { shortRevision } from '#contract/files';
import type { PushResult } from '#contract/push';
import type { QueueTask } from '#contract/requests';
import type { Outcome } from '#contract/outcome';
import type { Replies } from '#contract/replies';
import type { AuditFact } from '../store/audit-log.ts';
import { audited, factOf, type Recorder, type Rules } from './audited.ts';
import type { DriftDesk } from './drift-desk.ts';
import type { Engine, PushOptions } from './engine.ts';

/** The same engine. A push of many is recorded gateway by gateway, as each ends. */
export function auditEngine(engine: Engine, recorder: Recorder): Engine {
  const push: Engine['push'] = async (names, options = {}) => {
    const writing: Promise<void>[] = [];
    const onResult: PushOptions['onResult'] = (gateway, result) => {
      writing.push(recorder.record([pushFact(result, { action: 'push', target: gateway })]));
      options.onResult?.(gateway, result);
    };
    const results = await engine.push(names, { ...options, onResult });
    await Promise.all(writing);
    return results;
  };
  return audited({ ...engine, push }, rules, recorder);
}

const rules: Rules<Engine> = {
  push: 'silent', // told above, one by one
  pushOne: (result, target) => [pushFact(result, { action: 'push', target, before: 'In a rollout. ' })],
  settle: (result, target) =>
    result === null ? [] : [pushFact(result, { action: 'push', target, before: 'Interrupted, settled later. ' })],
  rollback: (result, target, revision) => [
    pushFact(result, { action: 'rollback', target, before: `To r ${shortRevision(revision)}. ` }),
  ],
  queue: (outcome, name, task) => (task.kind === 'act' ? [queueFact(outcome, name, task)] : []),
  plan: 'silent',
  review: 'silent',
  refresh: 'silent',
  hello: 'silent',
  explain: 'silent',
  releases: 'silent',
  findDrift: 'silent',
  scanHostKey: 'silent',
  trySignIn: 'silent',
  forget: 'silent',
  close: 'silent',
};

type Push = { action: 'push' | 'rollback'; target: string; before?: string };

function pushFact(result: PushResult, { action, target, before = '' }: Push): AuditFact {
  return { action, target, outcome: result.kind, words: `${before}${pushWords(result)}` };
}

/** More than a person reads in one line of a table. */
const shownChanges = 8;

function pushWords(result: PushResult): string {
  if (result.kind === 'unchanged') return `r ${shortRevision(result.revision)} ran already.`;
  if (result.kind !== 'applied') return result.problem.message;
  const { revision, difference } = result;
  const changes = difference.slice(0, shownChanges).map(({ label, before, after }) => `${label}: ${before} → ${after}`);
  const more = difference.length - changes.length;
  return [`r ${shortRevision(revision)} confirmed`, ...changes, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** The same desk: what was taken over is told as such, whatever it saved. */
export function auditDrift(desk: DriftDesk, recorder: Recorder): DriftDesk {
  const driftRules: Rules<DriftDesk> = {
    show: 'silent',
    take: (outcome, target) => {
      const words = outcome.ok ? outcome.value.words : 'Take over what was changed there';
      return [factOf(outcome, { action: 'drift', target, words })];
    },
  };
  return audited(desk, driftRules, recorder);
}

type Act = Extract<QueueTask, { kind: 'act' }>;

function queueFact(outcome: Outcome<Replies['queue']>, target: string, { action, ids }: Act): AuditFact {
  const named = ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
  const changed = outcome.ok ? ` (${outcome.value.changed} of ${ids.length} changed)` : '';
  return factOf(outcome, { action: 'queue', target, words: `${action} ${named}${changed}` });
}
