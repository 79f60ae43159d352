// `apply`: a release from the desktop becomes the candidate that waits for its confirmation.
import { revisionOf } from '#certificates/hash';
import type { Answer, ApplyReply } from '#contract/replies';
import type { Request } from '#contract/requests';
import { assembleRelease } from './assemble-release.ts';
import type { CommandContext } from './command-context.ts';
import { pushRelease } from './push-release.ts';

/** Checks, stores and serves the release, or says why not; the listener that serves stays as it is then. */
export function apply(
  context: CommandContext,
  request: Extract<Request, { verb: 'apply' }>,
): Promise<Answer<ApplyReply>> {
  const { pushId, baseRevision, confirmWithinSeconds, release } = request;
  return pushRelease(context, {
    pushId,
    baseRevision,
    confirmWithinSeconds,
    revision: revisionOf(release.config),
    obtain: () => assembleRelease(context.root, release),
  });
}
