// Reading the form of an SSH connection.
import { describe, expect, it } from 'vitest';
import type { SshAddress } from '../../../../gateway-agent/contract/fleet.ts';
import { emptySshForm, readSshForm, toSshForm } from '../../../../renderer/components/ssh-form.ts';

describe('readSshForm', () => {
  it('gives back what was read into it, also what it does not show', () => {
    const ssh: SshAddress = {
      host: 'mx1.example.net',
      port: 22,
      user: 'postern-deploy',
      signIn: { kind: 'key', file: '/k' },
      credential: 'ops',
      jumps: ['outer', 'inner'],
      readsSshConfig: true,
    };

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

  it('lets nothing that is wrong with the own sign-in be in the way of a credential', () => {
    const form = { ...emptySshForm, host: 'mx1.example.net', kind: 'key', credential: 'ops' } as const;

    expect(readSshForm(form)).toHaveProperty('ssh.credential', 'ops');
    expect(readSshForm({ ...form, credential: null })).toHaveProperty('problems.keyFile');
  });

  it('takes an IPv6 address', () => {
    expect(readSshForm({ ...emptySshForm, host: '2001:db8::1' })).toHaveProperty('ssh.host', '2001:db8::1');
  });
});
