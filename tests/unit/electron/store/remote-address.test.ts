import { describe, expect, it } from 'vitest';
import { parseAddress, tokenOwner } from '../../../../electron/store/remote-address.ts';
import { valueOf } from '../../../support/temporary-fleet.ts';

describe('the address of a remote', () => {
  it.each([
    ['https://git.example.test/team/fleet.git', 'https', 'git.example.test'],
    ['https://ada@git.example.test:8443/fleet.git', 'https', 'git.example.test:8443'],
    ['ssh://git@git.example.test:2222/fleet.git', 'ssh', 'git.example.test:2222'],
    ['git@git.example.test:team/fleet.git', 'ssh', 'git.example.test'],
    ['backup:fleet.git', 'ssh', 'backup'],
    ['https://a%zz@git.example.test/fleet.git', 'https', 'git.example.test'],
    ['/srv/git/fleet.git', 'path', '/srv/git/fleet.git'],
    ['C:\\git\\fleet.git', 'path', 'C:\\git\\fleet.git'],
    ['file:///srv/git/fleet.git', 'path', 'file:///srv/git/fleet.git'],
  ])('%s leads by %s to %s', (url, way, place) => {
    expect(valueOf(parseAddress(url))).toMatchObject({ url, way, place });
  });

  it.each([
    'https://ada:secret@git.example.test/fleet.git',
    'http://git.example.test/fleet.git',
    'git://git.example.test/fleet.git',
    'ext::sh -c id',
    '--upload-pack=id',
    'ssh://-oProxyCommand=id/x',
    '-oProxyCommand=id:x',
    '',
    'a b',
  ])('%s is refused', (url) => {
    expect(parseAddress(url)).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  });

  it('gives its token to its own server alone', () => {
    const owner = (url: string) => tokenOwner(valueOf(parseAddress(url)));

    expect(owner('https://ada@git.example.test/a.git')).toBe(owner('https://git.example.test/b.git'));
    expect(owner('https://git.example.test/a.git')).not.toBe(owner('https://git.example.test:8443/a.git'));
  });
});
