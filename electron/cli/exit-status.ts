// What the exit status of `postern` says. 0 only if every gateway ended as asked.
import type { PushResult } from '#contract/push';
import type { Problem } from '#contract/outcome';

/** Documented in --help; scripts rely on them. */
export const exitStatus = {
  done: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  refused: 4,
  conflict: 5,
  rolledBack: 6,
  unknown: 7,
  waiting: 8,
  cancelled: 130, // as a shell reports SIGINT
} as const;

/** The lines of --help. */
export const exitStatusHelp = `
Exit status:
  0    every gateway ended as asked
  1    something on this computer failed (fleet folder, keychain, output), or was found: drift, a broken audit log
  2    the command line is wrong
  3    a gateway could not be reached: nothing was sent to it
  4    a gateway refused
  5    a gateway runs something else than this push was made for, or both sides of a sync changed the same
  6    a gateway went back to what it ran before
  7    the end of a push is not known: ask for the status
  8    a rollout is paused, stopped or cancelled: gateways were not pushed
  130  stopped by Ctrl+C: gateways were not pushed
With several gateways the status is that of the worst end, in the order 7, 6, 4, 5, 3, 130, 8, 1.`;

const worstFirst: readonly number[] = [7, 6, 4, 5, 3, 130, 8, 1];

/** The status of a run over many gateways. */
export function worstOf(statuses: readonly number[]): number {
  return worstFirst.find((status) => statuses.includes(status)) ?? exitStatus.done;
}

/** The status of one push. */
export function statusOfPush(result: PushResult): number {
  switch (result.kind) {
    case 'applied':
    case 'unchanged':
      return exitStatus.done;
    case 'rolled-back':
      return exitStatus.rolledBack;
    case 'refused':
      return exitStatus.refused;
    case 'conflict':
      return exitStatus.conflict;
    case 'unknown':
      return exitStatus.unknown;
    case 'unreachable':
      if (result.cause === 'cancelled') return exitStatus.cancelled;
      return result.cause === 'desktop' ? exitStatus.failed : exitStatus.unreachable;
  }
}

/** The status of a question that failed. */
export function statusOfProblem({ code }: Problem): number {
  switch (code) {
    case 'unreachable':
    case 'host-key-unknown':
    case 'host-key-changed':
    case 'host-key-revoked':
    case 'sign-in-failed':
    case 'secret-needed':
    case 'agent-too-old':
      return exitStatus.unreachable;
    case 'cancelled':
      return exitStatus.cancelled;
    case 'bad-request':
    case 'config-rejected':
    case 'certificate-rejected':
    case 'list-rejected':
    case 'files-missing':
    case 'port-taken':
    case 'address-missing':
    case 'proof-failed':
    case 'daemon-down':
    case 'busy':
    case 'not-pending':
    case 'no-such-release':
    case 'host-unfit':
    case 'mail-waits':
      return exitStatus.refused;
    case 'conflict':
      return exitStatus.conflict;
    case 'storage-failed':
    case 'vault-locked':
    case 'not-found':
    case 'exists':
    case 'folder-unreadable':
    case 'folder-locked':
    case 'internal':
      return exitStatus.failed;
  }
}
