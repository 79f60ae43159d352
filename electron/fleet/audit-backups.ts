// What was brought back from a backup, as an entry of the audit log.
import type { FleetBackups } from '../store/fleet-backups.ts';
import { audited, factOf, type Recorder, type Rules } from './audited.ts';

/** The same backups; a restoration in place is told with its day. */
export function auditBackups(backups: FleetBackups, recorder: Recorder): FleetBackups {
  return audited(backups, rules, recorder);
}

const rules: Rules<FleetBackups> = {
  restoreHere: (outcome, day) => {
    if (outcome.ok && outcome.value.commit === null) return []; // it was so already
    const words = `Bring the fleet back from the backup of ${day}`;
    return [factOf(outcome, { action: 'restore', target: 'fleet', words })];
  },
  restore: 'silent', // into another folder, which has no log yet
  list: 'silent',
  preview: 'silent',
};
