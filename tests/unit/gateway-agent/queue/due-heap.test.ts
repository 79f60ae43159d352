// The order of next attempts, against a sorted array.
import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { DueHeap } from '../../../../gateway-agent/queue/due-heap.ts';

describe('DueHeap', () => {
  it('gives entries back by time, then by id, however pushes and pops alternate', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { freq: 3 }), { maxLength: 200 }), (steps) => {
        const heap = new DueHeap();
        const model: { at: number; id: string }[] = [];
        const popped = { heap: [] as unknown[], model: [] as unknown[] };
        for (const [index, at] of steps.entries()) {
          if (at === null) {
            popped.heap.push(heap.pop());
            popped.model.push(model.shift());
            continue;
          }
          const entry = { at, id: String(index).padStart(4, '0') };
          heap.push(entry);
          model.push(entry);
          model.sort((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1));
        }
        expect(popped.heap).toEqual(popped.model);
        expect(heap.size).toBe(model.length);
        expect(heap.peek()).toEqual(model[0]);
      }),
    );
  });
});
