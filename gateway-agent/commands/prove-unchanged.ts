// Whether a push has nothing to do: not what was written counts but what the listener shows now.
import { Served } from '#contract/daemon';
import type { Revision } from '#contract/files';
import type { DaemonConnection } from '../store/daemon-client.ts';
import { askFor, askStatus } from './ask-daemon.ts';

/** The daemon's proof if this revision is confirmed, runs and shows it; else null. */
export async function proveUnchanged(
  daemon: DaemonConnection,
  revision: Revision,
  current: Revision | null,
): Promise<Served | null> {
  if (revision !== current) return null;
  const status = await askStatus(daemon);
  if (!status.ok || status.value.runningRevision !== revision || status.value.pending !== null) return null;
  const served = await askFor(daemon, { ask: 'prove' }, Served);
  return served.ok && served.value.proof.result === 'proved' ? served.value : null;
}
