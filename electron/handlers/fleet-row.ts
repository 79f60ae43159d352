// One row of the fleet table, put together from the fleet folder and the last sight.
import type { FleetRow } from '#ipc';
import type { Revision } from '#contract/files';
import type { LastPush } from '#contract/fleet';
import { done, type Outcome } from '#contract/outcome';
import type { GatewaySight } from '#contract/push';
import { compareGateway } from '../fleet/compare-gateway.ts';
import { isAltered } from '../fleet/refresh-gateway.ts';
import { createConfigPlanner, type ConfigPlanner } from '../store/build-release.ts';
import type { AuditLog } from '../store/audit-log.ts';
import type { FleetEntry, FleetFolder } from '../store/fleet-folder.ts';
import type { ScopeView } from '../store/scope-view.ts';
import type { Sights } from './sights.ts';

/** Rows of one call: groups and shared lists are read once for all of them. */
export type RowLoader = (entry: FleetEntry) => Promise<FleetRow>;

export type RowSources = { folder: FleetFolder; audit: Pick<AuditLog, 'lastPushes'>; sights: Sights };

/** Makes rows. A gateway that cannot be read, or whose groups cannot, is a row as well: it says why. */
export async function createRowLoader({ folder, audit, sights }: RowSources): Promise<RowLoader> {
  const look: Look = { view: folder.view(), planner: createConfigPlanner(folder) };
  const attempts = await audit.lastPushes();
  const attemptOn = (name: string): FleetRow['lastAttempt'] => {
    const entry = attempts.ok ? attempts.value.get(name) : undefined;
    return entry === undefined ? null : { at: entry.at, by: entry.by, outcome: entry.outcome, words: entry.words };
  };
  return async (entry) => {
    const { name } = entry;
    const sight = sights.of(name);
    const lastAttempt = attemptOn(name);
    if ('unreadable' in entry) return { ...emptyRow, name, sight, lastAttempt, unreadable: entry.unreadable };
    const { ssh, hostKeys, isLocal, group, tags, lastPush } = entry.record;
    const saved = await revisionOfSaved(look, entry);
    const revision = saved.ok ? saved.value : null;
    return {
      name,
      ssh,
      hostKeys,
      isLocal,
      group,
      tags,
      trend: sights.trendOf(name),
      lastPush,
      lastAttempt,
      hasUnpushedChanges: revision !== (lastPush?.revision ?? null),
      sight: revision === null ? sight : judgeAnew(sight, revision, lastPush),
      unreadable: saved.ok ? null : saved.problem.message,
    };
  };
}

const emptyRow = {
  ssh: null,
  hostKeys: [],
  isLocal: false,
  group: null,
  tags: [],
  trend: [],
  lastPush: null,
  hasUnpushedChanges: false,
};

/** A save changes where a gateway stands, and nobody has to be asked for that. A sight from before the last push waits. */
function judgeAnew(sight: GatewaySight, saved: Revision, lastPush: LastPush | null): GatewaySight {
  const { status, seenAt } = sight;
  if (status === null || seenAt === null) return sight;
  if (lastPush !== null && Date.parse(seenAt) < Date.parse(lastPush.at)) return sight;
  const [pushed, there] = [lastPush?.revision ?? null, status.currentRevision];
  const isPending = status.pending !== null;
  return { ...sight, state: compareGateway({ saved, pushed, there, isPending, isAltered: isAltered(status) }) };
}

type Look = { view: ScopeView; planner: ConfigPlanner };

/** null where a list cannot be read: such settings are not what was pushed. Groups that cannot be read are a problem. */
async function revisionOfSaved({ view, planner }: Look, entry: ReadableEntry): Promise<Outcome<Revision | null>> {
  const above = await view.chainOf(entry.record.group);
  if (!above.ok) return above;
  const resolved = await view.resolve(entry.name, entry.record);
  if (!resolved.ok) return done(null);
  const planned = await planner.plan(resolved.value);
  return done(planned.ok ? planned.value.revision : null);
}

type ReadableEntry = Extract<FleetEntry, { record: unknown }>;
