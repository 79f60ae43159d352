// One row of the fleet table, put together from the fleet folder and the last sight.
import type { FleetRow } from '#ipc';
import type { Revision } from '#contract/files';
import type { LastPush } from '#contract/fleet';
import type { GatewaySight } from '#contract/push';
import { compareGateway } from '../fleet/compare-gateway.ts';
import { planConfig } from '../store/build-release.ts';
import type { FleetEntry, FleetFolder } from '../store/fleet-folder.ts';
import type { Sights } from './sights.ts';

/** A gateway that cannot be read is a row as well: it says why. */
export async function loadFleetRow(folder: FleetFolder, sights: Sights, entry: FleetEntry): Promise<FleetRow> {
  const { name } = entry;
  const sight = sights.of(name);
  if ('unreadable' in entry) {
    const { unreadable } = entry;
    return {
      name,
      ssh: null,
      hostKeys: [],
      isLocal: false,
      lastPush: null,
      hasUnpushedChanges: false,
      sight,
      unreadable,
    };
  }
  const { ssh, hostKeys, isLocal, lastPush } = entry.record;
  const revision = await revisionOfSaved(folder, name);
  const hasUnpushedChanges = revision !== (lastPush?.revision ?? null);
  const judged = revision === null ? sight : judgeAnew(sight, revision, lastPush);
  return { name, ssh, hostKeys, isLocal, lastPush, hasUnpushedChanges, sight: judged, unreadable: null };
}

/** A save changes where a gateway stands, and nobody has to be asked for that. A sight from before the last push waits. */
function judgeAnew(sight: GatewaySight, saved: Revision, lastPush: LastPush | null): GatewaySight {
  const { status, seenAt } = sight;
  if (status === null || seenAt === null) return sight;
  if (lastPush !== null && Date.parse(seenAt) < Date.parse(lastPush.at)) return sight;
  const [pushed, there] = [lastPush?.revision ?? null, status.currentRevision];
  return { ...sight, state: compareGateway({ saved, pushed, there, isPending: status.pending !== null }) };
}

/** null where lists cannot be read: such settings are not what was pushed, whatever that was. */
async function revisionOfSaved(folder: FleetFolder, name: string): Promise<Revision | null> {
  const saved = await folder.loadDraft(name);
  if (!saved.ok) return null;
  const planned = await planConfig(saved.value.draft);
  return planned.ok ? planned.value.revision : null;
}
