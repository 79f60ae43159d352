// `status`: what runs now, as the daemon says; without a daemon, what would run.
import { done } from '#contract/outcome';
import type { Answer, StatusReply } from '#contract/replies';
import type { Request } from '#contract/requests';
import { readCurrent } from '../store/current.ts';
import { findAlterations } from '../store/found-release.ts';
import { askStatus, withDaemon } from './ask-daemon.ts';
import type { CommandContext } from './command-context.ts';

/** Listener, gauges, certificate, pending candidate, fate of a push. A stopped daemon is an answer, not a failure. */
export async function status(
  { root, agentVersion }: CommandContext,
  { pushId }: Extract<Request, { verb: 'status' }>,
): Promise<Answer<StatusReply>> {
  const current = await readCurrent(root);
  const [answer, altered] = await Promise.all([
    withDaemon(root, (daemon) => askStatus(daemon, pushId)),
    current === null ? [] : findAlterations(root, current),
  ]);
  if (answer.ok) return done({ ...answer.value, agentVersion, altered });
  if (answer.problem.code !== 'daemon-down') return answer;
  return done({ ...buildStoppedStatus(current, answer.problem.message), agentVersion, altered });
}

function buildStoppedStatus(currentRevision: string | null, reason: string): StatusReply {
  return {
    daemonAnswers: false,
    currentRevision,
    runningRevision: null,
    config: null,
    listeners: [],
    notices: [reason],
    connections: { now: 0, limit: null, peak: 0 },
    accepted: 0,
    refused: {},
    messages: { relayed: 0, refused: 0 },
    queue: null,
    certificate: null,
    pending: null,
    push: null,
    startedAt: null,
  };
}
