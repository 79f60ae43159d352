// Hashes as other programs compute them.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { sha256Of } from '#certificates/hash';

describe('sha256Of', () => {
  it.each(['', 'abc', 'Grüße\n'])('agrees with openssl about %j', (text) => {
    const [expected] = execFileSync('openssl', ['dgst', '-sha256', '-r'], { input: text, encoding: 'utf8' }).split(' ');

    expect(sha256Of(text)).toBe(expected);
    expect(sha256Of(Buffer.from(text))).toBe(expected);
  });
});
