// `postern backup restore DAY --in-place`: shows what would change, asks, and does it as one save.
import type { Outcome } from '#contract/outcome';
import type { CarriedOut } from '../store/restoration.ts';
import { exitStatus } from './exit-status.ts';
import { agreeToRestore, nextStep } from './restore.ts';
import { endWithProblem, writeDocument } from './results.ts';
import type { Session } from './session.ts';

type InPlace = { day: string; yes: boolean };

/** Nothing is pushed: the gateways run on until they are. */
export async function restoreHereCommand(session: Session, wish: InPlace): Promise<number> {
  const { terminal, json } = session;
  const command = 'backup restore';
  const restored = await restoreHere(session, wish);
  if (!restored.ok) return endWithProblem(terminal, restored.problem, { command, json });
  const { commit, before, touched } = restored.value;
  if (json) writeDocument(terminal, { command, ok: true, day: wish.day, ...restored.value });
  else if (commit === null || before === null) terminal.out('It is so already: nothing was changed.\n');
  else {
    terminal.out(`Restored from ${wish.day}, as commit ${commit.slice(0, 7)}.${nextStep(touched)}\n`);
    terminal.out(`To undo it: postern restore --all --to ${before.slice(0, 12)}\n`);
  }
  return exitStatus.done;
}

async function restoreHere(session: Session, { day, yes }: InPlace): Promise<Outcome<CarriedOut>> {
  if (!yes) {
    const shown = await session.backups.preview(day);
    if (!shown.ok) return shown;
    const agreed = await agreeToRestore(session, `The fleet would be as in the backup of ${day}.`, shown.value);
    if (!agreed.ok) return agreed;
  }
  return session.backups.restoreHere(day);
}
