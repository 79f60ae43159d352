// `postern push` of many and `postern rollout`: what runs here is watched to its end, and told as it is.
import type { Rollout, RolloutOptions } from '#contract/rollout';
import { done, failed, type Outcome } from '#contract/outcome';
import { countWords, formatReport, type ReportFormat } from '../fleet/rollout/rollout-report.ts';
import { summariseRollout } from '../fleet/rollout/summarise-rollout.ts';
import type { Rollouts } from '../fleet/rollout/rollouts.ts';
import { exitStatus, statusOfPush, worstOf } from './exit-status.ts';
import { endWithProblem, writeDocument } from './results.ts';
import { tellRolloutEnds } from './rollout-progress.ts';
import type { Session } from './session.ts';
import { formatTable } from './table.ts';

/** What runs here, and how it is called on the command line. */
type Watched = { session: Session; signal: AbortSignal; command: string };

/** Starts a rollout and stays with it. On Ctrl+C it pauses: what is under way is finished, the rest waits. */
export async function startRollout(watched: Watched, options: RolloutOptions, asks: boolean): Promise<number> {
  const { session, command } = watched;
  if (asks && !(await isAgreed(session, planWords(options)))) return exitStatus.cancelled;
  const rollouts = session.rollouts(tellRolloutEnds(session));
  const started = await rollouts.start(options);
  if (!started.ok) return endWithProblem(session.terminal, started.problem, { command, json: session.json });
  return watch(watched, rollouts, { id: started.value.id, asks });
}

function planWords({ names, canary, batch, maxFailures }: RolloutOptions): string {
  const left = Math.max(0, names.length - canary);
  const first = canary === 0 ? '' : `${Math.min(canary, names.length)} first, then `;
  const waves = Math.ceil(left / batch);
  const rest = waves > 1 ? `${left} in ${waves} waves of up to ${batch}` : `${left} at once`;
  const stop = maxFailures < names.length ? ` It stops at ${maxFailures} that did not end as asked.` : '';
  return `Push to ${names.length} gateways: ${first}${rest}.${stop}`;
}

/** Nobody to ask means yes: a script said what it wants. */
async function isAgreed({ terminal, json }: Session, question: string): Promise<boolean> {
  if (!terminal.isInteractive || json) return true;
  const answer = await terminal.askLine(`${question} Go on? [y/N] `);
  return answer.ok && /^y(es)?$/i.test(answer.value.trim());
}

async function watch(
  watched: Watched,
  rollouts: Rollouts,
  { id, asks }: { id: string; asks: boolean },
): Promise<number> {
  const { session, signal, command } = watched;
  const pause = () => {
    session.terminal.tell(
      `The rollout pauses: what is under way is finished. Then: postern rollout resume ${short(id)}\n`,
    );
    void rollouts.pause(id);
  };
  if (signal.aborted) pause();
  signal.addEventListener('abort', pause, { once: true });
  let ended = await rollouts.wait(id);
  while (ended.ok && asks && waitsForAWord(ended.value) && !signal.aborted) {
    if (!session.terminal.isInteractive || session.json) break;
    if (!(await isAgreed(session, `${ended.value.because ?? ''} ${countWords(ended.value)}.`))) break;
    const resumed = await rollouts.resume(id);
    ended = resumed.ok ? await rollouts.wait(id) : resumed;
  }
  signal.removeEventListener('abort', pause);
  if (!ended.ok) return endWithProblem(session.terminal, ended.problem, { command, json: session.json });
  return showRollout(watched, ended.value);
}

/** The canaries ended as asked, and the operator wanted to look before the rest. */
function waitsForAWord({ state, options }: Rollout): boolean {
  return state === 'paused' && options.pausesAfterCanary;
}

/** The whole, in words or as a document. */
function showRollout({ session, signal, command }: Watched, rollout: Rollout): number {
  const status = statusOfRollout(rollout, signal.aborted);
  const { terminal, json } = session;
  if (json) {
    const gateways = rollout.members.map(({ gateway, state, result, pushId }) => ({ gateway, state, pushId, result }));
    writeDocument(terminal, { command, ok: status === exitStatus.done, rollout: summariseRollout(rollout), gateways });
    return status;
  }
  terminal.out(formatReport(rollout, 'text'));
  const next = nextWords(rollout);
  if (next !== null) terminal.tell(next);
  return status;
}

function nextWords(rollout: Rollout): string | null {
  const { waiting, running, failed: failures } = summariseRollout(rollout).counts;
  const id = short(rollout.id);
  if (rollout.state === 'running') return null;
  if (waiting + running > 0) return `Go on with: postern rollout resume ${id}\n`;
  return failures > 0 ? `Try those that failed again: postern rollout retry ${id}\n` : null;
}

