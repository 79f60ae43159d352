// How a gateway is now, for the fleet table.
import type { Revision } from '#contract/files';
import type { GatewaySight } from '#contract/push';
import { protocolVersion } from '#contract/protocol';
import type { ReplyProblem, StatusReply } from '#contract/replies';
import { plainProblem } from '../ssh/ssh-failure.ts';
import { compareGateway } from './compare-gateway.ts';
import type { GatewayLink } from './gateway-link.ts';

/** A fleet table does not wait a minute for one row. */
const statusMilliseconds = 20_000;

/** Asks for the status and says where it stands against what is saved and what was last pushed. */
export async function refreshGateway(link: GatewayLink, saved: Revision): Promise<GatewaySight> {
  const request = { verb: 'status' as const, protocol: protocolVersion };
  const answer = await link.ask(request, { milliseconds: statusMilliseconds });
  if (!answer.ok) return unreachableSight(answer.problem);
  const status = answer.value;
  const state = compareGateway({
    saved,
    pushed: link.record.lastPush?.revision ?? null,
    there: status.currentRevision,
    isPending: status.pending !== null,
    isAltered: isAltered(status),
  });
  return { state, seenAt: new Date().toISOString(), status, problem: complaintOf(link.name, status) };
}

/** An agent that does not look for it says nothing. */
export function isAltered({ altered }: StatusReply): boolean {
  return altered !== undefined && altered.length > 0;
}

/** The sight of a gateway that could not be asked. */
export function unreachableSight(problem: ReplyProblem): GatewaySight {
  return { state: 'unreachable', seenAt: new Date().toISOString(), status: null, problem: plainProblem(problem) };
}

/** Reachable, and yet not as it should be. */
function complaintOf(name: string, status: StatusReply): ReplyProblem | null {
  if (status.daemonAnswers) return null;
  return {
    code: 'daemon-down',
    message: `The SMTP daemon on ${name} does not answer: it takes no mail.`,
    hint: 'Start it on the gateway: systemctl start postern-gateway-agent',
  };
}
