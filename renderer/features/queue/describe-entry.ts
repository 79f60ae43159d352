// One waiting message as a row shows it: the recipients' states, attempts and replies in one line.
import type { QueueEntry } from '#contract/replies';

/** What a row shows. */
export type EntryFacts = {
  state: string; // the one that explains why it is still here; 'deleted' while it can be restored
  attempts: number;
  nextAttemptAt: string | null;
  lastReply: string | null;
  recipients: string;
};

const openFirst = ['held', 'deferred', 'queued'];

/** Delivered and bounced recipients are behind it: they explain nothing while another one waits. */
export function describeEntry({ recipients, removedAt }: QueueEntry): EntryFacts {
  const open = recipients.filter(({ state }) => state !== 'delivered' && state !== 'bounced');
  const telling = open.length === 0 ? recipients : open;
  const states = new Set(telling.map(({ state }) => state));
  const state = openFirst.find((candidate) => states.has(candidate)) ?? telling[0]?.state ?? 'queued';
  const next = telling.flatMap(({ nextAttemptAt }) => (nextAttemptAt === null ? [] : [nextAttemptAt])).sort();
  const [first] = telling;
  const others = recipients.length - 1;
  return {
    state: removedAt === null ? state : 'deleted',
    attempts: Math.max(0, ...telling.map(({ attempts }) => attempts)),
    nextAttemptAt: removedAt === null ? (next[0] ?? null) : null,
    lastReply: telling.find(({ lastReply }) => lastReply !== null)?.lastReply ?? null,
    recipients: `${first?.address ?? 'nobody'}${others > 0 ? ` + ${others}` : ''}`,
  };
}

/** A sender in words: bounces have none. */
export function senderWords(sender: string): string {
  return sender === '' ? '<> (a notice)' : sender;
}

/**
 * Text that a stranger wrote, with what could not be seen made visible: an operator must not be shown a file name
 * that a right-to-left mark turned round. Line ends and tabs stay.
 */
export function visibleText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[^\P{C}\n\t]|[\u2028\u2029]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
