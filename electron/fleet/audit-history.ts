// What was brought back from history, as an entry of the audit log.
import type { FleetHistory } from '../store/history-service.ts';
import { targetOf } from './audit-folder.ts';
import { audited, factOf, type Recorder, type Rules } from './audited.ts';

/** The same history; a restoration is told with the state it went back to. */
export function auditHistory(history: FleetHistory, recorder: Recorder): FleetHistory {
  return audited(history, rules, recorder);
}

const rules: Rules<FleetHistory> = {
  restore: (outcome, { scope, commit }) => {
    if (outcome.ok && outcome.value.commit === null) return []; // it was so already
    const target = targetOf(scope);
    return [factOf(outcome, { action: 'restore', target, words: `Bring ${target} back to ${commit.slice(0, 12)}` })];
  },
  log: 'silent',
  compare: 'silent',
  previewRestore: 'silent',
  ran: 'silent',
  commitAt: 'silent',
  findCommit: 'silent',
};
