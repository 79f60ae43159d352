// A fleet folder of its own for one test, and what tests look at in it.
import fs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import git from 'isomorphic-git';
import { onTestFinished } from 'vitest';
import { GatewayRecord } from '../../gateway-agent/contract/fleet.ts';
import type { Outcome } from '../../gateway-agent/contract/outcome.ts';
import { openFleetFolder, type FleetFolder } from '../../electron/store/fleet-folder.ts';

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'postern-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}

/** The value of an outcome that a test expects to be a success. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.problem.code}: ${outcome.problem.message}`);
  return outcome.value;
}

export const tester = { name: 'Ada Tester', email: 'ada@example.test' };

/** An open fleet folder with one gateway, `mx1`. */
export async function temporaryFleet(): Promise<FleetFolder> {
  const folder = valueOf(await openFleetFolder(join(await temporaryFolder(), 'fleet'), tester));
  valueOf(await folder.add('mx1', sampleRecord()));
  return folder;
}

/** A record with defaults but for the host. */
export function sampleRecord(host = 'mx1.example.test'): GatewayRecord {
  return GatewayRecord.parse({ ssh: { host } });
}

/** Where a gateway's file lies. */
export function yamlOf(folder: FleetFolder, name = 'mx1'): string {
  return join(folder.path, 'gateways', `${name}.yaml`);
}

/** The messages of all commits, newest first. */
export async function messagesOf(folder: FleetFolder): Promise<string[]> {
  const log = await git.log({ fs, dir: folder.path });
  return log.map(({ commit }) => commit.message.trim());
}

/** Saves another deny list for mx1, as the settings screen does. */
export async function saveDenyText(folder: FleetFolder, denyText: string, words = 'Deny list: + 1 entry') {
  const { draft, savedVersion } = valueOf(await folder.loadDraft({ kind: 'gateway', name: 'mx1' }));
  return folder.saveDraft({ kind: 'gateway', name: 'mx1' }, { draft: { ...draft, denyText }, savedVersion, words });
}
