// The bound on bodies in memory.
import { describe, expect, it } from 'vitest';
import { BodyMemory } from '../../../../gateway-agent/queue/body-memory.ts';

describe('BodyMemory', () => {
  it('drops the oldest bodies to make room, for new ones and for those that arrive', () => {
    const memory = new BodyMemory(100);
    for (const id of ['a', 'b', 'c']) memory.keep(id, [Buffer.alloc(20), Buffer.alloc(20)]);

    expect([memory.get('a'), memory.bytes]).toEqual([undefined, 80]);
    expect(memory.reserve(50)).toBe(true);
    expect([memory.get('b'), memory.get('c')?.length, memory.bytes]).toEqual([undefined, 2, 90]);
  });

  it('sends what arrives to files when arriving bodies alone fill it', () => {
    const memory = new BodyMemory(100);
    memory.reserve(90);

    expect(memory.reserve(20)).toBe(false);
    memory.free(90);
    expect(memory.reserve(20)).toBe(true);
    expect(memory.bytes).toBe(20);
  });
});
