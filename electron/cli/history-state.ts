// How a command line names a state of the fleet folder: a commit, or a time.
import { done, failed, type Outcome } from '#contract/outcome';
import type { Scope } from '#contract/scope';
import { FleetName } from '#contract/settings';
import type { FleetHistory } from '../store/history-service.ts';

/** For the help of options. */
export const stateHelp = 'a commit (3fa9c1d, HEAD~2), or a time: the newest commit that is not younger';

/** 'HEAD', 'HEAD~2', the first digits of a commit, or a time. */
export async function findState(history: FleetHistory, text: string): Promise<Outcome<string>> {
  if (/^(HEAD(~\d+)?|[0-9a-f]{4,40})$/.test(text)) return history.findCommit(text);
  const at = parseTime(text);
  return at.ok ? history.commitAt(at.value) : at;
}

/** '2026-11-24', '2026-11-24 10:30' (this computer's time), or ISO 8601 with a zone. A day alone is its beginning. */
export function parseTime(text: string): Outcome<Date> {
  const day = /^(\d{4}-\d{2}-\d{2})(?:[T ](.+))?$/.exec(text.trim());
  const at = new Date(day === null ? Number.NaN : `${day[1] ?? ''}T${day[2] ?? '00:00'}`);
  if (!Number.isNaN(at.getTime())) return done(at);
  return failed('bad-request', `${text} is no commit and no time.`, "Write a time as '2026-11-24 10:30'.");
}

export type NamedScope = { name?: string | undefined; group?: string | undefined };

/** One gateway, one group, or null where neither is named. */
export function scopeNamed({ name, group }: NamedScope): Outcome<Scope | null> {
  if (name !== undefined && group !== undefined) {
    return failed('bad-request', 'Name a gateway or a group, not both.');
  }
  const given = name ?? group;
  if (given === undefined) return done(null);
  const checked = FleetName.safeParse(given);
  if (!checked.success) return failed('bad-request', `${given} is no name of a gateway or group.`);
  return done({ kind: name === undefined ? 'group' : 'gateway', name: checked.data });
}
