// `explain`: what would happen to a connection from an address, answered by the daemon that would decide it.
import type { Answer, Explanation } from '#contract/replies';
import type { Request } from '#contract/requests';
import { askExplain, withDaemon } from './ask-daemon.ts';
import type { CommandContext } from './command-context.ts';

/** The ladder of decisions for this address by what runs now. */
export function explain(
  { root }: CommandContext,
  { verb: _verb, protocol: _protocol, ...question }: Extract<Request, { verb: 'explain' }>,
): Promise<Answer<Explanation>> {
  return withDaemon(root, (daemon) => askExplain(daemon, question));
}
