// Failures of the SSH layer as values: what stayed shut, and whether anything of the request had left.
import type { ReplyProblem } from '#contract/replies';
import { networkWords } from '#contract/network-words';
import type { Problem } from '#contract/outcome';
import { plainText } from './plain-text.ts';

/** A reply's problem in the shape of every other problem; findings stay with the reply. */
export function plainProblem(problem: ReplyProblem): Problem {
  const { code, message, hint } = problem;
  return hint === undefined ? { code, message } : { code, message, hint };
}

/** A socket error in plain words, for the middle of a sentence. A server’s goodbye is an error in its own words. */
export function networkReason(error: unknown): string {
  const code = errorCodeOf(error);
  return (
    networkWords[code] ?? (code === '' ? (error instanceof Error ? plainText(error.message) : 'no reason given') : code)
  );
}

/** The system's code of an error, or ''. Happy Eyeballs wraps one error for each address: the first one speaks. */
export function errorCodeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCodeOf(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return '';
}
