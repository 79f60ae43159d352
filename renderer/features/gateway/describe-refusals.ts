// What was refused since the daemon started, by the rule that did it. The agent counts connections, commands, recipients
// and messages alike, so the words say what each was.

const ruleWords: Record<string, string> = {
  'deny-list': 'connections by the deny list',
  'not-permitted': 'connections not on the permit list',
  'simultaneous-connections': 'connections over the limit',
  'messages-per-connection': 'over the messages of a connection',
  'data-per-connection': 'over the data of a connection',
  'idle-timeout': 'cut for silence',
  'too-many-commands': 'cut for junk commands',
  'tls-requirement': 'commands without TLS',
  'relay-denied': 'recipients not relayed',
  'routed-address': 'recipients with a route in them',
  'malformed-address': 'malformed recipients',
  'recipient-limit': 'recipients over the limit',
  'unknown-sender-domain': 'unknown sender domains',
  'no-reverse-dns': 'without reverse DNS',
  'message-size': 'messages too large',
  content: 'messages with bad content',
  storage: 'for want of storage',
  protocol: 'faulty commands',
};

/** The tile has room for so many lines. */
const linesShown = 4;

/** The most frequent first; what has no room is added up. A rule of a newer agent is shown by its own name. */
export function describeRefusals(byRule: Readonly<Record<string, number>>): { words: string; count: number }[] {
  const known = Object.entries(byRule)
    .filter(([, count]) => count > 0)
    .map(([rule, count]) => ({ words: ruleWords[rule] ?? rule, count }))
    .toSorted((a, b) => b.count - a.count);
  if (known.length <= linesShown) return known;
  const rest = known.slice(linesShown - 1);
  return [
    ...known.slice(0, linesShown - 1),
    { words: 'for other reasons', count: rest.reduce((sum, { count }) => sum + count, 0) },
  ];
}
