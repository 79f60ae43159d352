// How did it end? After a broken connection, a failed proof or a cancel the gateway is asked, over new connections
// where they can be made, what became of the pushId; what cannot be asked is called unknown.
import { shortRevision, type Revision } from '#contract/files';
import { protocolVersion } from '#contract/protocol';
import type { DesktopProof, PushResult } from '#contract/push';
import type { GatewayProof, PushRecord, ReplyProblem, StatusReply } from '#contract/replies';
import type { AskFailure } from '../ssh/ask-agent.ts';
import { orderedRevision, type PushSteps, type PushTarget } from './push-order.ts';

/** The gateway's timer and ours start at different moments, and a last answer takes its time. */
const slackSeconds = 5;
/** A request that arrived whole is recorded within seconds; after this long without a record it did not. */
const noRecordMilliseconds = 15_000;
const betweenTries = 1_000;

type Proofs = { gateway?: GatewayProof | undefined; desktop?: DesktopProof | undefined };

type Why = { problem: ReplyProblem; proofs?: Proofs };

/** The order was sent and did not end well, or no answer came. */
export async function settleOrder(target: PushTarget, steps: PushSteps, failure: AskFailure): Promise<PushResult> {
  const { problem } = failure;
  const deadline = deadlineOf(target);
  const mayStillArrive = failure.from === 'link';
  const became = await askWhatBecame(target, steps, { deadline, mayStillArrive });
  if (became === null) return unknownResult(target, steps, problem);
  const { push, status } = became;
  if (push === null)
    return wentBack(target, status.runningRevision, {
      problem: withWords(problem, 'It has no record of this push.'),
    });
  return tellEnd(target, steps, { push, status, problem });
}

type Told = { push: PushRecord; status: StatusReply; problem: ReplyProblem };

/** The daemon's record in the words of a push. */
async function tellEnd(target: PushTarget, steps: PushSteps, { push, status, problem }: Told): Promise<PushResult> {
  switch (push.outcome) {
    case 'pending':
      return abandonPush(target, steps, { problem });
    case 'unchanged':
      return { kind: 'unchanged', revision: push.revision };
    case 'refused':
      return { kind: 'refused', problem: withReason(problem, push), findings: problem.findings ?? [] };
    case 'confirmed':
      return appliedUnseen(steps, push.revision);
    case 'rolled-back':
    case 'unknown':
      return wentBack(target, status.runningRevision, { problem: withReason(problem, push) });
  }
}

/** A program that died leaves its questions unanswered; nobody wants to wait a minute for each dead gateway. */
const interruptedMilliseconds = 10_000;

/**
 * The program that pushed is gone: what became of its push. Null: the gateway has no record of it, and after
 * `mayArriveUntil` nothing of it is on its way any more.
 */
export async function settleInterrupted(
  target: PushTarget,
  steps: PushSteps,
  mayArriveUntil: number,
): Promise<PushResult | null> {
  const problem: ReplyProblem = {
    code: 'cancelled',
    message: `The program that pushed to ${target.name} ended in the middle of it.`,
  };
  const deadline = Date.now() + interruptedMilliseconds;
  for (let isFirst = true; ; isFirst = false) {
    if (!isFirst) await steps.pause(betweenTries);
    const answer = await steps.ask({ verb: 'status', protocol: protocolVersion, pushId: steps.pushId });
    if (answer.ok && answer.value.daemonAnswers) {
      const { push } = answer.value;
      if (push !== null && push.outcome !== 'unknown')
        return tellEnd(target, steps, { push, status: answer.value, problem });
      if (Date.now() >= mayArriveUntil) return null;
    } else if (Date.now() >= deadline) {
      const why = answer.ok ? 'its daemon does not answer.' : answer.problem.message;
      return unknownResult(target, steps, withWords(problem, `It could not be asked since: ${why}`));
    }
  }
}

/** Goes back now: the desktop does not want this candidate confirmed. */
export async function abandonPush(target: PushTarget, steps: PushSteps, why: Why): Promise<PushResult> {
  const request = { verb: 'abandon' as const, protocol: protocolVersion, pushId: steps.pushId };
  const deadline = deadlineOf(target);
  let answer = await steps.ask(request);
  while (!answer.ok && answer.from !== 'agent' && Date.now() < deadline) {
    await steps.pause(betweenTries);
    answer = await steps.askAnew(request);
  }
  if (answer.ok) return wentBack(target, answer.value.runningRevision, why);
  const became = await askWhatBecame(target, steps, { deadline, mayStillArrive: false });
  if (became === null) return unknownResult(target, steps, why.problem);
  if (became.push?.outcome === 'confirmed') return appliedUnseen(steps, became.push.revision);
  return wentBack(target, became.status.runningRevision, why);
}

type ConfirmTrouble = {
  failure: AskFailure;
  success: PushResult;
  proofs: Proofs;
};

