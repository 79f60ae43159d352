// What came in from a git remote, and which remote is used, as entries of the audit log.
import { parseAddress } from '../store/remote-address.ts';
import type { FleetRemote, SyncEnd } from '../store/remote-service.ts';
import type { AuditFact } from '../store/audit-log.ts';
import type { Outcome } from '#contract/outcome';
import { audited, factOf, type Recorder, type Rules } from './audited.ts';

/** The same remote. A sync that changed nothing of the fleet here has no entry: each entry is a commit to share. */
export function auditRemote(remote: FleetRemote, recorder: Recorder): FleetRemote {
  return audited(remote, rules, recorder);
}

const rules: Rules<FleetRemote> = {
  state: 'silent',
  set: (outcome, { url, token }) => {
    const address = url === null ? null : parseAddress(url);
    const where =
      address === null ? 'Share it no longer' : `Share it through ${address.ok ? address.value.place : '?'}`;
    const words = token === null ? where : `${where}, with a token`;
    return [factOf(outcome, { action: 'remote', target: 'fleet', words })];
  },
  sync: (outcome) => syncFacts(outcome, 'Take over what others saved'),
  resolve: (outcome, choices) => {
    const sides = Object.values(choices);
    const theirs = sides.filter((side) => side === 'theirs').length;
    return syncFacts(outcome, `Decide what both changed, ${theirs} of ${sides.length} for the remote's side`);
  },
};

/** More paths than a line of a table holds are counted. */
const shownPaths = 8;

function syncFacts(outcome: Outcome<SyncEnd>, words: string): AuditFact[] {
  if (!outcome.ok) return [];
  const touched = outcome.value.touched.filter((path) => !path.startsWith('audit/'));
  if (touched.length === 0) return [];
  const more = touched.length > shownPaths ? ` and ${touched.length - shownPaths} more` : '';
  const paths = touched.slice(0, shownPaths).join(', ');
  return [factOf(outcome, { action: 'sync', target: 'fleet', words: `${words}: ${paths}${more}` })];
}
