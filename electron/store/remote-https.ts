// A git remote by HTTPS, spoken here with isomorphic-git: needs no git program; signs in with a token when asked.
import { readFile } from 'node:fs/promises';
import git, { type ProgressCallback } from 'isomorphic-git';
import { networkWords } from '#contract/network-words';
import { done, failed, type Outcome } from '#contract/outcome';
import { systemCodeOf } from './durable-files.ts';
import { durableFs } from './git-repository.ts';
import type { RemoteAddress } from './remote-address.ts';
import type { RemoteRun } from './remote-git-program.ts';
import { createHttpClient, SilentServer } from './remote-http.ts';
import { createCount, orStopped } from './sync-watch.ts';
import { createTurns } from './turns.ts';
import type { RemoteHeads, Transport, TransportParts } from './remote-transport.ts';

/** The way by HTTPS. */
export function openHttps({ repository: { dir }, address, run, token }: TransportParts): Transport {
  const at = { fs: durableFs, dir, url: address.url };
  const { onAuth, refusal } = createSignIn(address, token);
  const guarded = async <T>(work: (http: ReturnType<typeof createHttpClient>) => Promise<T>): Promise<Outcome<T>> => {
    try {
      const { signal, silenceMilliseconds } = run;
      const http = createHttpClient({ signal, silenceMilliseconds, ca: await ownAuthority(dir) });
      // What isomorphic-git is at when it is stopped goes on unheard: it adds objects, and changes nothing of the folder.
      return done(await orStopped(signal, work(http)));
    } catch (error) {
      return refusal() ?? problemOfHttp(address, error, run);
    }
  };
  return {
    heads: () =>
      guarded(async (http) => {
        const refs = await git.listServerRefs({ http, onAuth, url: address.url, symrefs: true, protocolVersion: 1 });
        const heads: RemoteHeads = { branches: new Map(), main: null };
        for (const { ref, oid, target } of refs) {
          if (ref.startsWith('refs/heads/')) heads.branches.set(ref.slice('refs/heads/'.length), oid);
          else if (ref === 'HEAD') heads.main = target?.replace(/^refs\/heads\//, '') ?? null;
        }
        return heads;
      }),
    fetch: (branch) =>
      guarded(async (http) => {
        const ends = { remote: 'origin', ref: branch, remoteRef: branch, singleBranch: true, tags: false };
        await git.fetch({ ...at, http, onAuth, ...ends, onProgress: tellProgress(address, run) });
      }),
    push: (branch, commit) =>
      guarded(async (http) => {
        try {
          await git.push({ ...at, http, onAuth, remote: 'origin', ref: commit, remoteRef: `refs/heads/${branch}` });
          return 'pushed' as const;
        } catch (error) {
          if (isRaced(error)) return 'raced' as const;
          throw error;
        }
      }),
  };
}

/** Called at each percent of a pack that is read; others get a turn, without which nobody could stop it. */
function tellProgress(address: RemoteAddress, run: RemoteRun): ProgressCallback {
  const [turns, tell] = [createTurns(), createCount(run, `Fetching from ${address.place}`)];
  return async ({ phase, loaded, total }) => {
    if (phase === 'Receiving objects') tell(loaded, total);
    await turns.next();
  };
}

/** The token goes out only when the server asks; without one nobody is asked, and `refusal` says why. */
function createSignIn(address: RemoteAddress, token: TransportParts['token']) {
  let refused: Outcome<never> | null = null;
  return {
    refusal: () => refused,
    onAuth: async () => {
      const secret = await token();
      if (secret.ok && secret.value !== null) return { username: address.user ?? 'git', password: secret.value };
      const hint = 'Give a token: postern remote set URL --token';
      refused = secret.ok ? failed('secret-needed', `${address.place} asks who you are.`, hint) : secret;
      return { cancel: true };
    },
  };
}

/** A server with an authority of its own: what git is told by `git config http.sslCAInfo FILE` counts here too. */
async function ownAuthority(dir: string): Promise<string | null> {
  const path: unknown = await git.getConfig({ fs: durableFs, dir, path: 'http.sslCAInfo' });
  return typeof path === 'string' ? readFile(path, 'utf8') : null;
}

/** The remote's branch went on, or holds commits that were not fetched yet. */
function isRaced(error: unknown): boolean {
  const code = systemCodeOf(error);
  if (code === 'PushRejectedError' || code === 'NotFoundError') return true;
  const words = error instanceof Error ? error.message : '';
  return (
    code === 'GitPushError' &&
    /fetch first|non-fast-forward|cannot lock|failed to update ref|incorrect old/i.test(words)
  );
}

function problemOfHttp({ place }: RemoteAddress, error: unknown, { signal }: RemoteRun): Outcome<never> {
  if (signal.aborted) return failed('cancelled', 'The sync was stopped. Nothing was changed.');
  const again = 'Check the network and the address, then sync again.';
  if (error instanceof SilentServer) return failed('unreachable', `${place} does not answer. ${error.message}`, again);
  const status = statusOf(error);
  if (status === 401 || status === 403) {
    return failed('sign-in-failed', `${place} does not accept the token.`, 'Make a new one there, then set it here.');
  }
  if (status === 404)
    return failed('not-found', `${place} knows no such repository, or does not show it to you.`, again);
  const reason = networkWords[systemCodeOf(error)];
  if (reason !== undefined) return failed('unreachable', `${place} cannot be reached: ${reason}.`, again);
  const words = error instanceof Error ? error.message.slice(0, 300) : 'It gave no reason.';
  if (systemCodeOf(error) === 'GitPushError') {
    return failed('conflict', `${place} refuses what was sent: ${words}`, 'Ask whoever keeps the remote.');
  }
  return failed('unreachable', `${place} cannot be used: ${words}`, again);
}

function statusOf(error: unknown): number | null {
  if (!(error instanceof git.Errors.HttpError)) return null;
  return error.data.statusCode;
}
