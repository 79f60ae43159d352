// `queue`: looks into the queue and acts on it, answered by the daemon that owns it.
import type { Answer, QueueReply } from '#contract/replies';
import type { Request } from '#contract/requests';
import { askQueue, withDaemon } from './ask-daemon.ts';
import type { CommandContext } from './command-context.ts';

/** A page of the queue, one message's header, or how many an action changed. */
export function queue(
  { root }: CommandContext,
  { task }: Extract<Request, { verb: 'queue' }>,
): Promise<Answer<QueueReply>> {
  return withDaemon(root, (daemon) => askQueue(daemon, task));
}
