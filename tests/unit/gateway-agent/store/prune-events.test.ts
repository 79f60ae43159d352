import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventLog } from '../../../../gateway-agent/store/event-log.ts';

describe('the days that an event log keeps', () => {
  let root: string;
  let events: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'postern-events-'));
    events = join(root, 'events');
    await mkdir(events);
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-24T12:00:00Z') });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await rm(root, { recursive: true, force: true });
  });

  async function writeDay(day: string, bytes = 10): Promise<void> {
    await writeFile(join(events, `${day}.jsonl`), '');
    await truncate(join(events, `${day}.jsonl`), bytes);
  }
  const names = async (): Promise<string[]> => (await readdir(events)).toSorted();

  it('are the last 90, and other files are left alone', async () => {
    for (const day of ['2025-01-01', '2026-08-26', '2026-08-27', '2026-11-24']) await writeDay(day);
    await writeFile(join(events, 'notes.txt'), 'mine');

    await new EventLog(root).open();

    expect(await names()).toEqual(['2026-08-27.jsonl', '2026-11-24.jsonl', 'notes.txt']);
  });

  it('take 1 GiB at most, and the oldest go first', async () => {
    const mebibyte = 1024 ** 2;
    await writeDay('2026-11-20', 1);
    await writeDay('2026-11-21', 600 * mebibyte);
    await writeDay('2026-11-22', 500 * mebibyte);
    await writeDay('2026-11-23', 500 * mebibyte);
    await writeDay('2026-11-24', 24 * mebibyte);

    await new EventLog(root).open();

    expect(await names()).toEqual(['2026-11-22.jsonl', '2026-11-23.jsonl', '2026-11-24.jsonl']);
  });

  it('always hold today, however large it is', async () => {
    await writeDay('2026-11-23');
    await writeDay('2026-11-24', 2 * 1024 ** 3);

    await new EventLog(root).open();

    expect(await names()).toEqual(['2026-11-24.jsonl']);
  });

  it('are looked at again when the day changes', async () => {
    await writeDay('2026-08-27');
    const log = new EventLog(root);
    await log.open();
    expect(await names()).toEqual(['2026-08-27.jsonl']);

    vi.setSystemTime(new Date('2026-11-25T00:00:01Z'));
    await log.recordWritten({ event: 'early' });

    expect(await names()).toEqual(['2026-11-25.jsonl']);
  });

  it('stay with a warning where one cannot be removed, and events are still written', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', onWarning);
    await mkdir(join(events, '2025-01-01.jsonl'));
    const log = new EventLog(root);

    await log.open();
    await log.recordWritten({ event: 'written' });
    await new Promise((resolve) => setImmediate(resolve));

    expect(warnings.join()).toContain('Old events were kept');
    expect(await names()).toEqual(['2025-01-01.jsonl', '2026-11-24.jsonl']);
    process.off('warning', onWarning);
  });

  it('are cut into files where one grows large, so that today cannot fill the disk either', async () => {
    const log = new EventLog(root);
    await log.open();
    const quarter = 256 * 1024 ** 2;

    for (let part = 1; part <= 6; part += 1) {
      await writeDay('2026-11-24', quarter);
      await log.recordWritten({ event: `part ${part}` });
    }
    await log.recordWritten({ event: 'last' });

    expect(await names()).toEqual([...[4, 5, 6].map((part) => `2026-11-24.000${part}.jsonl`), '2026-11-24.jsonl']);
    expect(await readFile(join(events, '2026-11-24.jsonl'), 'utf8')).toContain('"last"');
  });
});
