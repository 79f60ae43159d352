import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventLog } from '../../../../gateway-agent/store/event-log.ts';

describe('EventLog', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'postern-events-'));
  });
  afterEach(async () => {
    vi.useRealTimers();
    await rm(root, { recursive: true, force: true });
  });
  const push = (pushId: string, outcome: 'pending' | 'confirmed') => ({
    event: 'push',
    pushId,
    outcome,
    revision: 'a'.repeat(64),
    author: 'tester',
  });

  it('writes one JSON object a line, in order, into the file of the day, for its owner only', async () => {
    const log = new EventLog(root);
    await log.open();

    for (let index = 0; index < 500; index += 1) log.record({ event: 'test', index });
    await log.flush();

    const [name = ''] = await readdir(join(root, 'events'));
    expect(name).toBe(`${new Date().toISOString().slice(0, 10)}.jsonl`);
    const lines = (await readFile(join(root, 'events', name), 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { index: number }).index)).toEqual([...Array(500).keys()]);
    expect((await stat(join(root, 'events', name))).mode & 0o777).toBe(0o600);
  });

  it('begins a new file with a new day', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const log = new EventLog(root);
    await log.open();

    vi.setSystemTime(new Date('2026-11-24T23:59:59Z'));
    log.record({ event: 'late' });
    vi.setSystemTime(new Date('2026-11-25T00:00:01Z'));
    log.record({ event: 'early' });
    await log.flush();

    expect((await readdir(join(root, 'events'))).toSorted()).toEqual(['2026-11-24.jsonl', '2026-11-25.jsonl']);
  });

  it('has written an event when recordWritten returns', async () => {
    const log = new EventLog(root);
    await log.open();

    await log.recordWritten({ event: 'test' });

    const [name = ''] = await readdir(join(root, 'events'));
    expect(await readFile(join(root, 'events', name), 'utf8')).toContain('"event":"test"');
  });

  it('lets what comes during a write wait for company instead of opening the file for it at once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const log = new EventLog(root);
    await log.open();
    const read = async (): Promise<string> => {
      const names = await readdir(join(root, 'events'));
      return names[0] === undefined ? '' : readFile(join(root, 'events', names[0]), 'utf8');
    };

    const readUntil = async (word: string): Promise<string> => {
      for (let turn = 0; turn < 10_000; turn += 1) {
        const text = await read();
        if (text.includes(word)) return text;
      }
      throw new Error(`"${word}" was never written`);
    };

    log.record({ event: 'first' });
    vi.advanceTimersByTime(100);
    await immediate(); // the first is on its way to the disk
    log.record({ event: 'second' });
    log.record({ event: 'third' });
    await readUntil('first');
    for (let turn = 0; turn < 20; turn += 1) await immediate();
    expect(await read()).not.toContain('second'); // the clock of its 100 ms stands still

    vi.advanceTimersByTime(100);
    expect((await readUntil('third')).match(/first|second|third/g)).toEqual(['first', 'second', 'third']);
  });

  it('finds the newest record of a push, written by an earlier log and behind a torn line', async () => {
    await mkdir(join(root, 'events'));
    const at = '2026-11-20T00:00:00.000Z';
    const old = `${JSON.stringify({ at, ...push('one', 'pending') })}\n${JSON.stringify({ at, ...push('one', 'confirmed') })}\n`;
    await writeFile(join(root, 'events/2026-11-20.jsonl'), `${old}{"event":"push","pushId":"one","outc`);
    const log = new EventLog(root);
    await log.open();

    expect(await log.findPush('one')).toMatchObject({ pushId: 'one', outcome: 'confirmed', at });
    expect(await log.findPush('two')).toBeNull();
  });

  it('goes on when the disk does not take it, and says so', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', onWarning);
    const log = new EventLog(root); // never opened, and its folder is a file
    await writeFile(join(root, 'events'), '');
    await chmod(join(root, 'events'), 0o400);

    await log.recordWritten({ event: 'lost' });
    await new Promise((resolve) => setImmediate(resolve));

    expect(warnings.join()).toContain('Events were lost');
    process.off('warning', onWarning);
  });
});
