// Thousands of random clients that nobody has seen before; a failure prints the seed and the smallest script.
import { expect, it } from 'vitest';
import { playRandomDialogues } from '../support/random-dialogues.ts';

const runs = Number(process.env['POSTERN_DIALOGUES'] ?? '3000');

it(`keeps its promises to ${runs} random clients`, { timeout: runs * 2000 }, async () => {
  expect(await playRandomDialogues(runs, Date.now() % 1_000_000_007)).toEqual({ played: runs });
});
