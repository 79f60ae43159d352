// The daily backups as the app and the command use them: listed, copied into an empty folder, or brought back in place.
// In place is a save of the fleet folder like any other: what lies there now is in its history first.
import { done, failed, type Outcome } from '#contract/outcome';
import { openDayBackups, type DayBackups, type DayBackupsOptions } from './day-backups.ts';
import { createFolderHistory, type Person } from './folder-history.ts';
import { createFolderWriter, reportingDisk, type BeforeWrite } from './folder-writer.ts';
import { findRepository } from './git-repository.ts';
import { openGitObjects } from './history-objects.ts';
import { planRestoreOf, type Restoration, type Versions } from './history-restore.ts';
import { sourceNow, sourceWith, type FileSource } from './history-source.ts';
import {
  carryOutRestoration,
  previewRestoration,
  type CarriedOut,
  type Restored,
  type RestorationPlan,
} from './restoration.ts';
import type { SyncWatch } from './sync-watch.ts';

/** `files`: how many files of the folder would change, those that reach no gateway included. */
export type BackupPreview = Restored & { added: string[]; removed: string[]; files: number };

export type FleetBackups = Pick<DayBackups, 'list' | 'restore'> & {
  /** What `restoreHere` would do; nothing changes. */
  preview(day: string): Promise<Outcome<BackupPreview>>;
  /** Settings, groups and lists as of that day, as one commit (null: they are so already); nothing is pushed. */
  restoreHere(day: string, watch?: SyncWatch): Promise<Outcome<CarriedOut>>;
};

export type FleetBackupsOptions = DayBackupsOptions & { who: Person; beforeWrite?: BeforeWrite };

const scope = { kind: 'fleet' } as const;

/** The backups of one fleet folder. */
export function openFleetBackups({ who, beforeWrite, ...options }: FleetBackupsOptions): FleetBackups {
  const { fleetFolder: path } = options;
  const backups = openDayBackups(options);
  const writer = createFolderWriter(path, createFolderHistory(path, who), beforeWrite);

  async function plannerOf(day: string): Promise<Outcome<{ plan: RestorationPlan; past: FileSource }>> {
    const opened = await backups.open(day);
    if (!opened.ok) return opened;
    const past = sourceOf(opened.value);
    // A backup of an empty folder is never made; one without the fleet's files was put there by somebody.
    if ((await past.identities()).size === 0) {
      return failed('storage-failed', `The backup of ${day} holds no settings.`, 'Take another one.');
    }
    const plan: RestorationPlan = async (onEach) =>
      planRestoreOf(await versionsOf(path), { past, now: sourceNow(path), scope, onEach });
    return done({ plan, past });
  }

  return {
    list: () => backups.list(),
    restore: (day, into) => backups.restore(day, into),
    preview: (day) =>
      reportingDisk(path, async () => {
        const planner = await plannerOf(day);
        if (!planner.ok) return planner;
        const planned = await planner.value.plan();
        if (!planned.ok) return planned;
        const shown = await previewRestoration({ path, scope, plan: () => Promise.resolve(planned) });
        if (!shown.ok) return shown;
        return done({ ...shown.value, ...(await comingAndGoing(path, planned.value)) });
      }),
    restoreHere: (day, watch) =>
      reportingDisk(path, async () => {
        const planner = await plannerOf(day);
        if (!planner.ok) return planner;
        const words = `Restore the fleet from the backup of ${day}`;
        return carryOutRestoration(
          { path, scope, plan: planner.value.plan },
          { writer, words, ...(watch === undefined ? {} : { watch }) },
        );
      }),
  };
}

function sourceOf(files: readonly { path: string; content: Buffer }[]): FileSource {
  const empty: FileSource = { identities: () => Promise.resolve(new Map()), read: () => Promise.resolve(null) };
  const inFleet = files.flatMap(({ path, content }) =>
    path.startsWith('fleet/') ? [[path.slice('fleet/'.length), content] as const] : [],
  );
  return sourceWith(empty, new Map(inFleet));
}

/** null where .git is missing: then the addresses and host keys of the backup count. */
async function versionsOf(path: string): Promise<Versions> {
  const repository = await findRepository(path);
  if (repository === null) return null;
  const objects = openGitObjects(repository);
  return { objects, head: await objects.head() };
}

async function comingAndGoing(path: string, { changes }: Restoration) {
  const here = await sourceNow(path).identities();
  const named = (isMeant: (content: Buffer | null, isHere: boolean) => boolean) =>
    [...changes].flatMap(([each, content]) => {
      const name = /^gateways\/(.+)\.yaml$/.exec(each)?.[1];
      return name !== undefined && isMeant(content, here.has(each)) ? [name] : [];
    });
  return {
    added: named((content, isHere) => content !== null && !isHere).sort(),
    removed: named((content) => content === null).sort(),
    files: changes.size,
  };
}
