import { describe, expect, it } from 'vitest';
import { judgeSshd } from '../../../../electron/enrol/judge-sshd.ts';

const debian = [
  'pubkeyauthentication yes',
  'authorizedkeysfile .ssh/authorized_keys .ssh/authorized_keys2',
  'forcecommand none',
];

describe('judgeSshd', () => {
  it('lets a server be that is set up as Debian does', () => {
    expect(judgeSshd(debian)).toBeNull();
  });

  it('lets a server be that does not tell', () => {
    expect(judgeSshd([])).toBeNull();
  });

  it.each([
    ['pubkeyauthentication no', 'takes no keys'],
    ['authorizedkeysfile /etc/ssh/keys/%u', 'AuthorizedKeysFile /etc/ssh/keys/%u'],
    ['forcecommand internal-sftp', 'forces a command'],
    ['allowusers root anna', 'AllowUsers root anna'],
    ['denyusers postern-*', 'DenyUsers postern-*'],
    ['allowgroups ssh-users', 'AllowGroups ssh-users'],
    ['denygroups postern', 'DenyGroups postern'],
  ])('names what keeps postern-deploy out: %s', (line, words) => {
    expect(judgeSshd([line])).toContain(words);
  });

  it.each([
    'allowusers root postern-deploy',
    'allowusers *',
    'allowusers postern-deploy@192.0.2.*',
    'allowgroups postern',
    'denyusers anna',
  ])('sees that postern-deploy may sign in: %s', (line) => {
    expect(judgeSshd([line])).toBeNull();
  });
});