/** The worst end counts; a gateway that still waits is no success either. */
export function statusOfRollout({ members }: Rollout, isStopped: boolean): number {
  const statuses = members.map(({ result, state }) => {
    if (result !== null) return statusOfPush(result);
    if (state === 'running') return exitStatus.unknown;
    return isStopped ? exitStatus.cancelled : exitStatus.waiting;
  });
  return worstOf(statuses);
}

/** All rollouts of this fleet folder, newest first. */
export async function listRolloutsCommand(session: Session): Promise<number> {
  const listed = await session.rollouts().list();
  if (!listed.ok)
    return endWithProblem(session.terminal, listed.problem, { command: 'rollout list', json: session.json });
  if (session.json) {
    writeDocument(session.terminal, { command: 'rollout list', ok: true, rollouts: listed.value });
    return exitStatus.done;
  }
  const rows = listed.value.map(({ id, startedAt, by, state, counts }) => {
    const { asAsked, failed: failures, waiting, running, skipped } = counts;
    const total = asAsked + failures + waiting + running + skipped;
    return [short(id), startedAt.slice(0, 16).replace('T', ' '), by, state, `${asAsked} of ${total}`, String(failures)];
  });
  session.terminal.out(formatTable(['rollout', 'started', 'by', 'state', 'as asked', 'failed'], rows));
  return exitStatus.done;
}

export type OnRollout = Watched & { prefix: string };

/** One rollout as it is. */
export function showRolloutCommand(on: OnRollout): Promise<number> {
  return withRollout(on, (_rollouts, rollout) => Promise.resolve(showRollout(on, rollout)));
}

/** Its report on stdout, in the format asked for. */
export function reportRolloutCommand(on: OnRollout, format: ReportFormat): Promise<number> {
  return withRollout(on, (_rollouts, rollout) => {
    on.session.terminal.out(formatReport(rollout, on.session.json ? 'json' : format));
    return Promise.resolve(exitStatus.done);
  });
}

/** Goes on with those that wait, after asking what became of those that an interruption left behind. */
export function resumeRolloutCommand(on: OnRollout): Promise<number> {
  return withRollout(on, async (rollouts, { id }) => {
    const resumed = await rollouts.resume(id);
    return resumed.ok ? watch(on, rollouts, { id, asks: true }) : endOn(on, resumed);
  });
}

/** A new rollout of those that failed. */
export function retryRolloutCommand(on: OnRollout): Promise<number> {
  return withRollout(on, async (rollouts, { id }) => {
    const retried = await rollouts.retry(id);
    return retried.ok ? watch(on, rollouts, { id: retried.value.id, asks: true }) : endOn(on, retried);
  });
}

/** Pauses or cancels, also where another program runs it. */
export function haltRolloutCommand(on: OnRollout, manner: 'pause' | 'cancel'): Promise<number> {
  return withRollout(on, async (rollouts, { id }) => {
    const halted = await rollouts[manner](id);
    if (!halted.ok) return endOn(on, halted);
    const after = await rollouts.wait(id);
    if (!after.ok) return endOn(on, after);
    const { session, command } = on;
    if (session.json) writeDocument(session.terminal, { command, ok: true, rollout: summariseRollout(after.value) });
    else session.terminal.tell(`${short(id)}: asked to ${manner}; gateways under way are finished.\n`);
    return exitStatus.done;
  });
}

async function withRollout(
  on: OnRollout,
  act: (rollouts: Rollouts, rollout: Rollout) => Promise<number>,
): Promise<number> {
  const rollouts = on.session.rollouts(tellRolloutEnds(on.session));
  const found = await findRollout(rollouts, on.prefix);
  return found.ok ? act(rollouts, found.value) : endOn(on, found);
}

function endOn({ session, command }: OnRollout, outcome: Extract<Outcome<never>, { ok: false }>): number {
  return endWithProblem(session.terminal, outcome.problem, { command, json: session.json });
}

/** Eight digits tell rollouts of one fleet apart. */
function short(id: string): string {
  return id.slice(0, 8);
}

async function findRollout(rollouts: Rollouts, prefix: string): Promise<Outcome<Rollout>> {
  const listed = await rollouts.list();
  if (!listed.ok) return listed;
  const matching = listed.value.filter(({ id }) => id.startsWith(prefix.toLowerCase()));
  const [only] = matching;
  if (only === undefined) return failed('bad-request', `There is no rollout ${prefix}.`, 'See: postern rollout list');
  if (matching.length > 1) return failed('bad-request', `Several rollouts begin with ${prefix}.`, 'Give more digits.');
  const found = await rollouts.get(only.id);
  return found.ok ? done(found.value) : found;
}
