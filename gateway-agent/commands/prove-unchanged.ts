// Whether a push has nothing to do: not what was written counts but what the listener shows now.
import { Served } from '#contract/daemon';
import type { Revision } from '#contract/files';
import type { DaemonConnection } from '../store/daemon-client.ts';
import { findAlterations } from '../store/found-release.ts';
import { askFor, askStatus } from './ask-daemon.ts';

type Claim = { root: string; revision: Revision; current: Revision | null };

/**
 * The daemon's proof if this revision is confirmed, runs and shows it; else null. Files that somebody changed are
 * served no more after a restart, so a push over them has something to do: it puts them right.
 */
export async function proveUnchanged(
  daemon: DaemonConnection,
  { root, revision, current }: Claim,
): Promise<Served | null> {
  if (revision !== current) return null;
  if ((await findAlterations(root, revision)).length > 0) return null;
  const status = await askStatus(daemon);
  if (!status.ok || status.value.runningRevision !== revision || status.value.pending !== null) return null;
  const served = await askFor(daemon, { ask: 'prove' }, Served);
  return served.ok && served.value.proof.result === 'proved' ? served.value : null;
}
