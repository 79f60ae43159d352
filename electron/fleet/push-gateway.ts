// One push: applies, looks from outside, confirms. Without the confirmation the gateway goes back by itself. How a
// push that went wrong ended is found out by settle-push.ts.
import { schemaVersion } from '#contract/config';
import type { Revision } from '#contract/files';
import { protocolVersion } from '#contract/protocol';
import type { DesktopProof, PushResult } from '#contract/push';
import type { ApplyReply, ReplyProblem } from '#contract/replies';
import type { AskFailure } from '../ssh/ask-agent.ts';
import { orderedRevision, type KnownAgent, type PushSteps, type PushTarget } from './push-order.ts';
import { describeProof, unreachableBy } from './push-words.ts';
import { bundleRelease, hasLargeFile } from './ready-release.ts';
import { abandonPush, settleConfirm, settleOrder } from './settle-push.ts';

/** After a cancel the answer to a running apply is still worth waiting for: with it the way back is known. */
const cancelGraceMilliseconds = 10_000;

/** Pushes one order to one gateway. Never throws away what happened: each of the seven results is true. */
export async function pushGateway(target: PushTarget, steps: PushSteps): Promise<PushResult> {
  const { progress } = steps;
  progress.start('connect');
  const connected = await steps.connect();
  if (!connected.ok) {
    progress.fail('connect', connected.problem.message);
    return unreachableBy(connected.problem);
  }
  const base = await agreeOnBase(target, steps);
  if ('kind' in base) return base;
  progress.done('connect');

  const applied = await sendOrder(target, steps, base);
  if ('kind' in applied) return applied;
  progress.done('gateway-proof', describeProof(applied.proof));

  const look = await lookFromHere(applied, connected.value.remoteAddress, steps);
  const stop = reasonToStop(target.name, look, steps.signal);
  if (stop !== null)
    return abandonPush(target, steps, { problem: stop, proofs: { gateway: applied.proof, desktop: look } });
  return confirmPush(target, steps, { applied, look });
}

type Base = { baseRevision: Revision | null; held: ReadonlySet<string> };

/** Asks hello where something must be known first, and stops an agent that is too old before anything is sent. */
async function agreeOnBase(target: PushTarget, steps: PushSteps): Promise<Base | PushResult> {
  const needsFiles = target.order.kind === 'apply' && hasLargeFile(target.order.release);
  let agent: KnownAgent | null = target.known;
  let { baseRevision } = target;
  // One that was too old may have been upgraded since.
  if (agent === null || isTooOld(agent) || needsFiles || target.overwriteThere) {
    const hello = await steps.ask({ verb: 'hello', protocol: protocolVersion }, { signal: steps.signal });
    if (!hello.ok) {
      steps.progress.fail('connect', hello.problem.message);
      return unreachableBy(hello.problem, hello.from === 'nobody' ? undefined : 'agent');
    }
    agent = hello.value;
    if (target.overwriteThere) baseRevision = hello.value.currentRevision;
  }
  if (isTooOld(agent)) {
    steps.progress.fail('connect', 'the agent is too old');
    return unreachableBy(tooOld(target.name, agent), 'agent');
  }
  return { baseRevision, held: new Set(agent.files) };
}

function isTooOld(agent: KnownAgent): boolean {
  return agent.protocol < protocolVersion || agent.schemaVersion < schemaVersion;
}

function tooOld(name: string, agent: KnownAgent): ReplyProblem {
  return {
    code: 'agent-too-old',
    message:
      `The agent on ${name} is too old for this configuration: it speaks protocol ${agent.protocol} and schema ` +
      `${agent.schemaVersion}, Postern needs ${protocolVersion} and ${schemaVersion}. Nothing was sent.`,
    hint: 'Upgrade gateway-agent on the gateway, then push again.',
  };
}

/** Sends it, once more with every file where the gateway lost one since its hello. */
async function sendOrder(target: PushTarget, steps: PushSteps, base: Base): Promise<ApplyReply | PushResult> {
  if (steps.signal?.aborted) return unreachableBy(cancelled(target.name));
  let answer = await sendOnce(target, steps, base);
  if (!answer.ok && answer.from === 'agent' && answer.problem.code === 'files-missing' && base.held.size > 0) {
    answer = await sendOnce(target, steps, { ...base, held: new Set() });
  }
  // An earlier push whose end was never seen: what runs there is what this push wants, so let the gateway prove it.
  const there = answer.ok || answer.from !== 'agent' ? null : (answer.problem.other?.revision ?? null);
  if (!answer.ok && answer.problem.code === 'conflict' && there === orderedRevision(target.order)) {
    answer = await sendOnce(target, steps, { ...base, baseRevision: there });
  }
  if (!answer.ok) return explainRefusal(target, steps, answer);
  const { outcome, revision, proof } = answer.value;
  if (outcome === 'pending') return answer.value;
  steps.progress.done('gateway-proof', describeProof(proof));
  for (const step of ['desktop-proof', 'confirm'] as const) steps.progress.skip(step, 'nothing to confirm');
  return { kind: 'unchanged', revision };
}

