// `postern sync` and `postern remote`: sharing the fleet folder with a team through a git remote.
import { done, failed, type Outcome } from '#contract/outcome';
import type { Choice, FieldConflict } from '../store/merge-values.ts';
import type { RemoteState } from '../store/remote-settings.ts';
import type { FleetRemote, RunOptions, SyncEnd } from '../store/remote-service.ts';
import { scopeInWords } from '../store/every-scope.ts';
import { exitStatus } from './exit-status.ts';
import { localTime } from './log.ts';
import { readPassphraseFile } from './passphrase-file.ts';
import { endWithProblem, writeDocument } from './results.ts';
import type { Session } from './session.ts';
import { formatTable } from './table.ts';

/** `side`: who is right wherever both changed the same. */
export type SyncWish = { side: Choice | null; signal: AbortSignal };

/** Fetches, joins field by field, pushes. Undecided conflicts change nothing, and give status 5. */
export async function syncCommand(session: Session, wish: SyncWish): Promise<number> {
  const { terminal, json } = session;
  const ended = await sync(session, wish);
  if (!ended.ok) return endWithProblem(terminal, ended.problem, { command: 'sync', json });
  const { conflicts, pulled, pushed } = ended.value;
  const isDone = conflicts.length === 0;
  if (json) writeDocument(terminal, { command: 'sync', ok: isDone, ...ended.value });
  else if (isDone) terminal.out(`${count(pulled)} taken over, ${count(pushed)} sent.\n`);
  else terminal.out(conflictLines(conflicts));
  return isDone ? exitStatus.done : exitStatus.conflict;
}

function count(commits: number): string {
  return `${commits} ${commits === 1 ? 'save' : 'saves'}`;
}

function conflictLines(conflicts: readonly FieldConflict[]): string {
  const rows = conflicts.map(({ scope, label, base, ours, theirs }) => [
    scopeInWords(scope),
    label,
    base,
    ours,
    theirs,
  ]);
  const table = formatTable(['on', 'setting', 'was', 'here', 'there'], rows);
  return `Both sides changed the same; nothing was changed yet.\n${table}To decide: postern sync --ours, postern sync --theirs, or setting by setting in the app.\n`;
}

async function sync({ remote, terminal, json }: Session, { side, signal }: SyncWish): Promise<Outcome<SyncEnd>> {
  const options: RunOptions = { signal, onWords: (words) => (json ? undefined : terminal.tell(`${words}\n`)) };
  const ended = await remote.sync(options);
  if (!ended.ok || side === null || ended.value.conflicts.length === 0) return ended;
  return remote.resolve(Object.fromEntries(ended.value.conflicts.map(({ id }) => [id, side])), options);
}

/** `asksToken`: at the terminal; `tokenFile`: its first line, mode 0600. Never an argument: others see those. */
export type RemoteWish = {
  url: string | null;
  asksToken: boolean;
  tokenFile: string | undefined;
  passphraseFile: string | undefined;
};

/** Remembers the remote in git's own configuration, and its token in the key store. */
export async function setRemoteCommand(session: Session, wish: RemoteWish): Promise<number> {
  return showState(session, 'remote set', await setRemote(session, wish));
}

async function setRemote(session: Session, wish: RemoteWish): Promise<Outcome<RemoteState>> {
  const { url, asksToken, tokenFile, passphraseFile } = wish;
  if (!asksToken && tokenFile === undefined) return session.remote.set({ url, token: null });
  const token =
    tokenFile === undefined ? await session.terminal.askHidden('Token: ') : await readPassphraseFile(tokenFile);
  if (!token.ok) return token;
  if (token.value === '') return failed('bad-request', 'The token is empty.');
  const opened = await openForStoring(session, passphraseFile);
  return opened.ok ? session.remote.set({ url, token: token.value }) : opened;
}

async function openForStoring({ vault, terminal }: Session, file: string | undefined): Promise<Outcome<unknown>> {
  const { state } = await vault.state();
  if (state !== 'locked' && state !== 'new') return done(null);
  const question = state === 'new' ? 'Choose a passphrase for the key store: ' : 'Passphrase of the key store: ';
  const passphrase = file === undefined ? await terminal.askHidden(question) : await readPassphraseFile(file);
  return passphrase.ok ? vault.unlock(passphrase.value) : passphrase;
}

/** As it was when the remote was last asked. */
export async function remoteStateCommand(session: Session): Promise<number> {
  return showState(session, 'remote', await session.remote.state());
}

function showState(
  { terminal, json }: Session,
  command: string,
  state: Awaited<ReturnType<FleetRemote['state']>>,
): number {
  if (!state.ok) return endWithProblem(terminal, state.problem, { command, json });
  if (json) writeDocument(terminal, { command, ok: true, ...state.value });
  else terminal.out(stateLines(state.value));
  return exitStatus.done;
}

function stateLines({ url, branch, hasToken, ahead, behind, fetchedAt }: RemoteState): string {
  if (url === null) return 'This fleet folder is not shared through a git remote.\n';
  const asked = fetchedAt === null ? 'never asked' : `last asked ${localTime(fetchedAt)}`;
  const apart = ahead === null || behind === null ? '' : `, ${count(ahead)} ahead, ${count(behind)} behind`;
  return `${url}, branch ${branch ?? 'none'}${hasToken ? ', with a token' : ''}: ${asked}${apart}\n`;
}
