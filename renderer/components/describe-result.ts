// How a push ended, in exact words: what happened, to what, and what next. Pure.
import { shortRevision } from '#contract/files';
import type { DesktopProof, PushResult } from '#contract/push';
import type { GatewayProof } from '#contract/replies';

/** What the user can do next from the drawer. */
export type NextAct = 'retry' | 'push-over' | 'reload' | 'compare-host-keys';

/** `good` only for what was proved. */
export type ResultWords = {
  tone: 'good' | 'attention' | 'bad' | 'unsure';
  title: string;
  lines: string[];
  next: NextAct[];
};

function named(revision: string | null): string {
  return revision === null ? 'no configuration' : `r ${shortRevision(revision)}`;
}

function withHint(problem: { message: string; hint?: string | undefined }): string[] {
  return problem.hint === undefined ? [problem.message] : [problem.message, problem.hint];
}

/** The daemon's look at its own listeners. */
export function describeGatewayProof(proof: GatewayProof): string {
  if (proof.result === 'not-possible') return `Not proved on the gateway: ${proof.reason ?? 'no reason was given'}.`;
  const proved = proof.listeners.filter((listener) => listener.result === 'proved');
  const where = proved.map((listener) => `${listener.address} port ${listener.port}`).join(', ');
  const tls = proved.find((listener) => listener.tlsVersion !== undefined)?.tlsVersion;
  const what = tls === undefined ? 'banner' : `banner, ${tls}, certificate`;
  if (proof.result === 'proved') return `Proved on the gateway (${what}): ${where}.`;
  const failed = proof.listeners.find((listener) => listener.result === 'failed');
  return `The proof on the gateway failed: ${failed?.problem ?? proof.reason ?? 'no reason was given'}`;
}

/** The look from this computer. An expected refusal proves that the port answers, not TLS. */
export function describeDesktopProof(proof: DesktopProof): string {
  const where = proof.address === undefined ? 'the port' : `${proof.address} port ${proof.port ?? '?'}`;
  switch (proof.result) {
    case 'proved':
      return `Proved from this computer: ${where}${proof.tlsVersion === undefined ? '' : `, ${proof.tlsVersion}`}.`;
    case 'refused-as-expected':
      return `Reached from this computer: ${where} refused this address, as its rules say. That proves the rule, not TLS.`;
    case 'not-possible':
      return `Not looked at from this computer: ${proof.reason ?? 'no way there'}.`;
    case 'failed':
      return `From this computer ${where} did not show what was expected: ${proof.reason ?? 'no reason was given'}.`;
  }
}

function describeUnreachable(gateway: string, result: Extract<PushResult, { kind: 'unreachable' }>): ResultWords {
  const lines = [...withHint(result.problem), 'Nothing was sent.'];
  switch (result.cause) {
    case 'network':
      return { tone: 'bad', title: `${gateway} cannot be reached`, lines, next: ['retry'] };
    case 'host-key':
      return { tone: 'bad', title: `${gateway} shows another host key`, lines, next: ['compare-host-keys', 'retry'] };
    case 'sign-in':
      return { tone: 'bad', title: `${gateway} did not accept the sign-in`, lines, next: ['retry'] };
    case 'agent':
      return { tone: 'bad', title: `The agent on ${gateway} does not answer`, lines, next: ['retry'] };
    case 'desktop':
      return { tone: 'bad', title: `The release for ${gateway} could not be built here`, lines, next: ['retry'] };
    case 'cancelled':
      return {
        tone: 'attention',
        title: `Cancelled before ${gateway} was asked`,
        lines: ['Nothing was sent.'],
        next: ['retry'],
      };
  }
}

function describeConflict(gateway: string, result: Extract<PushResult, { kind: 'conflict' }>): ResultWords {
  const other = result.problem.other;
  const who = other?.author === undefined ? '' : ` It was pushed by ${other.author}.`;
  return {
    tone: 'attention',
    title: `${gateway} was changed there`,
    lines: [
      `It runs ${named(result.actual)}; this push was made for ${named(result.expected)}.${who} Nothing was changed.`,
      'Push over it to replace what runs there, or reload to start from what is known now.',
    ],
    next: ['push-over', 'reload'],
  };
}

/** One of seven ends, and no other. */
export function describeResult(gateway: string, result: PushResult): ResultWords {
  switch (result.kind) {
    case 'unchanged':
      return {
        tone: 'good',
        title: `${gateway} already runs ${named(result.revision)}`,
        lines: ['The listener proved it again; no release was made.'],
        next: [],
      };
    case 'applied':
      return {
        tone: 'good',
        title: `${gateway} runs ${named(result.revision)}, proved and confirmed`,
        lines: [describeGatewayProof(result.proofs.gateway), describeDesktopProof(result.proofs.desktop)],
        next: [],
      };
    case 'rolled-back':
      return {
        tone: 'bad',
        title: `${gateway} went back to ${named(result.running)}`,
        lines: [...withHint(result.problem), 'The new settings are saved here and do not run there.'],
        next: ['retry'],
      };
    case 'refused':
      return {
        tone: 'bad',
        title: `${gateway} refused the push`,
        lines: [...withHint(result.problem), 'It goes on with what it ran before.'],
        next: ['retry'],
      };
    case 'conflict':
      return describeConflict(gateway, result);
    case 'unreachable':
      return describeUnreachable(gateway, result);
    case 'unknown':
      return {
        tone: 'unsure',
        title: `Not known how it ended on ${gateway}`,
        lines: [
          ...withHint(result.problem),
          'The release was sent, then the connection broke. Unless it was confirmed, the gateway goes back by itself when its time ends.',
        ],
        next: ['retry'],
      };
  }
}
