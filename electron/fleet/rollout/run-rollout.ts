// One rollout while this program runs it: wave after wave, each push on disk before it starts and after it ended.
import { randomUUID } from 'node:crypto';
import type { PushProgress, PushResult } from '#contract/push';
import type { Rollout, RolloutMember, RolloutState } from '#contract/rollout';
import type { HeldLock } from '../../store/lock-file.ts';
import type { Engine } from '../engine.ts';
import { runMany } from '../run-many.ts';
import type { RolloutJournal } from './rollout-files.ts';
import { followable, followLine, type RolloutLine } from './rollout-lines.ts';
import { isAsAsked } from './summarise-rollout.ts';

/** Pushes under way at once, whatever the batch. More make each one slower on both sides, and run into its time limits. */
const underWayAtOnce = 32;
/** Questions about an earlier end cost one connection each. */
const askedAtOnce = 32;

/** Who listens. Called often; a window wants fewer. */
export type RolloutListener = {
  onChange?: ((rollout: Rollout) => void) | undefined;
  onProgress?: ((id: string, progress: PushProgress) => void) | undefined;
  onResult?: ((id: string, gateway: string, result: PushResult) => void) | undefined;
};

export type RunParts = {
  rollout: Rollout;
  /** `mayArriveUntil`: when nothing of the program before is on its way any more. */
  mayArriveUntil: number;
  engine: Pick<Engine, 'pushOne' | 'settle'>;
  journal: RolloutJournal;
  lock: HeldLock;
  listener: RolloutListener;
};

type Halt = { state: Exclude<RolloutState, 'running' | 'finished'>; because: string | null };

export type RolloutRun = {
  readonly rollout: Rollout;
  /** Begins nothing more from now on; what is under way is finished. Resolves when it is on the disk. */
  halt(halt: Halt): Promise<void>;
  /** Takes a pause back; false: too late, it must be begun anew. */
  goOn(): Promise<boolean>;
  readonly ended: Promise<void>;
};

/**
 * Is running, and is told to be, when this resolves. Members that were running are asked what became of them before
 * anything else.
 */
export async function runRollout(parts: RunParts): Promise<RolloutRun> {
  const run = new Run(parts);
  await run.begin();
  return {
    rollout: parts.rollout,
    halt: (halt) => run.halt(halt),
    goOn: () => run.goOn(),
    ended: run.work(),
  };
}

class Run {
  readonly #parts: RunParts;
  readonly #follow: (line: RolloutLine) => void;
  #halt: Halt | null = null;
  #failures = 0;
  /** Ended on the gateway, and being recorded here. */
  readonly #endings: Promise<void>[] = [];
  #isOver = false;

  constructor(parts: RunParts) {
    this.#parts = parts;
    const followed = followable(parts.rollout);
    this.#follow = (line) => followLine(followed, line);
    if (parts.rollout.state === 'cancelled') this.#halt = { state: 'cancelled', because: parts.rollout.because };
  }

