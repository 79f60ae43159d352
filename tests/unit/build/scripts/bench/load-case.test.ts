// The loads and their names.
import { describe, expect, it } from 'vitest';
import { chooseCases, listCases } from '../../../../../build/scripts/bench/load-case.ts';

describe('listCases', () => {
  it('crosses two sizes, three session counts, and many or one a session', () => {
    const cases = listCases(false);

    expect(new Set(cases.map(({ name }) => name)).size).toBe(12);
    expect(cases.map(({ name }) => name)).toContain('100k/200/one');
  });

  it('gives every session a message, also when it is quick', () => {
    for (const load of [...listCases(true), ...listCases(false)])
      expect(load.messages).toBeGreaterThanOrEqual(load.sessions);
  });
});

describe('chooseCases', () => {
  it('knows the three with an aim as main', () => {
    expect(chooseCases(['main'], false).map(({ name }) => name)).toEqual(['4k/20/many', '4k/20/one', '100k/20/many']);
  });

  it('takes single names', () => {
    expect(chooseCases(['4k/1/one'], true)).toMatchObject([{ bytes: 4096, sessions: 1, perSession: 'one' }]);
  });

  it('refuses a name that does not exist', () => {
    expect(() => chooseCases(['4k/3/one'], false)).toThrow('not "4k/3/one"');
  });
});
