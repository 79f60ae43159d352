// `check`: everything `apply` would look at, changing nothing.
import { done } from '#contract/outcome';
import type { Answer, CheckReply } from '#contract/replies';
import type { Request } from '#contract/requests';
import { readCurrent } from '../store/current.ts';
import { connectDaemon } from '../store/daemon-client.ts';
import { assembleRelease } from './assemble-release.ts';
import type { CommandContext } from './command-context.ts';
import { compareRelease } from './compare-release.ts';
import { judgeRelease } from './judge-release.ts';
import { listOwnAddresses } from './own-addresses.ts';
import { proveUnchanged } from './prove-unchanged.ts';

/** Judges a release on the gateway. A refused release is a success of `check` with `accepted: false`. */
export async function check(
  context: CommandContext,
  request: Extract<Request, { verb: 'check' }>,
): Promise<Answer<CheckReply>> {
  const release = await assembleRelease(context.root, request.release);
  if (!release.ok) return release;
  const connected = await connectDaemon(context.root);
  const daemon = connected.ok ? connected.value : null;
  try {
    const { revision } = release.value;
    const currentRevision = await readCurrent(context.root);
    const { findings, refusal } = await judgeRelease(release.value, {
      ...context,
      daemon,
      ownAddresses: listOwnAddresses(),
      now: new Date(),
    });
    const proved =
      daemon === null ? null : await proveUnchanged(daemon, { root: context.root, revision, current: currentRevision });
    return done({
      revision,
      accepted: refusal === null,
      unchanged: proved !== null,
      findings,
      difference: await compareRelease(context.root, currentRevision, release.value),
      currentRevision,
    });
  } finally {
    daemon?.close();
  }
}
