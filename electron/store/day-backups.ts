// A copy of the fleet as it lay there before the first write of each day, in the app's own folder: for what git cannot
// give back, because it is outside of it or because .git itself is lost. Secrets are in it as they lie on the disk:
// encrypted, without the key that opens them.
import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { done, failed, type Outcome } from '#contract/outcome';
import { placeFilesIn, readFilesBelow } from './archived-files.ts';
import { folderKey } from './audit-head.ts';
import { dayOf, daysToForget } from './backup-days.ts';
import { namesIn, readPlainFile, removeDurably, writeDurably } from './durable-files.ts';
import { ownFolders, reportingDisk } from './folder-writer.ts';
import { packTar, unpackTar, type ArchivedFile } from './tar-archive.ts';
import { makePrivateFolder } from './vault-key.ts';

const compress = promisify(gzip);
const unpack = promisify(gunzip);

/** A backup as it is listed; one that cannot be read is told, not left out. */
export type DayBackup = { day: string; bytes: number; gateways: number; problem: string | null };

export type DayBackups = {
  /** The first call of a day makes one, where there is something to keep, and forgets the oldest. */
  makeOfToday(): Promise<Outcome<void>>;
  /** Newest first, each opened and read. */
  list(): Promise<Outcome<DayBackup[]>>;
  /** The files of one, by path: those of the fleet folder below `fleet/`. */
  open(day: string): Promise<Outcome<ArchivedFile[]>>;
  /** Into an empty or missing folder: `fleet/` and `app/`. */
  restore(day: string, into: string): Promise<Outcome<{ gateways: number }>>;
};

export type DayBackupsOptions = {
  fleetFolder: string;
  appFolder: string;
  /** The clock, unless a test brings one. */
  now?: () => Date;
};

const ending = '.tar.gz';
/** 1 GiB, as for an export: it is read into memory as a whole. */
const maxBytes = 1024 * 1024 * 1024;

/** The backups of one fleet folder; nothing is made before the first write. */
export function openDayBackups({ fleetFolder, appFolder, now = () => new Date() }: DayBackupsOptions): DayBackups {
  let made: string | null = null;
  const folder = async () => join(appFolder, 'backups', await folderKey(fleetFolder));

  const make = async (day: string): Promise<void> => {
    const path = join(await folder(), `${day}${ending}`);
    if (await exists(path)) return;
    const fleet = await readFleet(fleetFolder);
    if (fleet.length === 0) return; // a fleet that is made just now
    const files = [aboutFile(fleetFolder, day), ...fleet, ...(await readAppFiles(appFolder, fleetFolder, now()))];
    await makePrivateFolder(await folder());
    await writeDurably(path, await compress(packTar(files, now())), 0o600);
    for (const old of daysToForget(await daysIn(await folder())))
      await removeDurably(join(await folder(), `${old}${ending}`));
    made = day;
  };

  const openDay = (day: string) =>
    reportingDisk(appFolder, async () => open(join(await folder(), `${day}${ending}`), day));

  return {
    async makeOfToday() {
      const day = dayOf(now());
      if (made === day) return done(undefined);
      return reportingDisk(appFolder, async () => done(await make(day)), 'The backup of today is missing.');
    },
    list: () =>
      reportingDisk(appFolder, async () => {
        const days = (await daysIn(await folder())).toReversed();
        const listed: DayBackup[] = [];
        for (const day of days) listed.push(await describe(join(await folder(), `${day}${ending}`), day));
        return done(listed);
      }),
    open: openDay,
    async restore(day, into) {
      const opened = await openDay(day);
      if (!opened.ok) return opened;
      const placed = await placeFilesIn(into, opened.value);
      if (!placed.ok) return placed;
      await chmod(join(into, 'app'), 0o700).catch(() => undefined); // none where the app had nothing to keep
      return done({ gateways: countGateways(opened.value) });
    },
  };
}

