// What `apply` and `rollback` share: lease, check, store, candidate, proof. The daemon alone decides who goes back.
import { type Revision, shortRevision } from '#contract/files';
import { done } from '#contract/outcome';
import { Served } from '#contract/daemon';
import type { Answer, ApplyReply, Explanation, Finding, PushRecord } from '#contract/replies';
import type { Change } from '#contract/difference';
import { clearPending, readConfirmed, readCurrent, writePending } from '../store/current.ts';
import type { DaemonConnection } from '../store/daemon-client.ts';
import { pruneReleases } from '../store/kept-releases.ts';
import { loadPushed, releaseFolder } from '../store/release-folder.ts';
import { type LoadedRelease, storeRelease } from '../store/release-store.ts';
import { askExplain, askFor, askStatus, withDaemon } from './ask-daemon.ts';
import { type CommandContext, timeStep } from './command-context.ts';
import { compareRelease } from './compare-release.ts';
import { judgeRelease } from './judge-release.ts';
import { listOwnAddresses } from './own-addresses.ts';
import { proveUnchanged } from './prove-unchanged.ts';

/** One push: its identity, what it was made for, and how to get the release once the lease is held. */
export type Push = {
  pushId: string;
  baseRevision: Revision | null;
  confirmWithinSeconds: number;
  revision: Revision;
  obtain(): Promise<Answer<LoadedRelease>>;
};

type Judged = { release: LoadedRelease; findings: Finding[]; difference: Change[]; current: Revision | null };
type Talk = { context: CommandContext; push: Push; daemon: DaemonConnection };

/** Pushes a release up to the candidate that waits for its confirmation. Every refusal is recorded by the daemon. */
export function pushRelease(context: CommandContext, push: Push): Promise<Answer<ApplyReply>> {
  return withDaemon(context.root, async (daemon) => {
    const talk = { context, push, daemon };
    const lease = await daemon.ask({ ask: 'lease', pushId: push.pushId, author: context.author });
    if (!lease.ok) return refuse(talk, lease);
    const judged = await judge(talk);
    if (!judged.ok) return refuse(talk, judged);
    const claim = { root: context.root, revision: push.revision, current: judged.value.current };
    const unchanged = await proveUnchanged(daemon, claim);
    if (unchanged !== null) {
      await record(talk, { outcome: 'unchanged' });
      return done(
        buildReply(talk, judged.value, {
          outcome: 'unchanged',
          served: unchanged,
          explains: await explainCaller(talk),
        }),
      );
    }
    const stored = await timeStep(context, 'store', () => store(talk, judged.value.release));
    if (!stored.ok) return refuse(talk, stored);
    return serveCandidate(talk, judged.value);
  });
}

async function judge({ context, push, daemon }: Talk): Promise<Answer<Judged>> {
  const current = await readCurrent(context.root);
  if (current !== push.baseRevision) return conflict(context.root, current, push.baseRevision);
  return timeStep(context, 'check', async () => {
    const release = await push.obtain();
    if (!release.ok) return release;
    const { findings, refusal } = await judgeRelease(release.value, {
      ...context,
      daemon,
      ownAddresses: listOwnAddresses(),
      now: new Date(),
    });
    if (refusal !== null) return { ok: false, problem: refusal };
    const difference = await compareRelease(context.root, current, release.value);
    return done({ release: release.value, findings, difference, current });
  });
}

async function conflict(root: string, current: Revision | null, expected: Revision | null): Promise<Answer<never>> {
  const name = (revision: Revision | null): string => (revision === null ? 'nothing' : shortRevision(revision));
  const by = current === null ? null : await findAuthor(root, current);
  const whose = by === null ? '' : `, pushed by ${by.author} at ${by.at}`;
  const base = expected === null ? 'a gateway that has nothing confirmed' : name(expected);
  return {
    ok: false,
    problem: {
      code: 'conflict',
      message: `The gateway has ${name(current)} confirmed${whose}; this push was made for ${base}.`,
      hint: 'Look at what changed there, then push again on top of it.',
      other: { revision: current, ...by },
    },
  };
}