  get #rollout(): Rollout {
    return this.#parts.rollout;
  }

  async halt(halt: Halt): Promise<void> {
    if (this.#isOver || this.#halt?.state === 'cancelled') return;
    this.#halt = halt;
    await this.#note({ event: 'state', ...halt, at: now() });
  }

  async goOn(): Promise<boolean> {
    if (this.#isOver || this.#halt?.state === 'cancelled') return false;
    this.#halt = null;
    await this.#note({ event: 'state', state: 'running', because: null, at: now() });
    return true;
  }

  async begin(): Promise<void> {
    if (this.#halt === null) await this.#note({ event: 'state', state: 'running', because: null, at: now() });
  }

  async work(): Promise<void> {
    const cutOff = this.#rollout.members.filter(({ state }) => state === 'running');
    await runMany(cutOff, askedAtOnce, (member) => this.#settle(member));
    for (let wave = this.#nextWave(); wave !== null && this.#halt === null; wave = this.#nextWave()) {
      await this.#pushWave(wave);
    }
    this.#isOver = true;
    const { state, because }: { state: RolloutState; because: string | null } = this.#halt ?? {
      state: 'finished',
      because: null,
    };
    await this.#note({ event: 'state', state, because, at: now() });
    await this.#parts.journal.close();
    await this.#parts.lock.release();
  }

  /** The first wave in which somebody waits. */
  #nextWave(): number | null {
    const waves = this.#rollout.members.filter(({ state }) => state === 'waiting').map(({ wave }) => wave);
    return waves.length === 0 ? null : Math.min(...waves);
  }

  async #pushWave(wave: number): Promise<void> {
    const members = this.#rollout.members.filter((member) => member.wave === wave && member.state === 'waiting');
    await runMany(members, underWayAtOnce, (member) => this.#push(member));
    await Promise.all(this.#endings.splice(0));
    if (wave !== 0 || this.#halt !== null || !this.#rollout.options.pausesAfterCanary || this.#nextWave() === null)
      return;
    await this.halt({ state: 'paused', because: 'The canaries ended as asked.' });
  }

  async #push(member: RolloutMember): Promise<void> {
    if (this.#halt !== null) return;
    const { engine, listener, lock } = this.#parts;
    const { gateway, revision } = member;
    if (!(await lock.isOurs())) return this.halt({ state: 'interrupted', because: 'Another program took it over.' });
    const pushId = randomUUID();
    if (!(await this.#note({ event: 'started', gateway, pushId, at: now() }))) return;
    let settle = (): void => undefined;
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const pushed = engine.pushOne(
      gateway,
      { pushId, revision },
      {
        overwriteThere: this.#rollout.options.overwriteThere,
        onProgress: (progress) => listener.onProgress?.(this.#rollout.id, progress),
        onSettled: () => settle(),
      },
    );
    const ending = pushed.then((result) => this.#end(member, result));
    this.#endings.push(ending);
    await Promise.race([settled, ending]);
  }

  async #settle(member: RolloutMember): Promise<void> {
    const { gateway, pushId, revision } = member;
    if (pushId === null) return;
    const { engine, mayArriveUntil } = this.#parts;
    const result = await engine.settle(gateway, { pushId, revision, mayArriveUntil });
    // It went back because nobody confirmed it, or never arrived: the gateway is not to blame and gets its turn.
    if (result === null || result.kind === 'rolled-back') {
      await this.#note({ event: 'waits-again', gateway, earlier: result, at: now() });
    } else {
      await this.#end(member, result);
    }
  }

  async #end({ gateway, wave }: RolloutMember, result: PushResult): Promise<void> {
    await this.#note({ event: 'ended', gateway, result, at: now() });
    this.#parts.listener.onResult?.(this.#rollout.id, gateway, result);
    if (isAsAsked(result)) return;
    this.#failures += 1;
    const { maxFailures } = this.#rollout.options;
    if (wave === 0) return this.halt({ state: 'stopped', because: `The canary ${gateway} did not end as asked.` });
    if (this.#failures < maxFailures || this.#nextWave() === null) return;
    const many = this.#failures === 1 ? `${gateway}` : `${this.#failures} gateways`;
    await this.halt({ state: 'stopped', because: `${many} did not end as asked.` });
  }

  /** False: it could not be written, and so nothing more is begun. What is known in memory is told all the same. */
  async #note(line: RolloutLine): Promise<boolean> {
    let isWritten = true;
    try {
      await this.#parts.journal.append(line);
    } catch {
      isWritten = false;
      this.#halt = { state: 'interrupted', because: 'The file of this rollout cannot be written any more.' };
    }
    if (isWritten || line.event !== 'started') this.#follow(line);
    this.#parts.listener.onChange?.(this.#rollout);
    return isWritten;
  }
}

function now(): string {
  return new Date().toISOString();
}
