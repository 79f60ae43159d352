import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rememberAgents } from '../../../../electron/fleet/known-agents.ts';
import { temporaryFolder } from '../../../support/temporary-fleet.ts';

const agent = { protocol: 1, schemaVersion: 1, files: ['a'.repeat(64)] };

describe('rememberAgents', () => {
  it('knows in the next run what this one learnt, but for the files it holds', async () => {
    const file = join(await temporaryFolder(), 'known-agents.json');
    const known = rememberAgents(file);
    known.learn('mx1', agent);
    known.learn('mx2', agent);
    known.forget('mx2');
    await known.save();

    const next = rememberAgents(file);

    expect(await next.find('mx1')).toEqual({ ...agent, files: [] });
    expect(await next.find('mx2')).toBeNull();
    expect(await readFile(file, 'utf8')).not.toContain('aaaa');
  });

  it('knows nobody where the file cannot be read', async () => {
    const file = join(await temporaryFolder(), 'known-agents.json');
    await writeFile(file, '{"mx1":');

    expect(await rememberAgents(file).find('mx1')).toBeNull();
  });
});
