import { describe, expect, it } from 'vitest';
import { readHostKey } from '../../../../electron/ssh/host-key.ts';

function blobOf(type: string): Buffer {
  const name = Buffer.from(type, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, Buffer.from('key')]);
}

describe('readHostKey', () => {
  it('names the type and the fingerprint of OpenSSH', () => {
    expect(readHostKey(blobOf('ssh-ed25519'))).toMatchObject({
      type: 'ssh-ed25519',
      fingerprint: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/) as string,
    });
  });

  it('shows no type that a terminal would obey: the question about the key must show the key', () => {
    expect(readHostKey(blobOf('ssh\u001b[2J\u009b')).type).toBe('ssh [2J ');
  });
});
