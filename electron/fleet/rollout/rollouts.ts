// The rollouts of one fleet folder: started, listed, paused, gone on with, cancelled, tried again. One program at a
// time runs a rollout; another one can only ask it to pause or to cancel.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { z } from 'zod';
import { done, failed, type Outcome } from '#contract/outcome';
import type { Rollout, RolloutOptions, RolloutSummary } from '#contract/rollout';
import { writeDurably } from '../../store/durable-files.ts';
import { describeHolder } from '../../store/folder-lock.ts';
import { reportingDisk } from '../../store/folder-writer.ts';
import { holdLockFile, isLockHeld } from '../../store/lock-file.ts';
import type { Engine } from '../engine.ts';
import { runMany } from '../run-many.ts';
import { planWaves } from './plan-waves.ts';
import { rolloutFiles, type RolloutFiles } from './rollout-files.ts';
import { rolloutFrom, type RolloutHeader } from './rollout-lines.ts';
import { runRollout, type RolloutListener, type RolloutRun } from './run-rollout.ts';
import { isAsAsked, summariseRollout } from './summarise-rollout.ts';

/** Releases are built from files, many at once only make the disk busier. */
const plannedAtOnce = 16;
const wishMilliseconds = 500;
/** What left a program that is gone has arrived by then, or never will: sent in one piece, and TCP tries again soon. */
const arrivalMilliseconds = 5_000;
/** The holder of a lock touches it this often, so it lived at most so much longer than its last touch. */
const touchMilliseconds = 5_000;
/** A push takes seconds; an app that is asked to quit does not wait for the slowest gateway of the world. */
const closeMilliseconds = 10_000;

export type RolloutsParts = {
  /** The app's own folder for them. */
  folder: string;
  /** The fleet folder's path: rollouts of others are not shown. */
  fleetFolder: string;
  author: string;
  engine: Pick<Engine, 'plan' | 'pushOne' | 'settle'>;
  listener?: RolloutListener | undefined;
};

export type Rollouts = {
  start(options: RolloutOptions): Promise<Outcome<{ id: string }>>;
  /** Newest first. */
  list(): Promise<Outcome<RolloutSummary[]>>;
  get(id: string): Promise<Outcome<Rollout>>;
  pause(id: string): Promise<Outcome<Record<never, never>>>;
  resume(id: string): Promise<Outcome<Record<never, never>>>;
  cancel(id: string): Promise<Outcome<Record<never, never>>>;
  /** A new rollout of those that were pushed and did not end as asked. */
  retry(id: string): Promise<Outcome<{ id: string }>>;
  /** The rollout once this program has nothing under way for it any more. */
  wait(id: string): Promise<Outcome<Rollout>>;
  /** Begins nothing more and waits a while for what is under way; a later resume asks for the rest. */
  close(): Promise<void>;
};

/** What one program asks of the other. */
const Wish = z.object({ wants: z.enum(['paused', 'cancelled']), by: z.string() });
type Wish = z.infer<typeof Wish>;

/** Opens them; nothing is read or made before it is asked for. */
export function openRollouts(parts: RolloutsParts): Rollouts {
  const service = new Service(parts);
  const guarded = <T>(work: () => Promise<Outcome<T>>) => reportingDisk(parts.folder, work);
  return {
    start: (options) => guarded(() => service.start(options)),
    list: () => guarded(() => service.list()),
    get: (id) => guarded(() => service.get(id)),
    pause: (id) => guarded(() => service.wish(id, 'paused')),
    resume: (id) => guarded(() => service.resume(id)),
    cancel: (id) => guarded(() => service.wish(id, 'cancelled')),
    retry: (id) => guarded(() => service.retry(id)),
    wait: (id) => guarded(() => service.wait(id)),
    close: () => service.close(),
  };
}

class Service {
  readonly #parts: RolloutsParts;
  readonly #files: RolloutFiles;
  readonly #runs = new Map<string, RolloutRun>();

  constructor(parts: RolloutsParts) {
    this.#parts = parts;
    this.#files = rolloutFiles(parts.folder);
  }

  async start(options: RolloutOptions): Promise<Outcome<{ id: string }>> {
    const { engine, author, fleetFolder } = this.#parts;
    const members = await runMany(planWaves(options), plannedAtOnce, async (member) => {
      const planned = await engine.plan(member.gateway);
      return { ...member, revision: planned.ok ? planned.value : null };
    });
    const id = randomUUID();
    const header: RolloutHeader = {
      id,
      startedAt: new Date().toISOString(),
      by: author,
      fleetFolder,
      options,
      members,
    };
    await this.#run(rolloutFrom(header), { mayArriveUntil: 0, create: () => this.#files.create(header) });
    return done({ id });
  }

