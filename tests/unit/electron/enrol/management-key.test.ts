import { describe, expect, it } from 'vitest';
import { authorName, createManagementKey, readManagementKey } from '../../../../electron/enrol/management-key.ts';

describe('createManagementKey', () => {
  it('makes an Ed25519 key whose stored half gives the same public half', () => {
    const key = createManagementKey();

    expect(key.publicKey).toMatch(/^ssh-ed25519 [A-Za-z0-9+/]{68}$/);
    expect(readManagementKey(key.privateKey)).toEqual(key);
  });
});

describe('readManagementKey', () => {
  it('knows what is no key', () => {
    expect(readManagementKey('a password')).toBeNull();
  });
});

describe('authorName', () => {
  it.each([
    ['anna', 'anna'],
    ['Ada Tester', 'Ada.Tester'],
    ['Zoë "; reboot #', 'Zoe.reboot'],
    ['$(id)', 'id'],
    ['--as root', 'as.root'],
    ['日本', 'postern'],
  ])('makes %j fit for a command line: %s', (name, expected) => {
    expect(authorName(name)).toBe(expected);
  });
});
