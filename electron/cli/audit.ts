// `postern audit`: who did what, and whether the log of it still holds.
import { done, type Outcome } from '#contract/outcome';
import type { AuditEntry } from '../store/audit-log.ts';
import { exitStatus } from './exit-status.ts';
import { endWithProblem, writeDocument } from './results.ts';
import type { Session } from './session.ts';
import { formatTable } from './table.ts';

export type AuditFilter = { gateway: string | null; limit: number };

/** The newest entries first, of all computers that write into this fleet folder. */
export async function listAuditCommand(session: Session, filter: AuditFilter): Promise<number> {
  const listed = await listEntries(session, filter);
  const { terminal, json } = session;
  if (!listed.ok) return endWithProblem(terminal, listed.problem, { command: 'audit list', json });
  if (json) {
    writeDocument(terminal, { command: 'audit list', ok: true, entries: listed.value });
    return exitStatus.done;
  }
  const rows = listed.value.map(({ at, by, action, target, outcome, words }) => [
    at,
    by,
    action,
    target ?? '',
    outcome,
    words.replaceAll(/\s+/g, ' '),
  ]);
  terminal.out(formatTable(['at', 'by', 'action', 'on', 'outcome', 'what'], rows));
  return exitStatus.done;
}

/** The log gives at most this many in one page. */
const pageEntries = 1000;

async function listEntries(session: Session, { gateway, limit }: AuditFilter): Promise<Outcome<AuditEntry[]>> {
  const entries: AuditEntry[] = [];
  for (let before: string | null = null; ;) {
    const page = await session.audit.list({
      target: gateway,
      before,
      limit: Math.min(pageEntries, limit - entries.length),
    });
    if (!page.ok) return page;
    entries.push(...page.value.entries);
    before = page.value.entries.at(-1)?.at ?? null;
    if (!page.value.hasMore || entries.length >= limit) return done(entries.slice(0, limit));
  }
}

/** Reads every chain whole; the exit status is 1 when one of them does not hold. */
export async function verifyAuditCommand(session: Session): Promise<number> {
  const verdict = await session.audit.verify();
  const { terminal, json } = session;
  if (!verdict.ok) return endWithProblem(terminal, verdict.problem, { command: 'audit verify', json });
  const { entries, chains, broken } = verdict.value;
  const status = broken.length === 0 ? exitStatus.done : exitStatus.failed;
  if (json) {
    writeDocument(terminal, { command: 'audit verify', ok: broken.length === 0, ...verdict.value });
    return status;
  }
  const size = `${count(entries, 'entry', 'entries')} in ${count(chains, 'log', 'logs')}`;
  if (broken.length === 0) terminal.out(`The audit log holds: ${size}.\n`);
  else {
    terminal.out(`The audit log does not hold (${size}):\n`);
    terminal.out(broken.map(({ writer, words }) => `${writer}: ${words}\n`).join(''));
  }
  return status;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
