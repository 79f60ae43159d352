import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AuditLog, openAuditLog } from '../../../../electron/store/audit-log.ts';
import { temporaryFolder, valueOf } from '../../../support/temporary-fleet.ts';

const script = fileURLToPath(new URL('../../../support/record-audit.ts', import.meta.url));

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

async function logFile(): Promise<string> {
  const [name = ''] = await readdir(join(fleetFolder, 'audit'));
  return join(fleetFolder, 'audit', name);
}

/** Five pushes of mx1, and the lines that they left. */
async function fivePushes(): Promise<{ path: string; lines: string[] }> {
  for (let number = 1; number <= 5; number++) valueOf(await log.record(push(`push ${number}`)));
  const path = await logFile();
  return { path, lines: (await readFile(path, 'utf8')).split('\n').slice(0, -1) };
}

const push = (words: string, target = 'mx1') => ({ action: 'push', target, outcome: 'applied', words });

async function brokenWords(): Promise<string[]> {
  return valueOf(await open().verify()).broken.map(({ words }) => words);
}

async function runScript(...args: string[]): Promise<string | null> {
  const child = spawn(process.execPath, [script, fleetFolder, appFolder, ...args], { stdio: 'inherit' });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal;
}

describe('record', () => {
  it('writes one line an entry, each with the hash of the one before', async () => {
    const { lines } = await fivePushes();

    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^\{"number":1,"at":"20.*"by":"Ada","action":"push","target":"mx1","outcome":"applied"/);
    expect(valueOf(await log.verify())).toEqual({ entries: 5, chains: 1, broken: [] });
  });

  it('makes nothing before the first entry', async () => {
    valueOf(await log.list({ target: null, before: null, limit: 10 }));

    await expect(stat(join(fleetFolder, 'audit'))).rejects.toThrow('ENOENT');
  });

  it('keeps every entry of a hundred that come at once, in one chain', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, index) => log.record(push(`at once ${index}`))));

    expect(valueOf(await open().verify())).toEqual({ entries: 100, chains: 1, broken: [] });
  });

  it('keeps every entry of two programs that write at once, in one chain', async () => {
    await Promise.all([runScript('one', '40'), runScript('two', '40')]);

    expect(valueOf(await open().verify())).toEqual({ entries: 80, chains: 1, broken: [] });
  });

  it('sets a line right that a killed program tore, and says so in an entry', async () => {
    expect(await runScript('doomed', '3', '70')).toBe('SIGKILL');
    expect((await readFile(await logFile(), 'utf8')).endsWith('\n')).toBe(false);

    valueOf(await open().record(push('after the crash')));

    const { entries } = valueOf(await open().list({ target: null, before: null, limit: 10 }));
    expect(entries.map(({ action }) => action)).toEqual(['push', 'audit-repair', 'push', 'push']);
    expect(entries[1]?.words).toMatch(
      /^The program that wrote the entry after 2 ended in the middle of it.*"number":3/,
    );
    expect(await brokenWords()).toEqual([]);
  });

  it('goes on behind an entry that was written whole when the program was killed', async () => {
    expect(await runScript('doomed', '3', '10000')).toBe('SIGKILL');

    valueOf(await open().record(push('after the crash')));

    expect(valueOf(await open().verify())).toEqual({ entries: 4, chains: 1, broken: [] });
  });

  it('goes on in a new log when the memory of the old one is damaged, and tells it', async () => {
    await fivePushes();
    const [head = ''] = (await readdir(join(appFolder, 'audit'))).filter((name) => name.endsWith('.json'));
    await writeFile(join(appFolder, 'audit', head), 'not JSON');

    valueOf(await open().record(push('later')));

    expect(valueOf(await open().verify())).toMatchObject({ entries: 7, chains: 2, broken: [] });
    expect(await readdir(join(appFolder, 'audit'))).toContainEqual(expect.stringMatching(/\.damaged-\d+$/));
  });
});