  async list(): Promise<Outcome<RolloutSummary[]>> {
    const ours = (await this.#files.list()).filter(({ fleetFolder }) => fleetFolder === this.#parts.fleetFolder);
    return done(await Promise.all(ours.map(async ({ rollout }) => summariseRollout(await this.#asItIs(rollout)))));
  }

  async get(id: string): Promise<Outcome<Rollout>> {
    const run = this.#runs.get(id);
    if (run !== undefined) return done(structuredClone(run.rollout));
    const stored = await this.#files.load(id);
    if (stored === null || stored.fleetFolder !== this.#parts.fleetFolder) {
      return failed('not-found', `There is no rollout ${id} of this fleet folder.`, 'See: postern rollout list');
    }
    return done(await this.#asItIs(stored.rollout));
  }

  /** Pause and cancel: here, in the program that runs it, or for one that nobody runs. */
  async wish(id: string, wants: Wish['wants']): Promise<Outcome<Record<never, never>>> {
    const found = await this.get(id);
    if (!found.ok) return found;
    const { state, members } = found.value;
    if (state === 'finished' || state === 'cancelled')
      return failed('bad-request', `This rollout is ${state} already.`);
    const by = this.#parts.author;
    const run = this.#runs.get(id);
    if (run !== undefined) await run.halt({ state: wants, because: `${by} asked for it.` });
    else if (await isLockHeld(this.#files.lockPath(id))) {
      await writeDurably(this.#files.wishPath(id), JSON.stringify({ wants, by } satisfies Wish), 0o600);
    } else if (wants === 'cancelled') return this.#cancelIdle(found.value);
    else if (members.some((member) => member.state === 'running')) {
      return failed('bad-request', 'Nobody runs this rollout now: it was interrupted.', 'Resume it or cancel it.');
    }
    return done({});
  }

  async resume(id: string): Promise<Outcome<Record<never, never>>> {
    const run = this.#runs.get(id);
    if (await run?.goOn()) return done({});
    await run?.ended;
    const found = await this.get(id);
    if (!found.ok) return found;
    const { state } = found.value;
    if (state === 'running') return this.#heldElsewhere(id);
    // Cancelled, and its program died before the last gateways had ended: they are asked, and nobody is pushed.
    const stored = await this.#files.load(id);
    if (state === 'interrupted' && stored?.rollout.state === 'cancelled') return this.#cancelIdle(found.value);
    if (state === 'finished' || state === 'cancelled') {
      return failed('bad-request', `This rollout is ${state}: nobody waits.`, 'Those that failed can be tried again.');
    }
    return this.#goOn(found.value);
  }

  async retry(id: string): Promise<Outcome<{ id: string }>> {
    const found = await this.get(id);
    if (!found.ok) return found;
    const { members, state, options } = found.value;
    if (state === 'running') return failed('bad-request', 'This rollout still runs.', 'Wait for its end, or pause it.');
    const names = members.filter((one) => one.state === 'ended' && !isAsAsked(one.result)).map((one) => one.gateway);
    if (names.length === 0) return failed('bad-request', 'Every gateway that was pushed ended as asked.');
    return this.start({ ...options, names });
  }

  async wait(id: string): Promise<Outcome<Rollout>> {
    const run = this.#runs.get(id);
    await run?.ended;
    return run === undefined ? this.get(id) : done(run.rollout);
  }

  async close(): Promise<void> {
    const runs = [...this.#runs.values()];
    for (const run of runs) void run.halt({ state: 'interrupted', because: 'Postern was closed.' });
    const patience = new Promise<void>((resolve) => setTimeout(resolve, closeMilliseconds).unref());
    if (runs.length > 0) await Promise.race([Promise.all(runs.map(({ ended }) => ended)), patience]);
  }

  /** A file cannot know that its writer died: a rollout that nobody holds and that is not at rest was interrupted. */
  async #asItIs(rollout: Rollout): Promise<Rollout> {
    const run = this.#runs.get(rollout.id);
    if (run !== undefined) return structuredClone(run.rollout);
    const isAtRest = rollout.state !== 'running' && rollout.members.every(({ state }) => state !== 'running');
    if (isAtRest || rollout.state === 'interrupted') return rollout;
    if (await isLockHeld(this.#files.lockPath(rollout.id))) return rollout;
    return { ...rollout, state: 'interrupted', endedAt: null, because: 'The program that ran it ended in the middle.' };
  }

  async #cancelIdle(rollout: Rollout): Promise<Outcome<Record<never, never>>> {
    return this.#goOn({ ...rollout, state: 'cancelled', because: `${this.#parts.author} asked for it.` });
  }

  async #goOn(rollout: Rollout): Promise<Outcome<Record<never, never>>> {
    const lockPath = this.#files.lockPath(rollout.id);
    const touched = await stat(lockPath).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0, // no lock is left: it was given back after everything had ended
    );
    const mayArriveUntil = touched + touchMilliseconds + arrivalMilliseconds;
    const isOurs = await this.#run(rollout, { mayArriveUntil });
    return isOurs ? done({}) : this.#heldElsewhere(rollout.id);
  }

  async #heldElsewhere(id: string): Promise<Outcome<never>> {
    const who = await describeHolder(this.#files.lockPath(id));
    return failed('busy', `Another Postern runs this rollout${who}.`, 'Pause or cancel it, or wait for its end.');
  }

  /** False: another program holds it. */
  async #run(
    rollout: Rollout,
    { mayArriveUntil, create }: { mayArriveUntil: number; create?: () => Promise<void> },
  ): Promise<boolean> {
    const { id } = rollout;
    await mkdir(this.#parts.folder, { recursive: true, mode: 0o700 });
    const lock = await holdLockFile(this.#files.lockPath(id), 0);
    if (lock === null) return false;
    await rm(this.#files.wishPath(id), { force: true });
    await create?.();
    const journal = await this.#files.openJournal(id);
    const { engine, listener = {} } = this.#parts;
    const run = await runRollout({ rollout, mayArriveUntil, engine, journal, lock, listener });
    this.#runs.set(id, run);
    const wishes = setInterval(() => void this.#obeyWish(id, run), wishMilliseconds);
    void run.ended.finally(() => {
      clearInterval(wishes);
      this.#runs.delete(id);
    });
    return true;
  }

  async #obeyWish(id: string, run: RolloutRun): Promise<void> {
    const path = this.#files.wishPath(id);
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) return;
    await rm(path, { force: true });
    const wish = readWish(text);
    if (wish !== null) await run.halt({ state: wish.wants, because: `${wish.by} asked for it.` });
  }
}

function readWish(text: string): Wish | null {
  try {
    return Wish.parse(JSON.parse(text));
  } catch {
    return null; // not ours: nothing is wished for
  }
}
