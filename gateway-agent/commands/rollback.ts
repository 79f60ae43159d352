// `rollback`: a release that the gateway still keeps becomes the candidate again; a push like any other.
import type { Answer, ApplyReply } from '#contract/replies';
import type { Request } from '#contract/requests';
import { loadRelease } from '../store/release-store.ts';
import type { CommandContext } from './command-context.ts';
import { pushRelease } from './push-release.ts';

/** Serves a kept release as the candidate; it needs the same proof and the same confirmation as a new one. */
export function rollback(
  context: CommandContext,
  request: Extract<Request, { verb: 'rollback' }>,
): Promise<Answer<ApplyReply>> {
  const { pushId, baseRevision, confirmWithinSeconds, toRevision } = request;
  return pushRelease(context, {
    pushId,
    baseRevision,
    confirmWithinSeconds,
    revision: toRevision,
    obtain: () => loadRelease(context.root, toRevision),
  });
}