async function daysIn(folder: string): Promise<string[]> {
  return (await namesIn(folder)).flatMap((name) => /^(\d{4}-\d\d-\d\d)\.tar\.gz$/.exec(name)?.[1] ?? []);
}

/** Only what Postern keeps there: a fleet folder may lie in the middle of other work. Files nobody can read as well. */
async function readFleet(fleetFolder: string): Promise<ArchivedFile[]> {
  const files = await filesIn(fleetFolder, 'fleet', ['fleet.yaml']);
  for (const name of [...ownFolders, 'audit']) {
    if (name !== '') files.push(...(await below(join(fleetFolder, name), `fleet/${name}`)));
  }
  return files;
}

/** A rollout that nobody touched for a week is history; its report is in older backups. */
const rolloutDays = 7;

async function readAppFiles(appFolder: string, fleetFolder: string, now: Date): Promise<ArchivedFile[]> {
  const head = `${await folderKey(fleetFolder)}.json`;
  const since = now.getTime() - rolloutDays * 24 * 60 * 60 * 1000;
  const rollouts = join(appFolder, 'rollouts');
  const recent: string[] = [];
  for (const name of (await namesIn(rollouts)).filter((each) => each.endsWith('.jsonl'))) {
    if ((await stat(join(rollouts, name))).mtimeMs >= since) recent.push(name);
  }
  return [
    ...(await filesIn(appFolder, 'app', ['preferences.json', 'known-agents.json'])),
    ...(await filesIn(join(appFolder, 'audit'), 'app/audit', [head])),
    ...(await filesIn(rollouts, 'app/rollouts', recent)),
    ...(await below(join(appFolder, 'vault'), 'app/vault')),
  ];
}

async function filesIn(folder: string, inside: string, names: readonly string[]): Promise<ArchivedFile[]> {
  const files: ArchivedFile[] = [];
  for (const name of names) {
    const file = await readPlainFile(join(folder, name), maxBytes);
    if (file.kind === 'content') files.push({ path: `${inside}/${name}`, content: file.content });
  }
  return files;
}

async function below(folder: string, inside: string): Promise<ArchivedFile[]> {
  return (await readFilesBelow(folder)).map(({ path, content }) => ({ path: `${inside}/${path}`, content }));
}

function aboutFile(fleetFolder: string, day: string): ArchivedFile {
  const words =
    `The fleet folder ${fleetFolder} as it was before the first write of ${day}.\n` +
    'fleet/ holds its files without the git history. app/ holds what Postern keeps of it outside: private keys and\n' +
    'secrets for signing in, encrypted; their key is in the keychain of the computer, or is opened by a passphrase.\n';
  return { path: 'about.txt', content: Buffer.from(words) };
}

async function describe(path: string, day: string): Promise<DayBackup> {
  const bytes = (await stat(path)).size;
  const opened = await open(path, day);
  if (!opened.ok) return { day, bytes, gateways: 0, problem: opened.problem.message };
  return { day, bytes, gateways: countGateways(opened.value), problem: null };
}

async function open(path: string, day: string): Promise<Outcome<ArchivedFile[]>> {
  const file = /^\d{4}-\d\d-\d\d$/.test(day) ? await readPlainFile(path, maxBytes) : { kind: 'missing' as const };
  if (file.kind === 'missing')
    return failed('not-found', `There is no backup of ${day}.`, 'List those that are there.');
  const damaged = failed('storage-failed', `The backup of ${day} is damaged.`, 'Take the one before it.');
  if (file.kind === 'refused') return damaged;
  const archive = await unpack(file.content).catch(() => null); // gzip's own checksum finds what was changed
  const files = archive === null ? damaged : unpackTar(archive);
  return files.ok ? files : damaged;
}

function countGateways(files: readonly ArchivedFile[]): number {
  return files.filter(({ path }) => /^fleet\/gateways\/[^/.][^/]*\.yaml$/.test(path)).length;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
