// One waiting message as a row shows it: the recipients' states, attempts and replies in one line.
import type { QueueEntry } from '#contract/replies';
import type { RawInput } from '#ipc';

export type QueueAction = RawInput<'queue:act'>['action'];

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

/** The recipients that still wait before those that are settled; else in the order of the message. */
export function waitingFirst({ recipients }: QueueEntry): QueueEntry['recipients'] {
  const isSettled = (state: string): boolean => state === 'delivered' || state === 'bounced';
  return recipients.toSorted((a, b) => Number(isSettled(a.state)) - Number(isSettled(b.state)));
}

/** What would change something of one of these messages: a held one is not tried, a deleted one only comes back. */
export function possibleActs(entries: readonly QueueEntry[]): ReadonlySet<QueueAction> {
  return new Set(entries.flatMap(actsOn));
}

function actsOn(entry: QueueEntry): QueueAction[] {
  const states = new Set(entry.recipients.map(({ state }) => state));
  if (entry.removedAt !== null) return ['restore'];
  const canGoOn = states.has('queued') || states.has('deferred');
  return [
    ...(canGoOn ? (['retry', 'hold'] as const) : []),
    ...(states.has('held') ? (['release'] as const) : []),
    'bounce',
    'remove',
  ];
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