describe('verify', () => {
  it('finds a flipped byte in the middle, and in the last entry', async () => {
    const { path, lines } = await fivePushes();

    await writeFile(path, `${lines.with(2, lines[2]?.replace('push 3', 'push 8') ?? '').join('\n')}\n`);
    expect(await brokenWords()).toEqual(['Entry 4 does not continue entry 3: one of them was changed.']);

    await writeFile(path, `${lines.with(4, lines[4]?.replace('push 5', 'push 8') ?? '').join('\n')}\n`);
    expect(await brokenWords()).toEqual(['Entry 5 is not the one that was written: it was changed or replaced.']);
  });

  it('finds a byte that makes a line unreadable', async () => {
    const { path, lines } = await fivePushes();

    await writeFile(path, `${lines.with(2, lines[2]?.replace('{', '[') ?? '').join('\n')}\n`);

    expect(await brokenWords()).toContain('Line 3 is no entry any more: it was changed.');
  });

  it('finds a deleted line', async () => {
    const { path, lines } = await fivePushes();

    await writeFile(path, `${lines.toSpliced(1, 1).join('\n')}\n`);

    expect(await brokenWords()).toEqual(['Entry 2 is missing.']);
  });

  it('finds entries in another order', async () => {
    const { path, lines } = await fivePushes();
    const [, second = '', third = ''] = lines;

    await writeFile(path, `${lines.with(1, third).with(2, second).join('\n')}\n`);

    expect(await brokenWords()).toEqual(
      expect.arrayContaining(['Entry 2 stands in another place than it was written.']),
    );
  });

  it('finds a cut end, whole entries or half of one, and still after later entries', async () => {
    const { path, lines } = await fivePushes();

    await writeFile(path, `${lines.slice(0, 3).join('\n')}\n`);
    expect(await brokenWords()).toEqual(['Entries 4 to 5 are cut off at the end: this computer wrote 5.']);

    valueOf(await open().record(push('later')));
    expect(await brokenWords()).toEqual(['Entries 4 to 5 are missing.']);

    await truncate(path, (await stat(path)).size - 20);
    expect(await brokenWords()).toEqual([
      'The last line breaks off in the middle.',
      'Entries 4 to 6 are cut off at the end: this computer wrote 6.',
    ]);
  });

  it('finds that the whole log is gone', async () => {
    await fivePushes();
    await rm(join(fleetFolder, 'audit'), { recursive: true });

    expect(await brokenWords()).toEqual(['The whole log is gone; it had 5 entries.']);
  });

  it('finds a chain that was rewritten as a whole, and one passed off as another’s', async () => {
    const { path } = await fivePushes();
    const text = await readFile(path, 'utf8');
    await rm(fleetFolder, { recursive: true });
    const forger = openAuditLog({ fleetFolder, appFolder: join(appFolder, 'other'), by: 'Mallory' });
    for (let number = 1; number <= 5; number++) valueOf(await forger.record(push(`push ${number}`)));
    const forged = await readFile(await logFile(), 'utf8');
    await rm(await logFile());
    await writeFile(path, forged);

    expect(await brokenWords()).toEqual([
      'Entry 1 does not begin this chain: it was changed, or comes from another one.',
      'Entry 5 is not the one that was written: it was changed or replaced.',
    ]);
    await writeFile(path, text);
    expect(await brokenWords()).toEqual([]);
  });

  it('remembers how far a team mate’s chain went', async () => {
    await fivePushes();
    const mate = openAuditLog({ fleetFolder, appFolder: join(appFolder, 'mate'), by: 'Bert' });
    for (let number = 1; number <= 3; number++) valueOf(await mate.record(push(`of Bert ${number}`)));
    expect(valueOf(await log.verify())).toEqual({ entries: 8, chains: 2, broken: [] });
    for (const name of await readdir(join(fleetFolder, 'audit'))) {
      const path = join(fleetFolder, 'audit', name);
      const lines = (await readFile(path, 'utf8')).split('\n');
      if (lines.length === 4) await writeFile(path, `${lines[0]}\n`);
    }

    expect(await brokenWords()).toEqual(['Entries 2 to 3 are cut off at the end: this computer has seen 3.']);
  });

  it('finds a line that somebody appended', async () => {
    const { path, lines } = await fivePushes();

    await appendFile(path, `${lines[4]?.replace('"number":5', '"number":6') ?? ''}\n`);

    expect(await brokenWords()).toEqual(['Entry 6 does not continue entry 5: one of them was changed.']);
  });
});

describe('list', () => {
  it('gives the newest first, of one gateway, page by page', async () => {
    for (let number = 1; number <= 3; number++) {
      valueOf(await log.record(push(`mx1 ${number}`)));
      valueOf(await log.record(push(`mx2 ${number}`, 'mx2')));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }

    const first = valueOf(await log.list({ target: 'mx2', before: null, limit: 2 }));
    const before = first.entries.at(-1)?.at ?? null;
    const second = valueOf(await log.list({ target: 'mx2', before, limit: 2 }));

    expect(first.entries.map(({ words }) => words)).toEqual(['mx2 3', 'mx2 2']);
    expect(first.hasMore).toBe(true);
    expect(second.entries.map(({ words }) => words)).toEqual(['mx2 1']);
    expect(second.hasMore).toBe(false);
  });
});
