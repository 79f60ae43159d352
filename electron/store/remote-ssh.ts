// A git remote by ssh or in a folder, through the system's git.
import { done } from '#contract/outcome';
import { problemOf, runGit, sshCommand } from './remote-git-program.ts';
import { createCount } from './sync-watch.ts';
import { trackingRef, type RemoteHeads, type Transport, type TransportParts } from './remote-transport.ts';

/** The way by the git program: what the user set up for ssh counts. */
export function openProgram({ repository: { dir }, address, run }: TransportParts): Transport {
  let ssh: string | undefined;
  let isKnown = address.way !== 'ssh';
  const task = async (args: readonly string[], counting?: string) => {
    if (!isKnown) {
      // Ours would win over what a person has configured.
      const configured = await runGit({ dir, address, args: ['config', '--get', 'core.sshCommand'], run });
      if (!configured.ok) return configured;
      if (configured.value.status !== 0) ssh = sshCommand;
      isKnown = true;
    }
    const onCount = counting === undefined ? undefined : createCount(run, `${counting} ${address.place}`);
    return runGit({ dir, address, args, run, ssh, onCount });
  };
  return {
    async heads() {
      const ended = await task(['ls-remote', '--symref', '--', address.url, 'HEAD', 'refs/heads/*']);
      if (!ended.ok) return ended;
      if (ended.value.status !== 0) return problemOf(address, ended.value);
      return done(parseHeads(ended.value.stdout));
    },
    async fetch(branch) {
      const refs = `+refs/heads/${branch}:${trackingRef(branch)}`;
      const options = ['--progress', '--no-tags', '--no-write-fetch-head'];
      const ended = await task(['fetch', ...options, '--', address.url, refs], 'Fetching from');
      if (!ended.ok) return ended;
      return ended.value.status === 0 ? done(undefined) : problemOf(address, ended.value);
    },
    async push(branch, commit) {
      const ended = await task(
        ['push', '--progress', '--', address.url, `${commit}:refs/heads/${branch}`],
        'Sending to',
      );
      if (!ended.ok) return ended;
      if (ended.value.status === 0) return done('pushed');
      const isRaced =
        /fetch first|non-fast-forward|stale info|cannot lock ref|failed to update ref|incorrect old value/i;
      return isRaced.test(ended.value.stderr) ? done('raced') : problemOf(address, ended.value);
    },
  };
}

function parseHeads(text: string): RemoteHeads {
  const heads: RemoteHeads = { branches: new Map(), main: null };
  for (const line of text.split('\n')) {
    const [value = '', name = ''] = line.split('\t');
    if (name.startsWith('refs/heads/')) heads.branches.set(name.slice('refs/heads/'.length), value);
    else if (name === 'HEAD') heads.main ??= /^ref: refs\/heads\/(.+)$/.exec(value)?.[1] ?? null;
  }
  return heads;
}
