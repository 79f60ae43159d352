// What the kernel saw: a message is acknowledged after a sync of its bytes, and a sync that fails acknowledges nothing.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { listSegments } from '../../gateway-agent/queue/segment-files.ts';
import { accept, opened, queueFolder } from '../support/queue-folder.ts';

const child = fileURLToPath(new URL('queue-child.ts', import.meta.url));
const run = promisify(execFile);

/** Runs the child under strace; returns its output and the trace. */
async function traced(
  folder: string,
  strace: string[],
  options: string[],
): Promise<{ lines: string[]; trace: string[] }> {
  const file = join(folder, 'trace');
  const queue = join(folder, 'queue');
  const args = ['-f', '-s', '120', '-o', file, ...strace, process.execPath, child, queue, ...options];
  // One thread for disk calls: strace counts the calls to be failed by thread.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
  const { stdout } = await run('strace', args, { maxBuffer: 64 * 1024 * 1024, env });
  return { lines: stdout.split('\n'), trace: readFileSync(file, 'utf8').split('\n') };
}

/** Ids of a kind of line. */
function idsOf(lines: string[], kind: string): string[] {
  return lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.split(' ')[1]!);
}

describe('an acknowledged message', () => {
  it('was synced between its last byte and the acknowledgement', async () => {
    using folder = queueFolder();
    const calls = ['-e', 'trace=fdatasync,pwrite64,pwritev,pwritev2,write'];

    const { lines, trace } = await traced(folder.path, calls, ['--messages', '200']);

    const ids = idsOf(lines, 'A');
    expect(ids).toHaveLength(200);
    for (const id of ids) {
      const written = trace.findIndex((line) => /pwrite/.test(line) && line.includes(`{\\"id\\":\\"${id}`));
      const acknowledged = trace.findIndex((line) => line.includes(`write(1, "A ${id}`));
      const between = trace.slice(written + 1, acknowledged);
      const begun = between.findIndex((line) => line.includes('fdatasync('));
      const ended = between.findIndex((line, index) => index >= begun && /fdatasync.*= 0$/.test(line));
      // The writer syncs after its write has returned: a write that is still running appears as resumed before.
      const writeEnded = /unfinished/.test(trace[written]!)
        ? between.findIndex((line) => /pwritev? ?resumed|pwrite(v|64)? resumed/.test(line))
        : -1;
      expect({ id, isWritten: written >= 0, isSynced: begun > writeEnded && begun >= 0 && ended >= 0 }).toEqual({
        id,
        isWritten: true,
        isSynced: true,
      });
    }
  });

  it('is not lost and a refused one is not there when syncs fail for a while', async () => {
    using folder = queueFolder();
    const failing = ['-e', 'trace=fdatasync', '-e', 'inject=fdatasync:error=EIO:when=20..21'];

    const { lines } = await traced(folder.path, failing, ['--messages', '600', '--sessions', '4', '--pause', '30']);

    const [acknowledged, refused] = [idsOf(lines, 'A'), idsOf(lines, 'R')];
    expect(lines).toContain('end');
    expect(refused.length).toBeGreaterThan(3);
    expect(lines.findLastIndex((line) => line.startsWith('A'))).toBeGreaterThan(
      lines.findLastIndex((line) => line.startsWith('R')), // it recovered by itself
    );
    const queue = opened(join(folder.path, 'queue'));
    expect(queue.list({ limit: 1000 }).messages.map(({ id }) => id)).toEqual(acknowledged.toSorted());
    expect(queue.gauges().damaged).toBe(0);
    await queue.close();
  });
});

describe('a sector that cannot be read', () => {
  it('costs the messages in it and no other, and the queue opens', async () => {
    using folder = queueFolder();
    const filled = opened(join(folder.path, 'queue'));
    for (let count = 0; count < 100; count += 1) await accept(filled, Buffer.alloc(4000, 'x'));
    await filled.close();
    const { path } = listSegments(join(folder.path, 'queue'))[0]!;
    const failing = ['-P', path, '-e', 'trace=pread64', '-e', 'inject=pread64:error=EIO:when=2..4'];

    const { lines } = await traced(folder.path, failing, ['--messages', '0']);

    const [, messages, damaged] = lines[0]!.split(' ').map(Number);
    expect(messages).toBeGreaterThanOrEqual(96);
    expect(messages).toBeLessThan(100);
    expect(damaged).toBe(1);
  });
});
