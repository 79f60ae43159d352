// Writes into the audit log what a service did: each of its methods has a rule, so a new one cannot be forgotten.
import type { AuditFact, AuditLog } from '../store/audit-log.ts';
import type { Outcome, Problem } from '#contract/outcome';

/** Where facts go; the log of a fleet folder, or a test's memory. */
export type Recorder = { record(facts: readonly AuditFact[]): Promise<void> };

/** `silent` reads, or is told of elsewhere; the others say in facts what came of a call. */
type Rule<M> = M extends (...args: infer A) => Promise<infer R>
  ? 'silent' | ((result: R, ...args: A) => AuditFact[])
  : 'silent';

/** A rule for every method. */
export type Rules<T> = { [K in keyof T]-?: Rule<T[K]> };

/** The same service; a call ends when what it did is in the log. */
export function audited<T extends object>(service: T, rules: Rules<T>, recorder: Recorder): T {
  const wrapped = { ...service };
  for (const name of Object.keys(rules) as (keyof T)[]) {
    const rule = rules[name] as 'silent' | ((result: unknown, ...args: unknown[]) => AuditFact[]);
    const method = service[name] as unknown;
    if (rule === 'silent' || typeof method !== 'function') continue;
    const call = method as (...args: unknown[]) => Promise<unknown>; // Rules<T> pairs each rule with its method
    const told = async (...args: unknown[]): Promise<unknown> => {
      const result = await call(...args);
      await recorder.record(rule(result, ...args));
      return result;
    };
    wrapped[name] = told as T[keyof T];
  }
  return wrapped;
}

/** An action whose entry cannot be written happened all the same: that is told, and stops nothing. */
export function recorderOf(log: AuditLog, onTrouble: (problem: Problem) => void): Recorder {
  return {
    async record(facts) {
      const recorded = await Promise.all(facts.map((fact) => log.record(fact)));
      const trouble = recorded.find((outcome) => !outcome.ok);
      if (trouble?.ok === false) onTrouble(trouble.problem);
    },
  };
}

/** What became of an action: 'done', or the problem with its words behind those of the action. */
export function factOf(outcome: Outcome<unknown>, { action, target, words }: Omit<AuditFact, 'outcome'>): AuditFact {
  if (outcome.ok) return { action, target, outcome: 'done', words };
  const { code, message } = outcome.problem;
  return { action, target, outcome: code, words: `${words}: ${message}` };
}
