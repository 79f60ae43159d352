import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AuditLog, openAuditLog } from '../../../../electron/store/audit-log.ts';
import { temporaryFolder, valueOf } from '../../../support/temporary-fleet.ts';

let fleetFolder: string;
let appFolder: string;
let log: AuditLog;

beforeEach(async () => {
  const base = await temporaryFolder();
  fleetFolder = join(base, 'fleet');
  appFolder = join(base, 'app');
  log = open();
});

const open = (): AuditLog => openAuditLog({ fleetFolder, appFolder, by: 'Ada' });
const push = (words: string) => ({ action: 'push', target: 'mx1', outcome: 'applied', words });

async function brokenWords(): Promise<string[]> {
  return valueOf(await open().verify()).broken.map(({ words }) => words);
}

/** 300 entries of a line each fill more than one file. */
async function longLog(): Promise<string[]> {
  for (let round = 0; round < 3; round++) {
    const words = (index: number) => `entry ${round * 100 + index} ${'x'.repeat(250)}`;
    await Promise.all(Array.from({ length: 100 }, (_, index) => log.record(push(words(index)))));
  }
  const names = (await readdir(join(fleetFolder, 'audit'))).toSorted((one, other) => one.length - other.length);
  return names.map((name) => join(fleetFolder, 'audit', name));
}

describe('a log of several files', () => {
  it('is one chain, goes on in the newest, and is listed as a whole', async () => {
    const names = await longLog();

    valueOf(await open().record(push('later')));

    expect(names).toHaveLength(2);
    expect(names[1]).toBe(names[0]?.replace('.jsonl', '.2.jsonl'));
    expect(valueOf(await open().verify())).toEqual({ entries: 301, chains: 1, broken: [] });
    const { entries } = valueOf(await log.list({ target: null, before: null, limit: 1000 }));
    expect([entries.length, entries[0]?.words]).toEqual([301, 'later']);
  });

  it.each([
    ['the first is gone', /^Entries 1 to \d+ are missing\.$/, (first: string) => rm(first)],
    ['the newest is gone', /^Entries \d+ to 300 are cut off at the end/, (_: string, newest: string) => rm(newest)],
    [
      'the end of the first is cut off',
      /^Line \d+ is no entry any more/,
      async (first: string) => truncate(first, (await stat(first)).size - 20),
    ],
    ['they have changed places', /stands? in another place|stands behind/, swap],
    [
      'a byte is flipped in the first',
      /does not continue entry/,
      async (first: string) => writeFile(first, (await readFile(first, 'utf8')).replace('entry 7 ', 'entry 8 ')),
    ],
  ])('does not hold when %s', async (_what, words, tamper) => {
    const [first = '', newest = ''] = await longLog();

    await tamper(first, newest);

    expect(await brokenWords()).toEqual(expect.arrayContaining([expect.stringMatching(words)]));
  });

  it('goes on behind entries of a file that was begun when the program was killed', async () => {
    const [, newest = ''] = await longLog();
    const [head = ''] = (await readdir(join(appFolder, 'audit'))).filter((name) => name.endsWith('.json'));
    const path = join(appFolder, 'audit', head);
    const remembered = JSON.parse(await readFile(path, 'utf8')) as { part: number };
    expect(remembered.part).toBe(2);
    await writeFile(path, JSON.stringify({ ...remembered, ...(await headBefore(newest)) }));

    valueOf(await open().record(push('later')));

    expect(valueOf(await open().verify())).toEqual({ entries: 301, chains: 1, broken: [] });
  });
});

/** What was remembered before the first entry of this file. */
async function headBefore(newest: string) {
  const first = newest.replace('.2.jsonl', '.jsonl');
  const [line = ''] = (await readFile(newest, 'utf8')).split('\n');
  const { number, previous } = JSON.parse(line) as { number: number; previous: string };
  return { part: 1, bytes: (await stat(first)).size, end: { count: number - 1, hash: previous } };
}

async function swap(first: string, newest: string): Promise<void> {
  const [one, other] = [await readFile(first), await readFile(newest)];
  await writeFile(first, other);
  await writeFile(newest, one);
}
