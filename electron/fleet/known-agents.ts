// What the agents are known to understand, so that a push need not ask first: a question costs the gateway a process.
// Kept in the app's own folder between runs. It may be out of date: an agent refuses what it does not understand.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeDurably } from '../store/durable-files.ts';
import type { KnownAgent } from './push-order.ts';

/** What is worth keeping: which files a gateway holds is asked where it matters. */
const Kept = z.record(z.string(), z.object({ protocol: z.int(), schemaVersion: z.int() }));

/** A fleet of ten thousand, and its former addresses. Postern's own number. */
const maxKept = 20_000;

export type KnownAgents = {
  find(key: string): Promise<KnownAgent | null>;
  learn(key: string, agent: KnownAgent): void;
  forget(key: string): void;
  /** Writes what was learnt; what cannot be written is asked again. */
  save(): Promise<void>;
};

/** `file` null: remembered while this program runs. */
export function rememberAgents(file: string | null): KnownAgents {
  const known = new Map<string, KnownAgent>();
  let hasChanged = false;
  const loaded = file === null ? Promise.resolve() : load(file, known);
  return {
    async find(key) {
      await loaded;
      return known.get(key) ?? null;
    },
    learn(key, agent) {
      const before = known.get(key);
      hasChanged ||= before?.protocol !== agent.protocol || before.schemaVersion !== agent.schemaVersion;
      known.delete(key); // the newest stand last
      known.set(key, agent);
    },
    forget(key) {
      hasChanged = known.delete(key) || hasChanged;
    },
    async save() {
      if (file === null || !hasChanged) return;
      hasChanged = false;
      const kept = [...known]
        .slice(-maxKept)
        .map(([key, { protocol, schemaVersion }]) => [key, { protocol, schemaVersion }]);
      await writeDurably(file, JSON.stringify(Object.fromEntries(kept)), 0o600).catch(() => undefined);
    },
  };
}

async function load(file: string, known: Map<string, KnownAgent>): Promise<void> {
  try {
    const kept = Kept.parse(JSON.parse(await readFile(file, 'utf8')));
    for (const [key, agent] of Object.entries(kept)) if (!known.has(key)) known.set(key, { ...agent, files: [] });
  } catch {
    // None yet, or one that cannot be read: every agent is asked once.
  }
}
