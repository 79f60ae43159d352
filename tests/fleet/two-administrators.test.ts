// Two administrators with an app each on one fleet folder: real processes, the real lock, the real repository.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FleetFolder, openFleetFolder } from '../../electron/store/fleet-folder.ts';
import { editSettings } from '../../gateway-agent/contract/settings-layer.ts';
import { type AppProcess, startAppProcess } from '../support/app-process.ts';
import { messagesOf, sampleRecord, tester, valueOf } from '../support/temporary-fleet.ts';

const run = promisify(execFile);
let base: string;
let folder: FleetFolder;
let anna: AppProcess;
let bert: AppProcess;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'postern-two-'));
  folder = valueOf(await openFleetFolder(join(base, 'fleet'), tester));
  for (const name of ['mx1', 'mx2']) valueOf(await folder.add(name, sampleRecord()));
  [anna, bert] = await Promise.all([startApp('anna'), startApp('bert')]);
}, 60_000);
afterAll(async () => {
  await Promise.all([anna.close(), bert.close()]);
  await rm(base, { recursive: true, force: true });
});

const startApp = (name: string): Promise<AppProcess> => startAppProcess(join(base, name), folder.path);

const load = async (app: AppProcess, name: string) =>
  valueOf(await app.call('settings:load', { scope: { kind: 'gateway', name } }));

type Loaded = Awaited<ReturnType<typeof load>>;

/** Saves another limit into what was loaded before. */
function save(app: AppProcess, name: string, { document, limit }: { document: Loaded; limit: number }) {
  const settings = structuredClone(document.draft.settings);
  settings.connections.interface.maxConnections = limit;
  const draft = editSettings(document.draft, settings);
  const { savedVersion } = document;
  return app.call('settings:save', { scope: { kind: 'gateway', name }, draft, savedVersion, words: `Limit ${limit}` });
}

const limitOf = ({ draft }: Loaded) => draft.settings.connections.interface.maxConnections;

/** git itself finds the repository whole, nothing waits to be committed but logs, and no lock is left. */
async function expectSound(): Promise<void> {
  const checked = await run('git', ['-C', folder.path, 'fsck', '--full', '--strict']);
  expect(checked.stdout + checked.stderr).not.toMatch(/error|missing|corrupt|broken/);
  const { stdout } = await run('git', ['-C', folder.path, 'status', '--porcelain']);
  expect(stdout.split('\n').filter((line) => line !== '' && !/^.. audit\//.test(line))).toEqual([]);
  expect(await readdir(folder.path)).not.toContain('.postern.lock');
  expect(await readdir(join(folder.path, '.git'))).not.toContain('index.lock');
}

describe('two administrators', () => {
  it('never overwrite each other: the second is told, and saves what he then sees', async () => {
    const [hers, his] = [await load(anna, 'mx1'), await load(bert, 'mx1')];
    valueOf(await save(anna, 'mx1', { document: hers, limit: 11 }));

    const refused = await save(bert, 'mx1', { document: his, limit: 22 });
    const again = await load(bert, 'mx1');
    valueOf(await save(bert, 'mx1', { document: again, limit: 22 }));

    expect(refused).toMatchObject({ ok: false, problem: { code: 'conflict', message: expect.stringMatching(/mx1/) } });
    expect([limitOf(again), limitOf(await load(anna, 'mx1'))]).toEqual([11, 22]);
    expect((await messagesOf(folder)).slice(0, 2)).toEqual(['Limit 22', 'Limit 11']);
    await expectSound();
  });

  it('lose nothing when both save at once, and both are in the log', async () => {
    const rounds = Array.from({ length: 6 }, (_, index) => index + 101);
    const saveAll = async (app: AppProcess, name: string) => {
      for (const limit of rounds) valueOf(await save(app, name, { document: await load(app, name), limit }));
    };

    await Promise.all([saveAll(anna, 'mx1'), saveAll(bert, 'mx2')]);

    const words = await messagesOf(folder);
    for (const limit of rounds) expect(words.filter((each) => each === `Limit ${limit}`)).toHaveLength(2);
    expect([limitOf(await load(bert, 'mx1')), limitOf(await load(anna, 'mx2'))]).toEqual([106, 106]);
    const verdict = valueOf(await anna.call('audit:verify', {}));
    expect(verdict).toMatchObject({ chains: 2, broken: [] });
    expect(verdict.entries).toBeGreaterThanOrEqual(12);
    await expectSound();
  });

  it('go on at once when one is killed in the middle of a save, wherever that was', async () => {
    for (const milliseconds of [4, 12, 25]) {
      const doomed = await startApp(`doomed-${milliseconds}`);
      const document = await load(doomed, 'mx1');
      const limit = (limitOf(document) ?? 0) + 1;
      void save(doomed, 'mx1', { document, limit });
      await new Promise((resolve) => setTimeout(resolve, milliseconds)); // how far it came is what differs
      await doomed.kill();
      const began = performance.now();

      valueOf(await save(bert, 'mx2', { document: await load(bert, 'mx2'), limit: milliseconds }));

      // The lock of a dead process is broken at sight, not after the minute that another computer's would take.
      expect(performance.now() - began).toBeLessThan(30_000);
      expect([document.draft.settings.connections.interface.maxConnections, limit]).toContain(
        limitOf(await load(bert, 'mx1')),
      );
    }
    await run('git', ['-C', folder.path, 'fsck', '--full', '--strict']);
    expect(await readdir(folder.path)).not.toContain('.postern.lock');
    expect((await readdir(join(folder.path, 'gateways'))).toSorted()).toEqual(['mx1.yaml', 'mx2.yaml']);
  });
});
