// For each field that two administrators changed differently: whose value is to count. Pure.
import type { FieldConflict, RemoteState, SyncResult } from '#ipc';

/** One side. */
export type Side = 'ours' | 'theirs';
/** By the conflict's id. */
export type Choices = Readonly<Record<string, Side>>;

/** One choice for all. */
export function chooseAll(conflicts: readonly FieldConflict[], side: Side): Choices {
  return Object.fromEntries(conflicts.map(({ id }) => [id, side]));
}

/** Conflicts that nobody decided yet. */
export function countOpen(conflicts: readonly FieldConflict[], choices: Choices): number {
  return conflicts.filter(({ id }) => choices[id] === undefined).length;
}

function saves(count: number): string {
  return count === 1 ? '1 save' : `${count.toLocaleString('en-US')} saves`;
}

/** 'Fetched 3 saves of others and sent 1 save.' */
export function syncInWords({ pulled, pushed, conflicts }: SyncResult): string {
  if (conflicts.length > 0) {
    return conflicts.length === 1
      ? 'Both sides changed one field differently. Nothing was changed yet.'
      : `Both sides changed ${conflicts.length} fields differently. Nothing was changed yet.`;
  }
  if (pulled === 0 && pushed === 0) return 'Both sides hold the same: nothing was to be fetched or sent.';
  if (pulled === 0) return `Sent ${saves(pushed)}; there was nothing new from others.`;
  if (pushed === 0) return `Fetched ${saves(pulled)} of others; there was nothing to send.`;
  return `Fetched ${saves(pulled)} of others and sent ${saves(pushed)}.`;
}

/** '2 to send, 1 to fetch': as far as the last fetch knows. */
export function distanceInWords({ ahead, behind }: RemoteState): string {
  if (ahead === null || behind === null) return 'Not synced yet';
  if (ahead === 0 && behind === 0) return 'Nothing to send or fetch';
  const parts = [ahead > 0 ? `${ahead} to send` : '', behind > 0 ? `${behind} to fetch` : ''];
  return parts.filter((part) => part !== '').join(', ');
}

/** 'git.example.net' of any way to write a remote; the whole where no host is named (a folder). */
export function hostOfRemote(url: string): string {
  return /^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?([^/:]+)[/:]/.exec(url)?.[1] ?? url;
}

/** A folder of this computer, or one that is mounted: nobody has to sign in. */
export function isFolder(url: string): boolean {
  return !/^(?:[a-z+]+:\/\/|[^/\\]{2,}:)/i.test(url.trim()) || /^file:/i.test(url.trim());
}

/** Only https sends a token; ssh signs in with the system's own keys. */
export function takesToken(url: string): boolean {
  return /^https:\/\//i.test(url.trim());
}

/** Why it cannot be the address of a remote; null: it may be one. */
export function judgeUrl(url: string): string | null {
  const text = url.trim();
  if (text === '') return 'Type the address of the git repository.';
  if (/^http:\/\//i.test(text)) return 'http would send the token and the fleet in clear. Use https or ssh.';
  if (/^[a-z+]+:\/\/[^/@]*:[^/@]*@/i.test(text)) return 'Leave the password out of the address: type it as the token.';
  return null;
}
