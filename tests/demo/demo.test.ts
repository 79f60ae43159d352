// `postern demo` passes on a sound computer, fails when its agent is killed in the middle, and leaves nothing behind.
import type { ChildProcess } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCommand, finish, type BuiltCommand } from '../support/built-command.ts';

let built: BuiltCommand;

beforeAll(async () => {
  built = await buildCommand();
});
afterAll(() => built.remove());

async function waitForLine(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let heard = '';
  child.stderr?.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  for (let tries = 0; tries < 600; tries += 1) {
    const match = pattern.exec(heard);
    if (match !== null) return match;
    await pause(50);
  }
  throw new Error(`never said ${String(pattern)}: ${heard}`);
}

async function hasEnded(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await pause(50);
  }
  return false;
}

/** Fleet folders and keys of demos that are over. */
function leftovers(): Promise<string[]> {
  return readdir(built.temporaryFolder);
}

describe('postern demo', () => {
  it('passes, shows reply, reference and rule, and leaves nothing behind', async () => {
    const { status, stdout, stderr } = await built.run(['demo']);

    expect(`${status}\n${stdout}${stderr}`).toMatch(/^0\n/);
    expect(stdout).toContain('All 7 as they should be; 3 messages arrived at the next hop.');
    expect(stdout).toMatch(/554 5\.7\.1 Connection refused +[A-Z2-9]{8} +deny-list/);
    expect(stdout).toMatch(/530 5\.7\.0 .* +[A-Z2-9]{8} +tls-requirement/);
    expect(stderr).toMatch(/proof from here +done/);
    expect(await leftovers()).toEqual([]);
  });

  it('speaks JSON to machines', async () => {
    const { status, stdout, stderr } = await built.run(['demo', '--json']);
    const document = JSON.parse(stdout) as { ok: boolean; results: { complaint: string | null }[] };

    expect(status).toBe(0);
    expect(document.ok).toBe(true);
    expect(document.results.map(({ complaint }) => complaint)).toEqual(Array.from({ length: 7 }, () => null));
    expect(stderr).toBe('');
  });

  it('fails when its agent is killed in the middle', async () => {
    const child = built.start(['demo', '--pace', '500']);
    const ended = finish(child);
    const [, pid] = await waitForLine(child, /pid (\d+)/);
    await waitForLine(child, /as expected {2}250/);
    process.kill(Number(pid), 'SIGKILL');

    const { status, stdout } = await ended;

    expect(status).toBe(1);
    expect(stdout).toContain('Not as it should be');
  });

  it('takes the agent with it when it is killed itself', async () => {
    const child = built.start(['demo', '--pace', '2000']);
    const ended = finish(child);
    const [, pid] = await waitForLine(child, /pid (\d+)/);
    await waitForLine(child, /as expected {2}250/);
    child.kill('SIGKILL');
    await ended;

    expect(await hasEnded(Number(pid))).toBe(true);
    for (const name of await leftovers()) await rm(join(built.temporaryFolder, name), { recursive: true, force: true });
  });

  it('ends in order at Ctrl+C, with the status of a stopped command', async () => {
    const child = built.start(['demo', '--pace', '500']);
    const ended = finish(child);
    const [, pid] = await waitForLine(child, /pid (\d+)/);
    await waitForLine(child, /as expected {2}250/);
    child.kill('SIGINT');

    expect((await ended).status).toBe(130);
    expect(await hasEnded(Number(pid))).toBe(true);
    expect(await leftovers()).toEqual([]);
  });
});
