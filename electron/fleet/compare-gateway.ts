// Where a gateway stands between what is saved here, what was last pushed, and what it says to have confirmed.
import type { Revision } from '#contract/files';
import type { GatewayState } from '#contract/push';

export type Standing = {
  saved: Revision;
  pushed: Revision | null;
  there: Revision | null;
  isPending: boolean;
  /** Somebody edited the confirmed release in its folder: what it names is no longer what was pushed. */
  isAltered?: boolean;
};

/** One word for the fleet table. */
export function compareGateway({ saved, pushed, there, isPending, isAltered = false }: Standing): GatewayState {
  if (isPending) return 'pending-confirmation';
  if (isAltered) return saved === there ? 'changed-there' : 'conflict';
  if (saved === there) return 'in-sync';
  if (there === pushed) return 'changed-here'; // null both: never pushed
  if (pushed === null || saved === pushed) return 'changed-there';
  return 'conflict';
}
