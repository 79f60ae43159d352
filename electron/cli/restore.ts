// `postern restore`: shows what bringing back an older state would change, asks, and does it.
import { done, failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { scopeInWords } from '../store/every-scope.ts';
import type { RestoreWish } from '../store/history-service.ts';
import type { Restored } from '../store/restoration.ts';
import { differenceLines } from './diff.ts';
import { exitStatus } from './exit-status.ts';
import { findState, scopeNamed, type NamedScope } from './history-state.ts';
import { endWithProblem, writeDocument } from './results.ts';
import type { Session } from './session.ts';

/** `to`: a commit or a time. `yes`: asks nobody. */
export type RestoreOptions = NamedScope & { all: boolean; to?: string | undefined; yes: boolean };

/** Nothing is pushed: the gateways run on until they are. */
export async function restoreCommand(session: Session, options: RestoreOptions): Promise<number> {
  const { terminal, json } = session;
  const restored = await restore(session, options);
  if (!restored.ok) return endWithProblem(terminal, restored.problem, { command: 'restore', json });
  const { commit, touched } = restored.value;
  if (json) writeDocument(terminal, { command: 'restore', ok: true, ...restored.value });
  else if (commit === null) terminal.out('It is so already: nothing was changed.\n');
  else {
    terminal.out(`Restored, as commit ${commit.slice(0, 7)}.${nextStep(touched)}\n`);
  }
  return exitStatus.done;
}

/** More names than a person copies; then all that differ are meant. */
const maxArguments = 5;

/** How the gateways come to it; '' where none is concerned. */
export function nextStep(touched: readonly string[]): string {
  if (touched.length === 0) return '';
  const named = touched.length > maxArguments ? '' : touched.map((name) => ` --gateway ${name}`).join('');
  return ` To give it to the gateways: postern push${named}`;
}

async function restore(session: Session, options: RestoreOptions): Promise<Outcome<Restored>> {
  const wish = await readWish(session, options);
  if (!wish.ok) return wish;
  const shown = await session.history.previewRestore(wish.value);
  if (!shown.ok) return shown;
  if (!options.yes) {
    const what = `${scopeInWords(wish.value.scope)} would be as of commit ${wish.value.commit.slice(0, 7)}.`;
    const agreed = await agreeToRestore(session, what, shown.value);
    if (!agreed.ok) return agreed;
  }
  return session.history.restore(wish.value);
}

async function readWish({ history }: Session, options: RestoreOptions): Promise<Outcome<RestoreWish>> {
  const scope = scopeOf(options);
  if (!scope.ok) return scope;
  if (options.to === undefined) return failed('bad-request', 'Say which state: --to COMMIT or --at TIME.');
  const commit = await findState(history, options.to);
  return commit.ok ? done({ scope: scope.value, commit: commit.value }) : commit;
}

function scopeOf({ name, group, all }: RestoreOptions): Outcome<Scope> {
  const named = scopeNamed({ name, group });
  if (!named.ok) return named;
  const [scope, hint] = [named.value, 'Name a gateway, or say --group NAME, or --all for the whole fleet.'];
  if ((scope === null) !== all) return failed('bad-request', 'It is not clear what is to be restored.', hint);
  return done(scope ?? { kind: 'fleet' });
}

/** Shows what would change and asks; where nobody can be asked, nobody agreed. */
export async function agreeToRestore({ terminal }: Session, what: string, shown: Restored): Promise<Outcome<void>> {
  const changes = differenceLines(shown.differences) || 'No gateway would be given anything else.\n';
  terminal.tell(`${what}\n${changes}`);
  const needsYes = failed(
    'bad-request',
    'Nothing was restored: nobody agreed.',
    'Say --yes to restore without a question.',
  );
  if (!terminal.isInteractive) return needsYes;
  const answer = await terminal.askLine('Restore it? Nothing is pushed. [y/N] ');
  if (!answer.ok) return answer;
  if (/^y(es)?$/i.test(answer.value.trim())) return done(undefined);
  return failed('cancelled', 'Nothing was restored.');
}
