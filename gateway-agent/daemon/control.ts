// Who may switch the gateway, and who goes back: the lease, the candidate with its clock, and `current`, which always
// has the last word. Switches queue up behind one another.
import type { DaemonQuestion, Served } from '#contract/daemon';
import { shortRevision, type Revision } from '#contract/files';
import { done, failed, type Outcome } from '#contract/outcome';
import type { Answer, PushRecord } from '#contract/replies';
import { readCurrent, readPending } from '../store/current.ts';
import { loadRelease } from '../store/release-store.ts';
import { Candidate, type CandidateFacts } from './candidate.ts';
import type { PushRecords } from './push-records.ts';
import type { Serving } from './serving.ts';

/** One connection of the control socket. */
export type Asker = { readonly id: symbol };

type Question<A extends DaemonQuestion['ask']> = Extract<DaemonQuestion, { ask: A }>;
type Lease = { holder: Asker; pushId: string; author: string; at: string };

/** Writing one small file takes milliseconds; a confirm that hangs must not hold the candidate for ever. */
const holdSeconds = 30;

/** Between attempts to serve what is confirmed. Postern's own number. */
const retrySeconds = 5;

/** The only one that decides what is served. */
export class Control {
  #lease: Lease | null = null;
  #candidate: Candidate | null = null;
  #holder: Asker | null = null;
  #trouble: string | null = null;
  #retry: NodeJS.Timeout | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #root: string;
  readonly #serving: Serving;
  readonly #records: PushRecords;

  constructor(parts: { root: string; serving: Serving; records: PushRecords }) {
    this.#root = parts.root;
    this.#serving = parts.serving;
    this.#records = parts.records;
  }

  /** Why `current` is not served, null while it is. */
  get trouble(): string | null {
    return this.#trouble;
  }

  get candidate(): Candidate | null {
    return this.#candidate;
  }

