import { describe, expect, it } from 'vitest';
import { createEnrolItems } from '../../../../electron/enrol/enrol-items.ts';

describe('createEnrolItems', () => {
  it('folds the small acts of the script into what the operator knows', () => {
    const seen: string[] = [];
    const items = createEnrolItems([], ({ id, state }) => seen.push(`${id} ${state}`));

    for (const line of [
      ['item', 'agent', 'doing'],
      ['item', 'agent', 'done'],
      ['item', 'link', 'doing'],
      ['item', 'link', 'there'],
    ])
      items.take(line);

    expect(seen).toEqual(['agent doing', 'agent done', 'agent done']);
  });

  it('shows what was undone after it was done, and keeps a failure', () => {
    const items = createEnrolItems([], () => undefined);

    for (const line of [
      ['item', 'users', 'done'],
      ['phase', 'undo'],
      ['item', 'user-deploy', 'failed', 'busy'],
      ['item', 'user-postern', 'undone'],
      ['item', 'dir-queue', 'undone'],
    ])
      items.take(line);

    expect(Object.fromEntries(items.list().map(({ id, state }) => [id, state]))).toEqual({
      users: 'failed',
      folders: 'undone',
    });
  });

  it('takes no state that it does not know', () => {
    const items = createEnrolItems([], () => undefined);

    items.take(['item', 'agent', 'exploded']);
    items.take(['fact', 'agent', 'done']);

    expect(items.list()).toEqual([]);
  });
});
