// `postern push` and `postern rollback`: the two commands that change a gateway.
import type { PushProgress } from '#contract/push';
import { failed, type Outcome } from '#contract/outcome';
import type { NamedResult, PushOptions } from '../fleet/engine.ts';
import { exitStatus, statusOfPush, worstOf } from './exit-status.ts';
import { endWithProblem, writeDocument } from './results.ts';
import type { Session } from './session.ts';
import { formatTable } from './table.ts';
import { findingLines, progressLine, pushWords } from './words.ts';

/** Pushes what is saved. `signal` goes back on whatever is not confirmed yet. */
export async function pushCommand(
  session: Session,
  signal: AbortSignal,
  options: { overwriteThere: boolean },
): Promise<number> {
  const tellStop = () => session.terminal.tell('What is not confirmed goes back.\n');
  signal.addEventListener('abort', tellStop, { once: true });
  const results = await session.engine.push(session.names, { ...optionsFor(session, signal), ...options });
  return showResults(session, 'push', results);
}

/** Goes to a kept release, named by its first digits. */
export async function rollbackCommand(session: Session, signal: AbortSignal, prefix: string): Promise<number> {
  const results: NamedResult[] = [];
  for (const gateway of session.names) {
    const revision = await findRelease(session, gateway, prefix.toLowerCase());
    if (!revision.ok)
      return endWithProblem(session.terminal, revision.problem, { command: 'rollback', json: session.json });
    results.push({
      gateway,
      result: await session.engine.rollback(gateway, revision.value, optionsFor(session, signal)),
    });
  }
  return showResults(session, 'rollback', results);
}

/** Fewer digits than this match by accident. */
const minPrefix = 4;

async function findRelease(session: Session, gateway: string, prefix: string): Promise<Outcome<string>> {
  if (!/^[0-9a-f]+$/.test(prefix) || prefix.length < minPrefix) {
    return failed('bad-request', `A revision is given by at least ${minPrefix} of its hexadecimal digits.`);
  }
  const kept = await session.engine.releases(gateway);
  if (!kept.ok) return kept;
  const matching = kept.value.releases.filter(({ revision }) => revision.startsWith(prefix));
  const [only] = matching;
  if (only !== undefined && matching.length === 1) return { ok: true, value: only.revision };
  const reason = only === undefined ? `keeps no release ${prefix}` : `keeps several releases that begin with ${prefix}`;
  return failed('no-such-release', `${gateway} ${reason}.`, 'See: postern releases');
}

function optionsFor(session: Session, signal: AbortSignal): PushOptions {
  const onProgress = (progress: PushProgress) => {
    const line = progressLine(progress);
    if (line !== null) session.terminal.tell(`${line}\n`);
  };
  return session.json ? { signal } : { signal, onProgress };
}

function showResults(session: Session, command: string, results: NamedResult[]): number {
  const status = worstOf(results.map(({ result }) => statusOfPush(result)));
  const { terminal } = session;
  if (session.json) {
    writeDocument(terminal, { command, ok: status === exitStatus.done, gateways: results });
    return status;
  }
  const rows = results.map(({ gateway, result }) => [gateway, result.kind, pushWords(result)]);
  terminal.out(formatTable(['gateway', 'end', 'what happened'], rows));
  for (const { gateway, result } of results) {
    if ('findings' in result) terminal.tell(findingLines(result.findings, gateway));
  }
  return status;
}
