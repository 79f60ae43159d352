// How every command ends: one JSON document or words, and the exit status.
import type { Outcome, Problem } from '#contract/outcome';
import { statusOfProblem, worstOf, exitStatus } from './exit-status.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** A problem in two lines on stderr: what happened, what to do. */
export function tellProblem(
  terminal: Terminal,
  problem: Pick<Problem, 'message'> & { hint?: string | undefined },
): void {
  terminal.tell(`postern: ${problem.message}\n${problem.hint === undefined ? '' : `  ${problem.hint}\n`}`);
}

/** JSON leaves these as they are, and terminals obey them; escaped they mean the same to a parser. */
const leftRaw = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** One document for machines: `ok` says what the exit status says. */
export function writeDocument(
  terminal: Terminal,
  document: { command: string; ok: boolean } & Record<string, unknown>,
): void {
  terminal.out(`${JSON.stringify(document, null, 2).replace(leftRaw, escape)}\n`);
}

/** A failure before any gateway was asked. */
export function endWithProblem(
  terminal: Terminal,
  problem: Problem,
  options: { command: string; json: boolean },
): number {
  if (options.json) writeDocument(terminal, { command: options.command, ok: false, problem });
  else tellProblem(terminal, problem);
  return problem.code === 'bad-request' ? exitStatus.usage : statusOfProblem(problem);
}

export type Answer<T> = { gateway: string; answer: Outcome<T> };

export type Showing<T> = {
  command: string;
  /** For people; problems are told apart from it. */
  words: (answers: { gateway: string; value: T }[]) => string;
  /** Beyond failing: an answer that is not as it should be. */
  statusOf?: (value: T) => number;
};

/** Shows what each gateway answered, and gives the exit status. */
export function showAnswers<T>(session: Session, answers: Answer<T>[], showing: Showing<T>): number {
  const { terminal } = session;
  const good = answers.flatMap(({ gateway, answer }) => (answer.ok ? [{ gateway, value: answer.value }] : []));
  const statuses = answers.map(({ answer }) =>
    answer.ok ? (showing.statusOf?.(answer.value) ?? exitStatus.done) : statusOfProblem(answer.problem),
  );
  const status = worstOf(statuses);
  if (session.json) {
    const gateways = answers.map(({ gateway, answer }) => ({ gateway, ...answer }));
    writeDocument(terminal, { command: showing.command, ok: status === exitStatus.done, gateways });
    return status;
  }
  if (good.length > 0) terminal.out(showing.words(good));
  for (const { answer } of answers) if (!answer.ok) tellProblem(terminal, answer.problem);
  return status;
}
