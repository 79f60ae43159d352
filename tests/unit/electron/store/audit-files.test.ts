import fs from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import git from 'isomorphic-git';
import { describe, expect, it } from 'vitest';
import { type AuditLog, openAuditLog } from '../../../../electron/store/audit-log.ts';
import type { FleetFolder } from '../../../../electron/store/fleet-folder.ts';
import {
  messagesOf,
  saveDenyText,
  temporaryFleet,
  temporaryFolder,
  valueOf,
} from '../../../support/temporary-fleet.ts';

async function recordedFleet(): Promise<{ folder: FleetFolder; log: AuditLog }> {
  const folder = await temporaryFleet();
  const log = openAuditLog({ fleetFolder: folder.path, appFolder: await temporaryFolder(), by: 'Ada' });
  return { folder, log };
}

const push = (words: string) => ({ action: 'push', target: 'mx1', outcome: 'applied', words });

/** Texts of the logs in the newest commit, by path. */
async function committedLogs({ path: dir }: FleetFolder): Promise<Record<string, string>> {
  const oid = await git.resolveRef({ fs, dir, ref: 'HEAD' });
  const paths = (await git.listFiles({ fs, dir, ref: 'HEAD' })).filter((path) => path.startsWith('audit/'));
  const texts = paths.map(async (filepath) => {
    const { blob } = await git.readBlob({ fs, dir, oid, filepath });
    return [filepath, Buffer.from(blob).toString('utf8')] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

async function logsOnDisk({ path }: FleetFolder): Promise<Record<string, string>> {
  const names = fs.readdirSync(join(path, 'audit')).map((name) => `audit/${name}`);
  const texts = names.map(async (name) => [name, await readFile(join(path, name), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

async function changedFor({ path: dir }: FleetFolder): Promise<string[]> {
  const rows = await git.statusMatrix({ fs, dir });
  return rows.filter(([, head, work, stage]) => head !== 1 || work !== 1 || stage !== 1).map(([path]) => path);
}

describe('the audit log in git', () => {
  it('comes along with the next save, without a commit of its own', async () => {
    const { folder, log } = await recordedFleet();
    for (let number = 1; number <= 5; number++) valueOf(await log.record(push(`push ${number}`)));
    const before = (await messagesOf(folder)).length;

    valueOf(await saveDenyText(folder, '192.0.2.1\n', 'Deny list: + 1 entry'));

    expect((await messagesOf(folder)).slice(0, -before)).toEqual(['Deny list: + 1 entry']);
    expect(await committedLogs(folder)).toEqual(await logsOnDisk(folder));
    expect(await changedFor(folder)).toEqual([]);
  });

  it('makes no commit of a save that changes nothing', async () => {
    const { folder, log } = await recordedFleet();
    valueOf(await folder.save('mx1', valueOf(await folder.load('mx1')), 'Nothing'));
    valueOf(await log.record(push('push 1')));
    const before = await messagesOf(folder);

    valueOf(await folder.save('mx1', valueOf(await folder.load('mx1')), 'Nothing'));

    expect(await messagesOf(folder)).toEqual(before);
  });

  it('costs a push nothing, and one commit when it is kept at the end', async () => {
    const { folder, log } = await recordedFleet();
    const lastPush = { revision: 'a'.repeat(64), at: '2026-11-24T12:00:00Z', by: 'Ada', pushId: 'p1' };
    valueOf(await log.record(push('push 1')));
    valueOf(await folder.recordPush('mx1', lastPush));
    expect(await committedLogs(folder)).toEqual({});

    valueOf(await folder.keepAudit());
    valueOf(await folder.keepAudit());

    expect((await messagesOf(folder)).slice(0, 2)).toEqual(['Keep the audit log', 'Push mx1: aaaaaaaaaaaa confirmed']);
    expect(await committedLogs(folder)).toEqual(await logsOnDisk(folder));
  });

  it('is there whole when it has grown over several files since', async () => {
    const { folder, log } = await recordedFleet();
    valueOf(await log.record(push('push 1')));
    valueOf(await folder.keepAudit());
    for (let round = 0; round < 4; round++) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => log.record(push(`${index} ${'x'.repeat(700)}`))));
    }

    valueOf(await folder.keepAudit());

    expect(Object.keys(await committedLogs(folder))).toHaveLength(4);
    expect(await committedLogs(folder)).toEqual(await logsOnDisk(folder));
  });

  it('is found changed although git holds the changed one', async () => {
    const { folder, log } = await recordedFleet();
    valueOf(await log.record(push('push 1')));
    valueOf(await folder.keepAudit());
    await rm(join(folder.path, 'audit'), { recursive: true });
    valueOf(await saveDenyText(folder, '192.0.2.1\n'));

    const { broken } = valueOf(await log.verify());

    expect(broken.map(({ words }) => words)).toEqual(['The whole log is gone; it had 1 entries.']);
    expect(Object.keys(await committedLogs(folder))).toHaveLength(1); // git still has it
  });
});