async function sendOnce(target: PushTarget, steps: PushSteps, base: Base) {
  const common = {
    protocol: protocolVersion,
    pushId: steps.pushId,
    baseRevision: base.baseRevision,
    confirmWithinSeconds: target.confirmWithinSeconds,
  };
  const grace = signalAfter(steps.signal, cancelGraceMilliseconds);
  const options = { onStep: steps.progress.fromAgent, signal: grace.signal };
  const { order } = target;
  const answer =
    order.kind === 'rollback'
      ? await steps.ask({ verb: 'rollback', toRevision: order.toRevision, ...common }, options)
      : await steps.ask({ verb: 'apply', release: await bundleRelease(order.release, base.held), ...common }, options);
  grace.release();
  return answer;
}

function explainRefusal(target: PushTarget, steps: PushSteps, failure: AskFailure): PushResult | Promise<PushResult> {
  const { problem, from } = failure;
  const hadSwitched = steps.progress.failRunning(problem.message);
  if (from === 'nobody') return unreachableBy(problem);
  if (from === 'link') return settleOrder(target, steps, failure);
  if (problem.code === 'conflict') {
    return { kind: 'conflict', expected: target.baseRevision, actual: problem.other?.revision ?? null, problem };
  }
  if (problem.code === 'proof-failed' || hadSwitched) return settleOrder(target, steps, failure);
  return { kind: 'refused', problem: explainMissing(target, problem), findings: problem.findings ?? [] };
}

/** The gateway lacks a file that this computer has and could not read: the operator must know both. */
function explainMissing({ order }: PushTarget, problem: ReplyProblem): ReplyProblem {
  const because = order.kind === 'apply' ? order.release.missingBecause : null;
  if (problem.code !== 'files-missing' || because === null || because === undefined) return problem;
  return { ...problem, message: `${problem.message} It was not sent along: ${because.message}`, hint: because.hint };
}

async function lookFromHere(applied: ApplyReply, remoteAddress: string, steps: PushSteps): Promise<DesktopProof> {
  steps.progress.start('desktop-proof');
  const look = await steps.probe(applied, remoteAddress);
  if (look.result === 'failed') steps.progress.fail('desktop-proof', look.reason);
  else if (look.result === 'not-possible') steps.progress.skip('desktop-proof', look.reason);
  else steps.progress.done('desktop-proof', describeProof(look));
  return look;
}

function reasonToStop(name: string, look: DesktopProof, signal: AbortSignal | undefined): ReplyProblem | null {
  if (signal?.aborted) return cancelled(name);
  if (look.result !== 'failed') return null;
  return {
    code: 'proof-failed',
    message: `The look at ${name} from here failed: ${look.reason ?? 'no reason given'}`,
    hint: 'Check what stands between here and the gateway, and whether the address is the gateway’s own.',
  };
}

function cancelled(name: string): ReplyProblem {
  return { code: 'cancelled', message: `The push to ${name} was stopped.` };
}

type Proved = { applied: ApplyReply; look: DesktopProof };

async function confirmPush(target: PushTarget, steps: PushSteps, { applied, look }: Proved): Promise<PushResult> {
  const { revision, proof, difference, findings } = applied;
  const proofs = { gateway: proof, desktop: look };
  const success: PushResult = { kind: 'applied', revision, pushId: steps.pushId, proofs, difference, findings };
  steps.progress.start('confirm');
  const request = { verb: 'confirm' as const, protocol: protocolVersion, pushId: steps.pushId, revision };
  const confirmed = await steps.askAnew(request);
  const result = confirmed.ok ? success : await settleConfirm(target, steps, { failure: confirmed, success, proofs });
  if (result.kind === 'applied') steps.progress.done('confirm');
  else steps.progress.fail('confirm', 'problem' in result ? result.problem.message : undefined);
  return result;
}

/** A signal that follows another one after a while. */
function signalAfter(signal: AbortSignal | undefined, milliseconds: number) {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const follow = () => (timer = setTimeout(() => controller.abort(), milliseconds));
  if (signal?.aborted) follow();
  signal?.addEventListener('abort', follow, { once: true });
  const release = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', follow);
  };
  return { signal: controller.signal, release };
}

/** What `applied` says of the revision, for callers that record it. */
export function pushedRevision(target: PushTarget, result: PushResult): Revision | null {
  return result.kind === 'applied' || result.kind === 'unchanged' ? orderedRevision(target.order) : null;
}
