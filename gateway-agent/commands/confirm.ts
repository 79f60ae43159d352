// `confirm`: sent over a new connection, so that it proves the way in still works; makes the candidate `current`.
import { type Revision, shortRevision } from '#contract/files';
import { done, failed } from '#contract/outcome';
import type { Answer, ConfirmReply } from '#contract/replies';
import type { Request } from '#contract/requests';
import { clearPending, readCurrent, readPending, writeConfirmed, writeCurrent } from '../store/current.ts';
import type { DaemonConnection } from '../store/daemon-client.ts';
import { pruneReleases } from '../store/kept-releases.ts';
import { askStatus, withDaemon } from './ask-daemon.ts';
import type { CommandContext } from './command-context.ts';

type ConfirmRequest = Extract<Request, { verb: 'confirm' }>;

/** Confirms the pending candidate. A repeat of a confirmation that already happened succeeds. */
export function confirm({ root }: CommandContext, request: ConfirmRequest): Promise<Answer<ConfirmReply>> {
  const { pushId, revision } = request;
  return withDaemon(root, async (daemon) => {
    const held = await daemon.ask({ ask: 'hold', pushId, revision });
    if (!held.ok) return (await wasConfirmed(root, daemon, request)) ? done({ currentRevision: revision }) : held;
    const written = await writeCurrent(root, revision);
    if (!written.ok) return written; // the connection closes, the daemon's timer goes on
    const obeyed = await daemon.ask({ ask: 'obey' });
    await noteConfirmed(root, pushId);
    await pruneReleases(root, []); // what cannot be removed now is removed after the next push
    return obeyed.ok ? done({ currentRevision: revision }) : confirmedUnserved(revision, obeyed.problem.message);
  });
}

/** Only notes for people: whatever fails here, the release is confirmed. */
async function noteConfirmed(root: string, pushId: string): Promise<void> {
  const pending = await readPending(root);
  if (pending?.pushId === pushId) await writeConfirmed(root, pending);
  await clearPending(root);
}

/** The connection may have broken after the first confirmation, and the desktop asks again. */
async function wasConfirmed(root: string, daemon: DaemonConnection, request: ConfirmRequest): Promise<boolean> {
  const status = await askStatus(daemon, request.pushId);
  if (!status.ok || status.value.push?.outcome !== 'confirmed') return false;
  return (await readCurrent(root)) === request.revision;
}

function confirmedUnserved(revision: Revision, reason: string): Answer<never> {
  return failed(
    'daemon-down',
    `${shortRevision(revision)} is confirmed, but the daemon did not take note of it: ${reason}`,
    'It serves this release as soon as it starts again (systemctl restart postern-gateway-agent).',
  );
}
