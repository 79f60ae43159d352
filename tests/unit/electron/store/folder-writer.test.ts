import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import git from 'isomorphic-git';
import { describe, expect, it } from 'vitest';
import { messagesOf, sampleRecord, temporaryFleet, valueOf } from '../../../support/temporary-fleet.ts';

const support = join(import.meta.dirname, '../../../support');

describe('several writers', () => {
  it('lose nothing when two processes write at once', async () => {
    const folder = await temporaryFleet();
    const run = promisify(execFile);
    const script = join(support, 'save-in-a-loop.ts');

    await Promise.all(['a', 'b'].map((prefix) => run(process.execPath, [script, folder.path, prefix, '5'])));

    const names = valueOf(await folder.list()).map(({ name }) => name);
    expect(names).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'b3', 'b4', 'b5', 'mx1']);
    expect(await messagesOf(folder)).toHaveLength(11);
    expect(await git.listFiles({ fs, dir: folder.path, ref: 'HEAD' })).toHaveLength(11);
  });

  it('of one process take turns', async () => {
    const folder = await temporaryFleet();
    const addDomain = (domain: string) =>
      folder.update('mx1', {
        words: `Relay ${domain}`,
        change: (record) => {
          const { messageRule } = record.settings;
          const relayDomains = [...(messageRule?.relayDomains ?? []), domain];
          return { ...record, settings: { ...record.settings, messageRule: { ...messageRule, relayDomains } } };
        },
      });

    await Promise.all(['a.test', 'b.test', 'c.test'].map(addDomain));

    const record = valueOf(await folder.load('mx1'));
    expect(record.settings.messageRule?.relayDomains).toEqual(['a.test', 'b.test', 'c.test']);
  });

  it('find the old file whole after one was killed between write and rename, and clean up', async () => {
    const folder = await temporaryFleet();

    const child = spawn(process.execPath, [join(support, 'save-and-die.ts'), folder.path], { stdio: 'inherit' });
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    const leftovers = (await readdir(join(folder.path, 'gateways'))).filter((name) => name.startsWith('.'));
    const entries = valueOf(await folder.list());
    valueOf(await folder.save('mx1', sampleRecord('mx1.example.net'), 'Move'));

    expect(signal).toBe('SIGKILL');
    expect(leftovers).toHaveLength(1);
    expect(entries).toEqual([{ name: 'mx1', record: sampleRecord() }]);
    expect(await readdir(join(folder.path, 'gateways'))).toEqual(['mx1.yaml']);
    expect(await readdir(folder.path)).not.toContain('.postern.lock');
    expect(await messagesOf(folder)).toEqual(['Move', 'Add mx1']);
  });
});
