// A sync that somebody stops: up to the first file that is put in its place nothing has changed; from then on it says
// what had happened.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { edit, expectInOrder, git, makeBare, openCopy, read, synced, type Copy } from '../support/shared-fleets.ts';
import { sampleRecord, valueOf } from '../support/temporary-fleet.ts';

let root: string;
let bare: string;
let bert: Copy;

/** Ada sent a change of mx1; Bert saved one of mx2, and has not synced since. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-stopped-'));
  bare = await makeBare(join(root, 'fleet.git'));
  const ada = await openCopy(root, 'ada');
  bert = await openCopy(root, 'bert');
  for (const name of ['mx1', 'mx2']) valueOf(await ada.folder.add(name, sampleRecord(`${name}.example.test`)));
  for (const copy of [ada, bert]) {
    valueOf(await copy.remote.set({ url: bare, token: null }));
    await synced(copy);
  }
  await edit(ada, 'mx1', { port: 2525 });
  await synced(ada);
  await edit(bert, 'mx2', { port: 2626 });
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Stops Bert's sync as soon as it says this. */
async function stopAt(words: RegExp) {
  const stop = new AbortController();
  const said: { words: string; canStop: boolean }[] = [];
  const ended = await bert.remote.sync({
    signal: stop.signal,
    onWords: (each, canStop = true) => {
      said.push({ words: each, canStop });
      if (words.test(each)) stop.abort();
    },
  });
  return { ended, said };
}

describe('a sync that is stopped', () => {
  it.each([/^Asking/, /^Fetching/, /^Joining/])('while it says %s has changed nothing', async (words) => {
    const before = await bert.git('rev-parse', 'HEAD');

    const { ended } = await stopAt(words);

    expect(ended).toMatchObject({
      ok: false,
      problem: { code: 'cancelled', message: 'The sync was stopped. Nothing was changed.' },
    });
    expect(await bert.git('rev-parse', 'HEAD')).toBe(before);
    expect(await read(bert, 'mx1')).toMatchObject({ port: 25 });
    await expectInOrder(bert);
    expect(await synced(bert)).toEqual({ pulled: 1, pushed: 2 });
  });

  it('while it puts files in their place goes on until they are, says so, and sends nothing', async () => {
    const remote = await git(bare, 'rev-parse', 'main');

    const { ended, said } = await stopAt(/^Putting/);

    expect(said.filter(({ canStop }) => !canStop)).toEqual([
      { words: 'Putting it in place; this cannot be stopped…', canStop: false },
    ]);
    expect(ended.ok ? '' : ended.problem.message).toBe(
      'The sync was stopped. What others saved is joined here. Nothing was sent.',
    );
    expect(await read(bert, 'mx1')).toMatchObject({ port: 2525 });
    expect(await git(bare, 'rev-parse', 'main')).toBe(remote);
    await expectInOrder(bert);
    expect(await synced(bert)).toEqual({ pulled: 0, pushed: 2 });
  });
});
