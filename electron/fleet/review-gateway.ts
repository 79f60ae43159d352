// What a push would do to one gateway, before it is done: judged by the gateway, or by the desktop where the gateway
// cannot be asked.
import { protocolVersion } from '#contract/protocol';
import type { GatewayReview } from '#contract/push';
import type { CheckReply, Finding, ReplyProblem } from '#contract/replies';
import type { AskResult } from '../ssh/ask-agent.ts';
import type { GatewayLink } from './gateway-link.ts';
import { differenceToNothing, judgeHere } from './judge-here.ts';
import { bundleRelease, hasLargeFile, type ReadyRelease } from './ready-release.ts';

/** Asks `check`; a release that is refused is a review too, with its reasons as findings. */
export async function reviewGateway(link: GatewayLink, release: ReadyRelease): Promise<GatewayReview> {
  const checked = await askCheck(link, release);
  const base = link.record.lastPush?.revision ?? null;
  if (!checked.ok) return reviewHere({ name: link.name, base, release, problem: checked.problem });
  const { revision, difference, findings, currentRevision } = checked.value;
  return {
    gateway: link.name,
    judgedBy: 'gateway',
    problem: null,
    revision,
    baseRevision: base,
    runningRevision: currentRevision,
    difference,
    findings,
  };
}

async function askCheck(link: GatewayLink, release: ReadyRelease): Promise<AskResult<CheckReply>> {
  let held = new Set<string>();
  if (hasLargeFile(release)) {
    const hello = await link.ask({ verb: 'hello', protocol: protocolVersion });
    if (!hello.ok) return hello;
    held = new Set(hello.value.files);
  }
  return link.ask({ verb: 'check', protocol: protocolVersion, release: await bundleRelease(release, held) });
}

export type LocalReview = { name: string; base: string | null; release: ReadyRelease; problem: ReplyProblem };

/** The desktop's own judgement, with the reason why the gateway gave none. */
export function reviewHere({ name, base, release, problem }: LocalReview): GatewayReview {
  const fromGateway: Finding[] = problem.findings ?? [];
  const known = new Set(fromGateway.map((finding) => finding.code));
  return {
    gateway: name,
    judgedBy: 'desktop',
    problem,
    revision: release.revision,
    baseRevision: base,
    runningRevision: null,
    difference: base === null ? differenceToNothing(release) : [],
    findings: [...fromGateway, ...judgeHere(release, new Date()).filter((finding) => !known.has(finding.code))],
  };
}