  /** Serves `current` after a start. A candidate of an earlier run went back with it, which is recorded now. */
  async start(): Promise<Outcome<void>> {
    const pending = await readPending(this.#root);
    const current = await readCurrent(this.#root);
    if (pending) {
      const { pushId, revision, author } = pending;
      const known = await this.#records.find(pushId);
      const isOpen = known === null || known.outcome === 'pending';
      const facts = { pushId, revision, author };
      if (isOpen && revision === current) await this.#note(facts, 'confirmed');
      else if (isOpen) await this.#note(facts, 'rolled-back', 'The daemon was restarted before the confirmation.');
    }
    return this.#inTurn(() => this.#serveCurrent());
  }

  /** Reads `current` again (SIGHUP). A candidate goes on until its time ends. */
  reload(): Promise<Outcome<void>> {
    return this.#inTurn(async () => (this.#candidate ? done(undefined) : this.#serveCurrent()));
  }

  /** One apply at a time. */
  lease(asker: Asker, { pushId, author }: Question<'lease'>): Answer<null> {
    const pending = this.#candidate?.pending;
    if (pending) return busy(pending, `waits for its confirmation, ${Math.ceil(pending.secondsLeft)} s more`);
    if (this.#lease && this.#lease.holder !== asker) return busy({ ...this.#lease, revision: null }, 'is under way');
    this.#lease = { holder: asker, pushId, author, at: new Date().toISOString() };
    return done(null);
  }

  /** Switches to the candidate, proves it and starts its clock. */
  serveCandidate(asker: Asker, question: Question<'serve-candidate'>): Promise<Answer<Served>> {
    const { pushId, revision, author, confirmWithinSeconds } = question;
    const facts = { pushId, revision, author };
    return this.#inTurn(async () => {
      if (this.#lease?.holder !== asker || this.#lease.pushId !== pushId) {
        return failed('busy', 'This push does not hold the lease.', 'Ask for the lease first.');
      }
      if (this.#candidate) return busy(this.#candidate.pending, 'waits for its confirmation');
      const release = await loadRelease(this.#root, revision);
      const served = release.ok ? await this.#serving.serve(release.value, true) : release;
      if (!served.ok) {
        await this.#note(facts, 'refused', `${served.problem.code}: ${served.problem.message}`);
        return served;
      }
      this.#candidate = new Candidate(facts, confirmWithinSeconds, () => void this.#endOfTime(pushId));
      await this.#note(facts, 'pending');
      return served;
    });
  }

  /** Looks at what runs, or tries a port, between two switches and never during one. */
  betweenSwitches<T>(look: () => Promise<T>): Promise<T> {
    return this.#inTurn(look);
  }

  /** The confirmation is under way: the clock stands still while `current` is written. */
  hold(asker: Asker, { pushId, revision }: Question<'hold'>): Promise<Answer<null>> {
    return this.#inTurn(async () => {
      const candidate = this.#candidate;
      if (candidate?.facts.pushId !== pushId || candidate.facts.revision !== revision) return notPending;
      if (this.#holder && this.#holder !== asker) return busy(candidate.pending, 'is being confirmed');
      this.#holder = asker;
      candidate.hold(holdSeconds);
      return done(null);
    });
  }

  /** `current` is written: what it names is confirmed. */
  obey(): Promise<Outcome<{ runningRevision: Revision | null }>> {
    return this.#inTurn(async () => {
      const served = await this.#settle('The confirmation did not arrive whole.');
      return served.ok ? done({ runningRevision: this.#serving.running?.revision ?? null }) : served;
    });
  }

  /** The candidate goes back now. */
  abandon({ pushId }: Question<'abandon'>): Promise<Outcome<{ runningRevision: Revision | null }>> {
    return this.#inTurn(async () => {
      if (this.#candidate?.facts.pushId !== pushId) return notPending;
      const served = await this.#settle('The push was abandoned.');
      return served.ok ? done({ runningRevision: this.#serving.running?.revision ?? null }) : served;
    });
  }

  /** A connection of the control socket is gone, with everything it held. */
  leave(asker: Asker): void {
    if (this.#lease?.holder === asker) this.#lease = null;
    if (this.#holder === asker) void this.#inTurn(() => this.#settle('The confirmation broke off.'));
  }

  /** No timer is left behind. */
  stop(): void {
    clearTimeout(this.#retry);
    this.#candidate?.stop();
  }

  #endOfTime(pushId: string): Promise<Outcome<void>> {
    return this.#inTurn(async () => {
      if (this.#candidate?.facts.pushId !== pushId) return done(undefined);
      return this.#settle('No confirmation arrived in time.');
    });
  }

  /** Whatever `current` says now decides what became of the candidate, which is pending until that is done and noted. */
  async #settle(reason: string): Promise<Outcome<void>> {
    const candidate = this.#candidate;
    candidate?.stop();
    try {
      const current = await readCurrent(this.#root);
      if (candidate && candidate.facts.revision === current) {
        await this.#note(candidate.facts, 'confirmed');
        return done(undefined);
      }
      const served = await this.#serveCurrent();
      if (candidate) {
        const trouble = served.ok ? '' : ` Going back failed: ${served.problem.message}`;
        await this.#note(candidate.facts, 'rolled-back', `${reason}${trouble}`);
      }
      return served;
    } finally {
      this.#candidate = null;
      this.#holder = null;
    }
  }

  /** An address may come up late and a port may be freed, so what failed is tried again. */
  async #serveCurrent(): Promise<Outcome<void>> {
    clearTimeout(this.#retry);
    const served = await this.#tryCurrent();
    this.#trouble = served.ok ? null : served.problem.message;
    if (!served.ok) this.#retry = setTimeout(() => void this.reload(), retrySeconds * 1000).unref();
    return served;
  }

  async #tryCurrent(): Promise<Outcome<void>> {
    const current = await readCurrent(this.#root);
    if (current === null) {
      this.#serving.stop();
      return done(undefined);
    }
    if (this.#serving.running?.revision === current) return done(undefined);
    const release = await loadRelease(this.#root, current);
    if (!release.ok) return release;
    const served = await this.#serving.serve(release.value, false);
    return served.ok ? done(undefined) : served;
  }

  async #note(facts: CandidateFacts, outcome: PushRecord['outcome'], reason?: string): Promise<void> {
    await this.#records.record({
      ...facts,
      at: new Date().toISOString(),
      outcome,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(action);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

const notPending = failed(
  'not-pending',
  'Nothing waits for this confirmation any more.',
  'Look at the status: the gateway may have gone back already.',
);

type Other = { revision: Revision | null; author: string; at: string };

function busy({ revision, author, at }: Other, what: string): Extract<Answer<never>, { ok: false }> {
  const name = revision === null ? 'Another push' : `The push of ${shortRevision(revision)}`;
  return {
    ok: false,
    problem: {
      code: 'busy',
      message: `${name} by ${author}, begun at ${at}, ${what}.`,
      hint: 'Wait until it has ended, then push again.',
      other: { revision, author, at },
    },
  };
}
