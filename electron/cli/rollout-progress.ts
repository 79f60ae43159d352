// A rollout on a terminal: one line for each gateway that ended, with how far the whole is.
import type { Rollout } from '#contract/rollout';
import type { RolloutListener } from '../fleet/rollout/run-rollout.ts';
import { isAsAsked } from '../fleet/rollout/summarise-rollout.ts';
import type { Session } from './session.ts';
import { progressLine } from './words.ts';

/** The steps of this many can still be read; of more only the ends are told. */
const stepsUpTo = 4;

/** Tells stderr; with --json nothing but the document is wanted. */
export function tellRolloutEnds({ terminal, json }: Pick<Session, 'terminal' | 'json'>): RolloutListener {
  if (json) return {};
  let total = 0;
  const ended = new Map<string, boolean>();
  return {
    onChange({ members }: Rollout) {
      if (total === 0)
        for (const { gateway, state, result } of members) if (state === 'ended') ended.set(gateway, isAsAsked(result));
      total = members.length;
    },
    onProgress(_id, progress) {
      const line = total <= stepsUpTo ? progressLine(progress) : null;
      if (line !== null) terminal.tell(`${line}\n`);
    },
    onResult(_id, gateway, result) {
      ended.set(gateway, isAsAsked(result));
      const failures = [...ended.values()].filter((isFine) => !isFine).length;
      const whole = `${ended.size} of ${total}${failures === 0 ? '' : `, ${failures} failed`}`;
      const words = 'problem' in result ? `: ${result.problem.message}` : '';
      terminal.tell(`${gateway}  ${result.kind}${words}  (${whole})\n`);
    },
  };
}