/** Who brought the confirmed revision into force, which after a rollback is not who brought it first. */
async function findAuthor(root: string, current: Revision): Promise<{ author: string; at: string } | null> {
  const confirmed = await readConfirmed(root);
  if (confirmed?.revision === current) return { author: confirmed.author, at: confirmed.at };
  const pushed = await loadPushed(releaseFolder(root, current));
  return pushed === null ? null : { author: pushed.author, at: pushed.storedAt };
}

async function store({ context, push }: Talk, release: LoadedRelease): Promise<Answer<void>> {
  const stored = await storeRelease(context.root, release, context.author);
  if (!stored.ok) return stored;
  const pruned = await pruneReleases(context.root, [push.revision]);
  if (!pruned.ok) return pruned;
  const now = Date.now();
  return writePending(context.root, {
    revision: push.revision,
    pushId: push.pushId,
    author: context.author,
    at: new Date(now).toISOString(),
    deadline: new Date(now + push.confirmWithinSeconds * 1000).toISOString(),
  });
}

/** From here on the daemon records what becomes of the push. */
async function serveCandidate(talk: Talk, judged: Judged): Promise<Answer<ApplyReply>> {
  const { context, push, daemon } = talk;
  const { pushId, revision, confirmWithinSeconds } = push;
  const question = { ask: 'serve-candidate', pushId, revision, author: context.author, confirmWithinSeconds } as const;
  const startedAt = performance.now();
  context.onStep({ step: 'switch', state: 'running' });
  const served = await askFor(daemon, question, Served);
  if (!served.ok) {
    await clearPending(context.root);
    return served;
  }
  // One question covers both steps; the probes' own times tell them apart.
  const proving = Math.round(Math.max(0, ...served.value.proof.listeners.map(({ milliseconds }) => milliseconds)));
  const whole = Math.round(performance.now() - startedAt);
  context.onStep({ step: 'switch', state: 'done', milliseconds: Math.max(0, whole - proving) });
  context.onStep({ step: 'proof', state: 'done', milliseconds: proving });
  const explains = await explainCaller(talk);
  return done(buildReply(talk, judged, { outcome: 'pending', served: served.value, explains }));
}

async function explainCaller({ context, push, daemon }: Talk): Promise<Explanation | null> {
  if (context.clientAddress === null) return null;
  const answer = await askExplain(daemon, { address: context.clientAddress, revision: push.revision });
  return answer.ok ? answer.value : null;
}

function buildReply(
  { push }: Talk,
  { release, findings, difference }: Judged,
  end: { outcome: ApplyReply['outcome']; served: Served; explains: Explanation | null },
): ApplyReply {
  return {
    outcome: end.outcome,
    revision: release.revision,
    findings,
    difference,
    proof: end.served.proof,
    explainsCaller: end.explains,
    listensOn: end.served.listensOn,
    confirmWithinSeconds: push.confirmWithinSeconds,
  };
}

/** Records the refusal and passes it on. A repeat of a push that the daemon knows must not overwrite its record. */
async function refuse(talk: Talk, refusal: Extract<Answer<never>, { ok: false }>): Promise<Answer<never>> {
  const status = await askStatus(talk.daemon, talk.push.pushId);
  if (status.ok && status.value.push === null) {
    await record(talk, { outcome: 'refused', reason: `${refusal.problem.code}: ${refusal.problem.message}` });
  }
  return refusal;
}

async function record({ context, push, daemon }: Talk, end: Pick<PushRecord, 'outcome' | 'reason'>): Promise<void> {
  const { pushId, revision } = push;
  const at = new Date().toISOString();
  await daemon.ask({ ask: 'record', push: { pushId, revision, author: context.author, at, ...end } });
}
