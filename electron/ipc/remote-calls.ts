// Calls about sharing the fleet folder with a team: the git remote, and what two administrators changed apart.
import { z } from 'zod';
import { FieldConflict } from './history-calls.ts';

const Nothing = z.strictObject({});
const Secret = z.string().min(1).max(1024);

/** `hasToken`: whether a secret for it is in the keychain; it is never shown. */
export const RemoteState = z.object({
  url: z.string().nullable(),
  branch: z.string().nullable(),
  hasToken: z.boolean(),
  ahead: z.int().nullable(), // commits here that it lacks; null: never fetched
  behind: z.int().nullable(),
  fetchedAt: z.string().nullable(),
});
export type RemoteState = z.infer<typeof RemoteState>;

/** What a sync came to. With conflicts nothing was changed yet: `remote:resolve` ends it. */
export const SyncResult = z.object({
  pulled: z.int(),
  pushed: z.int(),
  conflicts: z.array(FieldConflict),
});
export type SyncResult = z.infer<typeof SyncResult>;

export const remoteCalls = {
  'remote:state': { input: Nothing, output: RemoteState },
  /** `url: null` forgets it. A token is kept in the vault, for https alone. */
  'remote:set': {
    input: z.strictObject({ url: z.string().max(2000).nullable(), token: Secret.nullable().default(null) }),
    output: RemoteState,
  },
  /** Fetch, merge field by field, push; says how far it is as `remote:progress`. */
  'remote:sync': { input: Nothing, output: SyncResult },
  /** Stops the sync that runs; it answers `cancelled` and says what had happened by then. */
  'remote:cancel': { input: Nothing, output: Nothing },
  /** One choice for each conflict that the last sync named. Refused (`conflict`) when either side changed since. */
  'remote:resolve': {
    input: z.strictObject({ choices: z.record(z.string(), z.enum(['ours', 'theirs'])) }),
    output: SyncResult,
  },
} as const;

/** How far a sync is. */
export const remoteEvents = {
  /** 'Fetching from git.example.net: 413 of 1,000'. `canStop`: false while what others saved is put in its place. */
  'remote:progress': z.object({ words: z.string(), canStop: z.boolean() }),
} as const;
