// What runs on a gateway and was not pushed from here: found, told field by field, and kept at hand to take it over.
import type { GatewayConfig } from '#contract/config';
import { type Revision, type Sha256, shortRevision } from '#contract/files';
import { done, type Outcome } from '#contract/outcome';
import { protocolVersion } from '#contract/protocol';
import { referencedFiles } from '#contract/referenced-files';
import type { GatewaySight } from '#contract/push';
import { compareThreeWays, type DriftReport } from './drift-report.ts';
import { fetchRelease, type FetchedRelease } from './fetch-release.ts';
import type { GatewayLink } from './gateway-link.ts';
import type { ReadyRelease } from './ready-release.ts';
import { plainProblem } from '../ssh/ssh-failure.ts';
import { refreshGateway } from './refresh-gateway.ts';
import { snapshotOf } from './release-snapshot.ts';

/** A configuration with the contents at hand. */
export type KnownRelease = { config: GatewayConfig; contents: ReadonlyMap<Sha256, Buffer> };

/** The report, and what lies there; null where nothing can be taken over. */
export type Drift = { report: DriftReport; theirs: KnownRelease | null };

/** Asks the gateway. The failure is that it could not be asked. */
export async function findDrift(link: GatewayLink, ours: ReadyRelease): Promise<Outcome<Drift>> {
  const sight = await refreshGateway(link, ours.revision);
  if (sight.status === null) {
    const problem = sight.problem ?? { code: 'unreachable' as const, message: `${link.name} does not answer.` };
    return { ok: false, problem: plainProblem(problem) };
  }
  const base = link.record.lastPush?.revision ?? null;
  const running = sight.status.currentRevision;
  const report: DriftReport = {
    gateway: link.name,
    sight,
    base,
    running,
    author: null,
    at: null,
    difference: [],
    conflicts: [],
    limits: [],
  };
  const altered = sight.status.altered ?? [];
  if (running === null) {
    if (base !== null) report.limits.push('Nothing is confirmed there any more: the gateway was set up anew.');
    return done({ report, theirs: null });
  }
  if (running === base && altered.length === 0) return done({ report, theirs: null });
  const there = await fetchRelease(link, running, ours.contents);
  if (!there.ok) return there;
  return done(await compare(link, ours, { report, there: there.value, running }));
}

type Found = { report: DriftReport; there: FetchedRelease; running: Revision };

async function compare(link: GatewayLink, ours: ReadyRelease, found: Found): Promise<Drift> {
  const { report, there, running } = found;
  const by = await whoBrought(link, running, there);
  const limits = [...report.limits, ...there.altered.map(alteredWords), ...there.limits];
  const told = { ...report, ...by, limits };
  if (there.config === null) {
    limits.push('What lies there cannot be read by this version of Postern, so nothing can be taken over.');
    return { report: told, theirs: null };
  }
  const theirs = { config: there.config, contents: there.contents };
  const base = await findBase(link, ours, { sight: report.sight, base: report.base, there });
  if (base === null) limits.push(noBaseWords(report.base));
  else limits.push(...missingLists(base, 'as it was pushed from here'));
  limits.push(...missingLists(theirs, 'as it is there'));
  const compared = compareThreeWays({
    gateway: link.name,
    base: base === null ? null : snapshotOf(base.config, base.contents),
    ours: snapshotOf(ours.config, ours.contents),
    theirs: snapshotOf(theirs.config, theirs.contents),
  });
  return { report: { ...told, ...compared }, theirs };
}

function alteredWords(words: string): string {
  return `${words} Whoever did it left no name. The daemon goes on with what it had loaded, and serves nothing after its next start until a push puts it right.`;
}

function noBaseWords(base: Revision | null): string {
  if (base === null) return 'Nothing was pushed to this gateway from here yet: it is compared with what is saved here.';
  return (
    `What was pushed from here (r ${shortRevision(base)}) is not kept on the gateway any more: it is compared ` +
    'with what is saved here.'
  );
}

/** The release folder tells who brought it first; a rollback later is told by nobody but `releases`. */
async function whoBrought(
  link: GatewayLink,
  running: Revision,
  there: FetchedRelease,
): Promise<{ author: string | null; at: string | null }> {
  const kept = await link.ask({ verb: 'releases', protocol: protocolVersion });
  const release = kept.ok ? kept.value.releases.find(({ revision }) => revision === running) : undefined;
  return { author: release?.author ?? there.author, at: release?.storedAt ?? there.at };
}

type BaseQuestion = { sight: GatewaySight; base: Revision | null; there: FetchedRelease };

/** Here, in the daemon's memory, on the gateway's disk: the first that has it. */
async function findBase(
  link: GatewayLink,
  ours: ReadyRelease,
  { sight, base, there }: BaseQuestion,
): Promise<KnownRelease | null> {
  if (base === null) return null;
  if (ours.revision === base) return ours;
  const { status } = sight;
  if (status?.runningRevision === base && status.config !== null) {
    return { config: status.config, contents: there.contents };
  }
  const kept = await fetchRelease(link, base, there.contents);
  if (kept.ok && kept.value.config !== null && kept.value.altered.length === 0) {
    return { config: kept.value.config, contents: kept.value.contents };
  }
  return null;
}

/** A list whose content is nowhere would read as an empty one: it is said. */
function missingLists({ config, contents }: KnownRelease, which: string): string[] {
  return referencedFiles(config)
    .filter(({ purpose, sha256 }) => (purpose === 'denyList' || purpose === 'permitList') && !contents.has(sha256))
    .map(({ path }) => `The content of ${path} ${which} is not at hand: its entries cannot be compared.`);
}
