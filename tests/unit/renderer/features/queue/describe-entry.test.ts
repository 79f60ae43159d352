import { describe, expect, it } from 'vitest';
import type { QueueEntry } from '../../../../../gateway-agent/contract/replies.ts';
import {
  describeEntry,
  possibleActs,
  senderWords,
  visibleText,
  waitingFirst,
} from '../../../../../renderer/features/queue/describe-entry.ts';

type Recipient = QueueEntry['recipients'][number];

function recipient(part: Partial<Recipient>): Recipient {
  return { address: 'ada@b.test', state: 'queued', attempts: 0, nextAttemptAt: null, lastReply: null, ...part };
}
function entry(recipients: Recipient[], removedAt: string | null = null): QueueEntry {
  return { id: 'abc123', receivedAt: '2026-01-01T00:00:00Z', bytes: 1, sender: 'x@y.test', recipients, removedAt };
}

describe('describeEntry', () => {
  it('is explained by the recipient that still waits', () => {
    const facts = describeEntry(
      entry([
        recipient({ address: 'done@b.test', state: 'delivered', attempts: 9, lastReply: '250 OK' }),
        recipient({
          address: 'late@b.test',
          state: 'deferred',
          attempts: 3,
          nextAttemptAt: '2026-01-01T02:00:00Z',
          lastReply: '451 later',
        }),
        recipient({ address: 'new@b.test', nextAttemptAt: '2026-01-01T01:00:00Z' }),
      ]),
    );

    expect(facts).toEqual({
      state: 'deferred',
      attempts: 3,
      nextAttemptAt: '2026-01-01T01:00:00Z',
      lastReply: '451 later',
      recipients: 'late@b.test + 2',
    });
  });

  it('says deleted while it can be restored, and that nothing is tried', () => {
    const facts = describeEntry(entry([recipient({ nextAttemptAt: '2026-01-01T01:00:00Z' })], '2026-01-01T00:30:00Z'));

    expect(facts).toMatchObject({ state: 'deleted', nextAttemptAt: null });
  });

  it('survives a message without recipients', () => {
    expect(describeEntry(entry([]))).toMatchObject({ state: 'queued', attempts: 0, recipients: 'nobody' });
  });
});

describe('senderWords', () => {
  it('names the empty sender of notices', () => {
    expect(senderWords('')).toBe('<> (a notice)');
    expect(senderWords('a@b.test')).toBe('a@b.test');
  });
});

describe('visibleText', () => {
  it('shows what would turn text round or hide in it, and keeps lines', () => {
    expect(visibleText('Subject: \u202egnp.exe\r\n\tfolded\0\u001b[31m')).toBe(
      'Subject: \\u{202e}gnp.exe\n\tfolded\\u{0}\\u{1b}[31m',
    );
    expect(visibleText('größer <b>naïve</b> 你好')).toBe('größer <b>naïve</b> 你好');
  });
});

describe('possibleActs', () => {
  it('offers for a held message its release, and no attempt', () => {
    expect([...possibleActs([entry([recipient({ state: 'held' })])])]).toEqual(['release', 'bounce', 'remove']);
  });

  it('offers for a deleted message only the way back', () => {
    expect([...possibleActs([entry([recipient({})], '2026-01-01T00:30:00Z')])]).toEqual(['restore']);
  });

  it('offers for several what changes at least one of them', () => {
    const several = [entry([recipient({ state: 'held' })]), entry([recipient({ state: 'deferred' })])];

    expect([...possibleActs(several)].toSorted()).toEqual(['bounce', 'hold', 'release', 'remove', 'retry']);
  });
});

describe('waitingFirst', () => {
  it('puts those that still wait before the settled ones', () => {
    const mixed = entry([
      recipient({ address: '1@b.test', state: 'delivered' }),
      recipient({ address: '2@b.test', state: 'deferred' }),
      recipient({ address: '3@b.test', state: 'bounced' }),
      recipient({ address: '4@b.test', state: 'queued' }),
    ]);

    expect(waitingFirst(mixed).map(({ address }) => address[0])).toEqual(['2', '4', '1', '3']);
  });
});