/** The confirmation was not answered: it may have arrived, it may be sent again, it may be too late. */
export async function settleConfirm(
  target: PushTarget,
  steps: PushSteps,
  trouble: ConfirmTrouble,
): Promise<PushResult> {
  const deadline = deadlineOf(target);
  let { problem } = trouble.failure;
  // Somebody else answers there now: no time to wait for.
  if (problem.code === 'host-key-changed' || problem.code === 'host-key-revoked')
    return abandonPush(target, steps, { problem, proofs: trouble.proofs });
  while (Date.now() < deadline) {
    const became = await askWhatBecame(target, steps, { deadline, mayStillArrive: false });
    if (became === null) break;
    if (became.push?.outcome === 'confirmed') return trouble.success;
    if (became.push?.outcome !== 'pending') {
      const reason = became.push === null ? problem : withReason(problem, became.push);
      return wentBack(target, became.status.runningRevision, { problem: reason, proofs: trouble.proofs });
    }
    const revision = orderedRevision(target.order);
    const again = await steps.askAnew({ verb: 'confirm', protocol: protocolVersion, pushId: steps.pushId, revision });
    if (again.ok) return trouble.success;
    ({ problem } = again);
    await steps.pause(betweenTries);
  }
  return unknownResult(target, steps, problem);
}

/** `mayStillArrive`: the request may lie in a buffer on the way; else no record is the gateway's last word. */
type Patience = { deadline: number; mayStillArrive: boolean };
type Became = { push: PushRecord | null; status: StatusReply };

/** Asks until the daemon answers with a record, or nothing more can be learnt. Null: nobody could be asked. */
async function askWhatBecame(target: PushTarget, steps: PushSteps, patience: Patience): Promise<Became | null> {
  const { deadline, mayStillArrive } = patience;
  const noRecordDeadline = mayStillArrive ? Math.min(deadline, Date.now() + noRecordMilliseconds) : 0;
  let last: StatusReply | null = null;
  for (let isFirst = true; isFirst || Date.now() < (last === null ? deadline : noRecordDeadline); isFirst = false) {
    if (!isFirst) await steps.pause(betweenTries);
    const request = { verb: 'status' as const, protocol: protocolVersion, pushId: steps.pushId };
    let answer = await steps.askAnew(request);
    // No new connection can be made: the kept one proves no way in, and yet knows how it ended.
    if (!answer.ok && answer.from === 'nobody') answer = await steps.ask(request);
    if (!answer.ok) continue;
    const { push, daemonAnswers } = answer.value;
    if (push !== null && push.outcome !== 'unknown') return { push, status: answer.value };
    // A daemon that is down is about to be restarted, and then serves what is confirmed.
    if (daemonAnswers) last = answer.value;
  }
  if (last === null) return null;
  // It runs what was sent, and does not know by whom: that is not a way back.
  return last.runningRevision === orderedRevision(target.order) ? null : { push: null, status: last };
}

function deadlineOf(target: PushTarget): number {
  return Date.now() + (target.confirmWithinSeconds + slackSeconds) * 1000;
}

function wentBack(target: PushTarget, running: Revision | null, { problem, proofs }: Why): PushResult {
  const state = running === null ? 'without a configuration' : `with r ${shortRevision(running)}`;
  const result = {
    kind: 'rolled-back' as const,
    running,
    problem: withWords(problem, `${target.name} goes on ${state}.`),
  };
  return proofs === undefined ? result : { ...result, proofs };
}

function unknownResult(target: PushTarget, steps: PushSteps, problem: ReplyProblem): PushResult {
  const message =
    `The connection to ${target.name} broke after the push was sent, and the gateway could not be asked what became ` +
    `of it: ${problem.message} Unless it was confirmed it goes back by itself within ${target.confirmWithinSeconds} s.`;
  return { kind: 'unknown', pushId: steps.pushId, problem: { ...problem, message, hint: 'Ask for its status later.' } };
}

/** Confirmed, though the answer with the proofs was lost: another desktop's status says so. */
function appliedUnseen(steps: PushSteps, revision: Revision): PushResult {
  const reason = 'The answer that told of it was lost; the gateway says that the push is confirmed.';
  return {
    kind: 'applied',
    revision,
    pushId: steps.pushId,
    proofs: {
      gateway: { result: 'not-possible', reason, listeners: [] },
      desktop: { result: 'not-possible', reason },
    },
    difference: [],
    findings: [],
  };
}

function withReason(problem: ReplyProblem, push: PushRecord): ReplyProblem {
  return push.reason === undefined || problem.message.includes(push.reason) ? problem : withWords(problem, push.reason);
}

function withWords(problem: ReplyProblem, words: string): ReplyProblem {
  return { ...problem, message: `${problem.message} ${words}` };
}
