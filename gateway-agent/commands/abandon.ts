// `abandon`: the candidate goes back now instead of when its time ends.
import { done } from '#contract/outcome';
import type { AbandonReply, Answer } from '#contract/replies';
import type { Request } from '#contract/requests';
import { clearPending } from '../store/current.ts';
import { askStatus, withDaemon } from './ask-daemon.ts';
import type { CommandContext } from './command-context.ts';

/** Makes the daemon serve the confirmed release again; `not-pending` when that push waits for nothing. */
export function abandon(
  { root }: CommandContext,
  { pushId }: Extract<Request, { verb: 'abandon' }>,
): Promise<Answer<AbandonReply>> {
  return withDaemon(root, async (daemon) => {
    const abandoned = await daemon.ask({ ask: 'abandon', pushId });
    if (!abandoned.ok) return abandoned;
    await clearPending(root); // only a note; the daemon already went back
    const status = await askStatus(daemon);
    return status.ok ? done({ runningRevision: status.value.runningRevision }) : status;
  });
}
