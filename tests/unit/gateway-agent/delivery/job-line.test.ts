import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../gateway-agent/delivery/job.ts';
import { JobLine } from '../../../../gateway-agent/delivery/job-line.ts';

const job = (id: string): Job => {
  const envelope = { sender: '', eightBit: false };
  return { message: { id, receivedAt: 0, bytes: 0, envelope, recipients: [], removedAt: null }, recipients: [] };
};

describe('JobLine', () => {
  it('is first in, first out over many thousands, and lets one back to its head', () => {
    const line = new JobLine();
    const seen: string[] = [];
    for (let number = 0; number < 5000; number += 1) line.push(job(String(number)));

    const first = line.shift();
    if (first) line.putBack(first);
    for (let next = line.shift(); next; next = line.shift()) seen.push(next.message.id);

    expect(seen).toEqual(Array.from({ length: 5000 }, (_, number) => String(number)));
    expect(line.length).toBe(0);
  });

  it('gives back everybody who waits', () => {
    const line = new JobLine();
    for (const id of ['a', 'b', 'c']) line.push(job(id));
    line.shift();

    expect(line.empty().map(({ message }) => message.id)).toEqual(['b', 'c']);
    expect(line.shift()).toBeNull();
  });
});
