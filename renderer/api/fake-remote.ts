// Sharing in the fake fleet: a remote that answers slowly, and every second time holds what somebody else changed.
import type { FieldConflict, RemoteState } from '#ipc';
import { done, failed } from '#contract/outcome';
import { wait, type Part, type World } from './fake-answers.ts';

const conflicts: FieldConflict[] = [
  {
    id: 'edge port',
    scope: { kind: 'group', name: 'edge' },
    label: 'Disconnect after',
    base: '5 minutes',
    ours: '7 minutes',
    theirs: '10 minutes',
  },
  {
    id: 'mx1 limit',
    scope: { kind: 'gateway', name: 'mx1' },
    label: 'Simultaneous connections',
    base: 'No limit',
    ours: '1000',
    theirs: '2000',
  },
  {
    id: 'mx2 deny',
    scope: { kind: 'gateway', name: 'mx2' },
    label: 'Deny list, entry 192.0.2.0/24',
    base: 'bulk sender, ticket 4711',
    ours: 'removed',
    theirs: 'bulk sender, ticket 4711, until the end of the year as agreed with the customer',
  },
];

const fakeSteps = [
  'Fetching from git.example.net: 413 of 1,000',
  'Reading what others saved: 87 of 1,000',
  'Putting it in place; this cannot be stopped…',
  'Sending to git.example.net…',
];

/** The calls remote:*. */
export function fakeRemoteAnswers(world: World): Part<'remote'> {
  let state: RemoteState = {
    url: null,
    branch: null,
    hasToken: false,
    ahead: null,
    behind: null,
    fetchedAt: null,
  };
  let isCancelled = false;
  let syncs = 0;
  return {
    'remote:state': async () => done(state),
    'remote:set': async ({ url, token }) => {
      await wait(200);
      state = {
        url,
        branch: url === null ? null : 'main',
        hasToken: typeof token === 'string' || (url !== null && state.hasToken),
        ahead: null,
        behind: null,
        fetchedAt: null,
      };
      return done(state);
    },
    'remote:sync': async () => {
      isCancelled = false;
      for (const words of fakeSteps) {
        world.emit('remote:progress', { words, canStop: !words.startsWith('Putting') });
        await wait(900);
        if (isCancelled) return failed('cancelled', 'The sync was stopped. Nothing was changed.');
      }
      if (state.url?.includes('nowhere') === true)
        return failed('unreachable', 'git.example.net does not answer.', 'Check the address and the way there.');
      syncs += 1;
      const isConflict = syncs % 2 === 0;
      state = { ...state, ahead: isConflict ? 2 : 0, behind: isConflict ? 3 : 0, fetchedAt: new Date().toISOString() };
      return done({ pulled: isConflict ? 0 : 3, pushed: isConflict ? 0 : 2, conflicts: isConflict ? conflicts : [] });
    },
    'remote:cancel': async () => {
      isCancelled = true;
      return done({});
    },
    'remote:resolve': async () => {
      await wait(600);
      state = { ...state, ahead: 0, behind: 0 };
      return done({ pulled: 3, pushed: 3, conflicts: [] });
    },
  };
}
