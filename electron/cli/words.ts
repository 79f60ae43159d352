// Results in words for a terminal.
import { shortRevision } from '#contract/files';
import type { Change } from '#contract/difference';
import type { PushProgress, PushResult } from '#contract/push';
import type { Finding } from '#contract/replies';
import { describeProof } from '../fleet/push-words.ts';

/** A revision as people compare it. */
export function revisionWords(revision: string | null): string {
  return revision === null ? 'none' : shortRevision(revision);
}

/** The end of a push, in one or more lines. */
export function pushWords(result: PushResult): string {
  switch (result.kind) {
    case 'unchanged':
      return `It runs r ${shortRevision(result.revision)} already, and proved it.`;
    case 'applied': {
      const { gateway, desktop } = result.proofs;
      const fromHere =
        desktop.result === 'not-possible' ? `not possible: ${desktop.reason ?? ''}` : describeProof(desktop);
      return `r ${shortRevision(result.revision)}\ngateway: ${describeProof(gateway)}\nfrom here: ${fromHere}`;
    }
    case 'conflict':
      return `${problemLines(result.problem)}\nTo push over it: postern push --overwrite`;
    case 'refused':
    case 'rolled-back':
    case 'unreachable':
    case 'unknown':
      return problemLines(result.problem);
  }
}

function problemLines({ message, hint }: { message: string; hint?: string | undefined }): string {
  return hint === undefined ? message : `${message}\n${hint}`;
}

const stepNames = {
  connect: 'connect',
  check: 'check',
  store: 'store',
  switch: 'switch',
  'gateway-proof': 'proof on the gateway',
  'desktop-proof': 'proof from here',
  confirm: 'confirm',
} as const;

/** One line for each step that ended: 'mx1  proof from here  done  12 ms  …'. Null while it runs. */
export function progressLine({ gateway, step, state, milliseconds, detail }: PushProgress): string | null {
  if (state === 'running') return null;
  const took = milliseconds === undefined ? '' : `${milliseconds} ms`;
  return `${gateway}  ${stepNames[step].padEnd(20)}  ${state.padEnd(7)}  ${took.padStart(8)}  ${detail ?? ''}`.trimEnd();
}

/** The lines of a review. */
export function changeRows(changes: readonly Change[]): string[][] {
  return changes.map(({ label, before, after, note }) => [label, `${before} -> ${after}`, note ?? '']);
}

/** 'warning: …' with the next step below; with the gateway's name before it where several are told of. */
export function findingLines(findings: readonly Finding[], gateway?: string): string {
  const whose = gateway === undefined ? '' : `${gateway}  `;
  return findings.map((finding) => `${whose}${finding.severity}: ${problemLines(finding)}\n`).join('');
}
