// The loads that every peer gets, and how many messages each is made of.

export type PerSession = 'many' | 'one';
export type LoadCase = { name: string; bytes: number; sessions: number; perSession: PerSession; messages: number };

const sizes = [
  { label: '4k', bytes: 4096, messages: 3000 },
  { label: '100k', bytes: 102_400, messages: 1000 },
];
const sessionCounts = [1, 20, 200];
const kinds: readonly PerSession[] = ['many', 'one'];

/** A single session is slow with every server; a quick run only shows that all of it works. */
const singleSessionShare = 1 / 6;
const quickShare = 1 / 15;

/** Those three for which there are aims. */
const mainNames = ['4k/20/many', '100k/20/many', '4k/20/one'];

/** Every load there is: size, sessions at the same time, and messages in each session. */
export function listCases(isQuick: boolean): LoadCase[] {
  return sizes.flatMap(({ label, bytes, messages }) =>
    sessionCounts.flatMap((sessions) =>
      kinds.map((perSession) => {
        const share = (sessions === 1 ? singleSessionShare : 1) * (isQuick ? quickShare : 1);
        // Fewer messages than sessions would leave some of them without one.
        const count = Math.max(Math.round(messages * share), sessions);
        return { name: `${label}/${sessions}/${perSession}`, bytes, sessions, perSession, messages: count };
      }),
    ),
  );
}

/** The named ones of all loads; throws for a name that does not exist. */
export function chooseCases(names: readonly string[], isQuick: boolean): LoadCase[] {
  const all = listCases(isQuick);
  const wanted = new Set(names.flatMap((name) => (name === 'main' ? mainNames : [name])));
  if (wanted.has('all')) return all;
  const chosen = all.filter(({ name }) => wanted.delete(name));
  const [unknown] = wanted;
  if (unknown === undefined) return chosen;
  throw new Error(`--cases knows all, main, ${all.map(({ name }) => name).join(', ')}; not "${unknown}".`);
}
