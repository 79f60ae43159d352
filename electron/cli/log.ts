// `postern log`: every save, by whom, when, in which words.
import { done, failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { scopeInWords } from '../store/every-scope.ts';
import type { HistoryEntry } from '../store/history-log.ts';
import { exitStatus } from './exit-status.ts';
import { scopeNamed, type NamedScope } from './history-state.ts';
import { endWithProblem, writeDocument } from './results.ts';
import type { Session } from './session.ts';
import { formatTable } from './table.ts';

/** Newest first, of everything, one gateway, or a group with all below it. */
export async function logCommand(session: Session, wish: NamedScope & { limit: number }): Promise<number> {
  const { terminal, json } = session;
  const entries = await readLog(session, wish);
  if (!entries.ok) return endWithProblem(terminal, entries.problem, { command: 'log', json });
  if (json) {
    writeDocument(terminal, { command: 'log', ok: true, entries: entries.value });
    return exitStatus.done;
  }
  const rows = entries.value.map(({ commit, at, author, words, scopes }) => [
    commit.slice(0, 7),
    localTime(at),
    author,
    scopesInWords(scopes),
    words,
  ]);
  terminal.out(formatTable(['commit', 'at', 'by', 'on', 'what'], rows));
  return exitStatus.done;
}

async function readLog(session: Session, wish: NamedScope & { limit: number }): Promise<Outcome<HistoryEntry[]>> {
  const scope = scopeNamed(wish);
  if (!scope.ok) return scope;
  const entries: HistoryEntry[] = [];
  for (let after: string | null = null; ;) {
    const page = await session.history.log({ scope: scope.value, after, limit: wish.limit - entries.length });
    if (!page.ok) return page;
    entries.push(...page.value.entries);
    after = page.value.next;
    if (after === null || entries.length >= wish.limit) break;
  }
  if (entries.length > 0 || scope.value === null) return done(entries);
  return failed('not-found', `The history of this folder knows no ${nounOf(scope.value)}.`);
}

function nounOf(scope: Scope): string {
  return scope.kind === 'gateway' ? `gateway named ${scope.name}` : scopeInWords(scope);
}

/** More names than a line of a table holds are counted. */
const shownScopes = 3;

function scopesInWords(scopes: readonly Scope[]): string {
  const shown = scopes.slice(0, shownScopes).map(scopeInWords).join(', ');
  return scopes.length <= shownScopes ? shown : `${shown} and ${scopes.length - shownScopes} more`;
}

/** '2026-11-24 10:30', by the clock of whoever reads it. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
