import { describe, expect, it } from 'vitest';
import type { FieldConflict, RemoteState } from '../../../../../electron/ipc/contract.ts';
import {
  chooseAll,
  countOpen,
  distanceInWords,
  hostOfRemote,
  isFolder,
  judgeUrl,
  syncInWords,
  takesToken,
} from '../../../../../renderer/features/sharing/conflict-choices.ts';

const conflict = (id: string): FieldConflict => ({
  id,
  scope: { kind: 'gateway', name: 'mx1' },
  label: 'Port',
  base: '25',
  ours: '2525',
  theirs: '587',
});
const conflicts = [conflict('a'), conflict('b')];

describe('choices', () => {
  it('are open until each conflict has one', () => {
    expect(countOpen(conflicts, {})).toBe(2);
    expect(countOpen(conflicts, { a: 'ours' })).toBe(1);
    expect(countOpen(conflicts, chooseAll(conflicts, 'theirs'))).toBe(0);
  });
});

describe('syncInWords', () => {
  it.each([
    [{ pulled: 0, pushed: 0, conflicts: [] }, 'Both sides hold the same: nothing was to be fetched or sent.'],
    [{ pulled: 3, pushed: 1, conflicts: [] }, 'Fetched 3 saves of others and sent 1 save.'],
    [{ pulled: 0, pushed: 2, conflicts: [] }, 'Sent 2 saves; there was nothing new from others.'],
    [{ pulled: 1, pushed: 0, conflicts: [] }, 'Fetched 1 save of others; there was nothing to send.'],
    [{ pulled: 9, pushed: 0, conflicts }, 'Both sides changed 2 fields differently. Nothing was changed yet.'],
  ])('tells %j', (result, words) => {
    expect(syncInWords(result)).toBe(words);
  });
});

describe('the address of a remote', () => {
  it('says whether somebody has to sign in, and how', () => {
    const urls = ['https://git.example.net/f.git', 'git@h:f.git', 'ssh://git@h:2222/f.git', '/srv/f.git', 'C:\\f.git'];

    expect(urls.map(isFolder)).toEqual([false, false, false, true, true]);
    expect(urls.map(takesToken)).toEqual([true, false, false, false, false]);
  });

  it.each([
    ['https://git.example.net/team/fleet.git', 'git.example.net'],
    ['git@git.example.net:team/fleet.git', 'git.example.net'],
    ['ssh://git@git.example.net:2222/fleet.git', 'git.example.net'],
  ])('%s names its host', (url, host) => {
    expect(hostOfRemote(url)).toBe(host);
  });

  it.each([
    ['', /Type the address/],
    ['http://git.example.net/fleet.git', /in clear/],
    ['https://ada:secret@git.example.net/fleet.git', /Leave the password out/],
  ])('%s is refused with the reason', (url, reason) => {
    expect(judgeUrl(url)).toMatch(reason);
  });

  it('is taken when it is https, ssh or a folder', () => {
    expect(['https://git.example.net/f.git', 'git@h:f.git', '/srv/f.git'].map(judgeUrl)).toEqual([null, null, null]);
  });
});

describe('distanceInWords', () => {
  const state: RemoteState = { url: 'x', branch: 'main', hasToken: false, ahead: 0, behind: 0, fetchedAt: null };

  it('tells what is to send and to fetch, as far as it is known', () => {
    expect(distanceInWords({ ...state, ahead: null })).toBe('Not synced yet');
    expect(distanceInWords(state)).toBe('Nothing to send or fetch');
    expect(distanceInWords({ ...state, ahead: 2, behind: 1 })).toBe('2 to send, 1 to fetch');
  });
});
