// Random clients: orders mixed up, bytes cut anywhere, NULs, 8-bit, endless lines, chunks that were not offered. The same
// ones each time; tests/long plays thousands of new ones.
import { expect, it } from 'vitest';
import { playRandomDialogues } from '../support/random-dialogues.ts';

it('relays what it acknowledged, once and as it was sent, and nothing else, whatever a client says', async () => {
  expect(await playRandomDialogues(40)).toEqual({ played: 40 });
});
