// What left a fleet folder in an export, and what came into one, as entries of the audit log.
import type { Outcome } from '#contract/outcome';
import type { AuditFact } from '../store/audit-log.ts';
import type { BackupContent } from '../store/backup-export.ts';
import { factOf } from './audited.ts';

/** An export that failed is told as well: somebody tried. */
export function exportFact(outcome: Outcome<BackupContent>): AuditFact {
  const what = outcome.ok ? `: ${countsIn(outcome.value)}` : '';
  return factOf(outcome, { action: 'export', target: 'fleet', words: `Export the fleet${what}` });
}

/** For the log of the folder that was filled. */
export function importFact(outcome: Outcome<BackupContent>): AuditFact {
  const what = outcome.ok ? `: ${countsIn(outcome.value)}` : '';
  return factOf(outcome, { action: 'import', target: 'fleet', words: `Import a fleet${what}` });
}

function countsIn({ gateways, privateKeys }: BackupContent): string {
  return `${gateways} gateways, ${privateKeys} private keys`;
}
