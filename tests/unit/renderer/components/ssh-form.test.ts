// Reading the form of an SSH connection.
import { describe, expect, it } from 'vitest';
import { emptySshForm, readSshForm, toSshForm } from '../../../../renderer/components/ssh-form.ts';

describe('readSshForm', () => {
  it('gives back what was read into it', () => {
    const ssh = {
      host: 'mx1.example.net',
      port: 22,
      user: 'postern-deploy',
      signIn: { kind: 'key', file: '/k' },
    } as const;

    expect(readSshForm(toSshForm(ssh))).toEqual({ ssh });
  });

  it('says what is wrong with each field', () => {
    const read = readSshForm({ ...emptySshForm, port: '70000', user: 'a b', kind: 'key' });

    expect(Object.keys('problems' in read ? read.problems : {}).toSorted()).toEqual([
      'host',
      'keyFile',
      'port',
      'user',
    ]);
  });

  it('takes an IPv6 address', () => {
    expect(readSshForm({ ...emptySshForm, host: '2001:db8::1' })).toHaveProperty('ssh.host', '2001:db8::1');
  });
});
