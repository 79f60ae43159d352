// Ids of queued messages: unique, growing, and safe to print.
import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { createQueueIds, queueIdPattern } from '../../../../gateway-agent/queue/queue-id.ts';

describe('createQueueIds', () => {
  it('only grows, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 2 }), (times) => {
        let index = 0;
        const newId = createQueueIds(() => times[index++] ?? 0);

        const ids = times.map(() => newId());

        expect(ids).toEqual([...new Set(ids)].toSorted());
        expect(ids.every((id) => queueIdPattern.test(id))).toBe(true);
      }),
    );
  });

  it('stays above the highest id of an earlier run when the clock was set back', () => {
    const before = createQueueIds(() => 2000)();

    expect(createQueueIds(() => 1000, before)() > before).toBe(true);
  });

  it('makes more ids than fit into one millisecond', () => {
    const newId = createQueueIds(() => 5);

    const ids = Array.from({ length: 100_000 }, () => newId());

    expect(new Set(ids).size).toBe(100_000);
    expect(ids).toEqual(ids.toSorted());
  });
});
