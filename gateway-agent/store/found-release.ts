// A kept release as it lies there, changed or not: releases are immutable by contract, and root can edit them anyway.
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { revisionOf, sha256Of } from '#certificates/hash';
import { GatewayConfig } from '#contract/config';
import type { FilePurpose, ReleasePath, Revision, Sha256 } from '#contract/files';
import { referencedFiles, type ReferencedFile } from '#contract/referenced-files';
import { ignoreMissing, isRealFolder, readPlainFile } from './read-plain-file.ts';
import {
  loadPushed,
  maxConfigBytes,
  maxFileBytes,
  parseJson,
  type Pushed,
  refusedAsNull,
  releaseFolder,
} from './release-folder.ts';

/** `config` names the files that lie there, so its revision is another one as soon as anything was changed. */
export type FoundRelease = {
  config: GatewayConfig | null;
  files: Map<ReleasePath, { sha256: Sha256; content: Buffer }>;
  altered: string[];
  pushed: Pushed | null;
};

/** Everything that lies there, read and hashed; null when the release is not kept. */
export async function findRelease(root: string, revision: Revision): Promise<FoundRelease | null> {
  const folder = releaseFolder(root, revision);
  if (!(await isRealFolder(folder))) return null;
  const pushed = await loadPushed(folder);
  const found: FoundRelease = { config: null, files: new Map(), altered: [], pushed };
  const config = await readConfig(folder, revision, found.altered);
  if (config === null) return found;
  const hashes = new Map<FilePurpose, Sha256>();
  for (const file of referencedFiles(config)) {
    const content = await readReleaseFile(folder, file);
    if (content === null) {
      found.altered.push(`${file.path} is missing or no plain file any more.`);
      continue;
    }
    const sha256 = sha256Of(content);
    if (sha256 !== file.sha256) found.altered.push(changedWords(file.path));
    hashes.set(file.purpose, sha256);
    found.files.set(file.path, { sha256, content });
  }
  found.config = withHashes(config, hashes);
  return found;
}

/**
 * The same in words only, quick enough for every status: a large file that nobody wrote to since the push is not
 * hashed again (its time can be forged; `fetch` looks at everything).
 */
export async function findAlterations(root: string, revision: Revision): Promise<string[]> {
  const folder = releaseFolder(root, revision);
  if (!(await isRealFolder(folder))) return ['The folder of the confirmed release is gone.'];
  const altered: string[] = [];
  const config = await readConfig(folder, revision, altered);
  if (config === null) return altered;
  const storedAt = Date.parse((await loadPushed(folder))?.storedAt ?? '');
  for (const file of referencedFiles(config)) {
    if (await isOldLargeFile(join(folder, file.path), storedAt)) continue;
    const content = await readReleaseFile(folder, file);
    if (content === null) altered.push(`${file.path} is missing or no plain file any more.`);
    else if (sha256Of(content) !== file.sha256) altered.push(changedWords(file.path));
  }
  return altered;
}

function changedWords(path: string): string {
  return `${path} was changed on the gateway after the push.`;
}

/** What is smaller is hashed in a few milliseconds. Postern's own number. */
const largeBytes = 1024 * 1024;
/** The note is written after the files, and a clock may be set meanwhile. */
const slackMilliseconds = 5_000;

async function isOldLargeFile(path: string, storedAt: number): Promise<boolean> {
  const facts = await stat(path).catch(refusedAsNull);
  return facts !== null && facts.size > largeBytes && facts.mtimeMs <= storedAt + slackMilliseconds;
}

/** The configuration as it lies there; another spelling of the same one is no change. */
async function readConfig(folder: string, revision: Revision, altered: string[]): Promise<GatewayConfig | null> {
  const content = await readPlainFile(join(folder, 'config.json'), maxConfigBytes).catch(refusedAsNull);
  const config = GatewayConfig.safeParse(parseJson(content));
  if (!config.success) {
    altered.push('config.json was changed on the gateway, and is no configuration any more.');
    return null;
  }
  if (revisionOf(config.data) !== revision) altered.push(changedWords('config.json'));
  return config.data;
}

async function readReleaseFile(folder: string, file: ReferencedFile): Promise<Buffer | null> {
  const path = join(folder, file.path);
  if (!(await isRealFolder(dirname(path)).catch(ignoreMissing))) return null;
  return readPlainFile(path, maxFileBytes(file.purpose)).catch(refusedAsNull);
}

/** A file that is gone is named no more: the configuration tells what lies there. */
function withHashes(config: GatewayConfig, hashes: ReadonlyMap<FilePurpose, Sha256>): GatewayConfig {
  const { control, tls } = config.connections;
  const now = <P extends FilePurpose, R extends { sha256: Sha256 }>(purpose: P, reference: R | null): R | null => {
    const sha256 = hashes.get(purpose);
    return reference === null || sha256 === undefined ? null : { ...reference, sha256 };
  };
  return {
    ...config,
    connections: {
      ...config.connections,
      control: {
        ...control,
        denyList: now('denyList', control.denyList),
        permitList: now('permitList', control.permitList),
      },
      tls: {
        ...tls,
        certificate: now('certificate', tls.certificate),
        privateKey: now('privateKey', tls.privateKey),
        caCertificate: now('caCertificate', tls.caCertificate),
        outgoingCa: now('outgoingCa', tls.outgoingCa),
      },
    },
  };
}
