// `postern drift`: what was changed on the gateways by somebody else, and taking it over.
import { failed } from '#contract/outcome';
import type { DriftReport } from '../fleet/drift-report.ts';
import { exitStatus } from './exit-status.ts';
import { askAll } from './questions.ts';
import { endWithProblem, showAnswers } from './results.ts';
import type { Session } from './session.ts';
import { formatTable } from './table.ts';
import { changeRows, revisionWords } from './words.ts';

/** Shows what runs there and was not pushed from here. The exit status is 1 when there is any. */
export async function driftCommand(session: Session): Promise<number> {
  const answers = await askAll(session, (name) => session.drift.show(name));
  return showAnswers(session, answers, {
    command: 'drift',
    words: (reports) => reports.map(({ value }) => reportWords(value)).join('\n'),
    statusOf: (report) => (hasDrift(report) ? exitStatus.failed : exitStatus.done),
  });
}

/** Something is there that was not pushed from here, whether or not it can be told field by field. */
function hasDrift({ base, running, difference, limits }: DriftReport): boolean {
  return base !== running || difference.length > 0 || limits.length > 0;
}

function reportWords(report: DriftReport): string {
  const { gateway, base, running, author, at, difference, conflicts, limits } = report;
  if (!hasDrift(report)) return `${gateway}: runs what was pushed from here (r ${revisionWords(running)}).\n`;
  const by = author === null ? '' : `, pushed by ${author}${at === null ? '' : ` at ${at}`}`;
  const head = `${gateway}: runs r ${revisionWords(running)}${by}; from here it was given r ${revisionWords(base)}.\n`;
  const inConflict = new Map(conflicts.map(({ id, ours }) => [id, ours]));
  const rows = changeRows(difference).map((row, index) => {
    const ours = inConflict.get(difference[index]?.field ?? '');
    return ours === undefined ? row : [...row.slice(0, 2), `conflict: here it is ${ours}. ${row[2] ?? ''}`.trim()];
  });
  const table = rows.length === 0 ? '' : formatTable(['setting', 'there', 'note'], rows);
  return `${head}${limits.map((limit) => `  ${limit}\n`).join('')}${table}`;
}

export type TakeOptions = { fields: readonly string[] | null; keepsOurs: boolean };

/** Takes fields over, all or some; with none, what is there only becomes the base of the next push. */
export async function takeDriftCommand(session: Session, { fields, keepsOurs }: TakeOptions): Promise<number> {
  const command = 'drift take';
  const wish = keepsOurs ? [] : (fields ?? 'all');
  if (session.names.length !== 1 && wish !== 'all') {
    const problem = failed('bad-request', 'Fields are named for one gateway: say which with --gateway.').problem;
    return endWithProblem(session.terminal, problem, { command, json: session.json });
  }
  const answers = await askAll(session, (name) => session.drift.take(name, wish));
  return showAnswers(session, answers, {
    command,
    words: (taken) => taken.map(({ gateway, value }) => `${gateway}: ${value.words}.\n`).join(''),
  });
}
