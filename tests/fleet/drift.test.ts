// What somebody else changed on a gateway, over a real sshd: found, told in words, taken over or pushed over.
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDriftDesk, type DriftDesk } from '../../electron/fleet/drift-desk.ts';
import { runAsRoot } from '../support/as-root.ts';
import { openAgentSession } from '../support/agent-session.ts';
import { makeSshdFleet, type SshdFleet } from '../support/fleet-of-sshd.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';
import { valueOf } from '../support/temporary-fleet.ts';

let gateway: SshdGateway;
let fleet: SshdFleet;
let desk: DriftDesk;

beforeAll(async () => {
  gateway = await startSshdGateway({ author: 'bert' });
});
afterAll(() => gateway.stop());
beforeEach(async () => {
  fleet = await makeSshdFleet({ confirmWithinSeconds: 10 });
  const { engine, folder } = fleet;
  desk = createDriftDesk({ engine, folder });
  await fleet.add('mx1', gateway);
  await fleet.edit('mx1', { port: gateway.smtpPort, maxConnections: 40, denyText: '192.0.2.1\n' });
  await push();
});
afterEach(() => fleet.close());

async function push(overwriteThere = true): Promise<string> {
  const [ended] = await fleet.engine.push(['mx1'], { overwriteThere });
  return ended?.result.kind ?? '';
}

/** Another administrator pushes other settings over what we pushed. */
async function pushFromElsewhere(): Promise<string> {
  const agent = openAgentSession(gateway);
  const base = (await agent.status()).currentRevision;
  const files = { denyList: '192.0.2.1\n198.51.100.7\n' };
  return agent.pushWhole({ port: gateway.smtpPort, base, maxConnections: 77, files });
}

const limitOf = async (): Promise<number | null> => {
  const saved = valueOf(await fleet.folder.loadDraft({ kind: 'gateway', name: 'mx1' }));
  return saved.draft.settings.connections.interface.maxConnections;
};

describe('a push by somebody else', () => {
  it('is shown field by field, with who brought it', async () => {
    const running = await pushFromElsewhere();

    const report = valueOf(await desk.show('mx1'));

    expect(report).toMatchObject({ running, author: 'bert', sight: { state: 'changed-there' }, limits: [] });
    expect(report.difference.map(({ field, after }) => [field, after])).toEqual([
      ['connections.interface.maxConnections', '77'],
      ['connections.control.denyList', '+ 1 entry'],
    ]);
    expect(report.difference[1]?.added).toEqual(['198.51.100.7']);
    expect(report.conflicts).toEqual([]);
  });

  it('is a conflict where we changed the same field', async () => {
    await pushFromElsewhere();
    await fleet.edit('mx1', { maxConnections: 50, denyText: '192.0.2.1\n' });

    const report = valueOf(await desk.show('mx1'));

    expect(report.sight.state).toBe('conflict');
    expect(report.conflicts).toMatchObject([
      { id: 'connections.interface.maxConnections', base: '40', ours: '50', theirs: '77' },
    ]);
  });

  it('is taken over as a whole: then both are in sync', async () => {
    await pushFromElsewhere();

    valueOf(await desk.take('mx1', 'all'));

    expect(valueOf(await fleet.engine.refresh('mx1')).state).toBe('in-sync');
    expect(await limitOf()).toBe(77);
    expect(await push(false)).toBe('unchanged');
  });

  it('is taken over field by field: the next push is no conflict and brings back ours for the rest', async () => {
    await pushFromElsewhere();

    valueOf(await desk.take('mx1', ['connections.control.denyList']));

    expect(await limitOf()).toBe(40);
    expect(await push(false)).toBe('applied');
    const saved = valueOf(await fleet.folder.loadDraft({ kind: 'gateway', name: 'mx1' }));
    expect(saved.draft.denyText).toBe('192.0.2.1\n198.51.100.7\n');
  });
});

describe('an edit by hand in the folder of the release', () => {
  const edit = async (): Promise<void> => {
    const { currentRevision } = await openAgentSession(gateway).status();
    const path = join(gateway.root, 'releases', currentRevision ?? '', 'lists/deny.txt');
    await runAsRoot('sh', '-c', `echo 203.0.113.9 >> ${path}`);
  };

  it('is found without being asked, and told in words', async () => {
    await edit();

    const report = valueOf(await desk.show('mx1'));

    expect(valueOf(await fleet.engine.refresh('mx1')).state).toBe('changed-there');
    expect(report.limits[0]).toMatch(/^lists\/deny\.txt was changed on the gateway after the push\./);
    expect(report.difference).toMatchObject([{ field: 'connections.control.denyList', added: ['203.0.113.9'] }]);
    expect(await push(false)).toBe('applied');
  });

  it('is put right by a push over it', async () => {
    await edit();

    expect(await push(false)).toBe('applied');
    expect(valueOf(await fleet.engine.refresh('mx1')).state).toBe('in-sync');
  });

  it('is taken over, and the next push makes a release of it', async () => {
    await edit();

    valueOf(await desk.take('mx1', 'all'));

    expect(await push(false)).toBe('applied');
    expect(valueOf(await desk.show('mx1'))).toMatchObject({ difference: [], limits: [] });
    const saved = valueOf(await fleet.folder.loadDraft({ kind: 'gateway', name: 'mx1' }));
    expect(saved.draft.denyText).toContain('203.0.113.9');
  });
});
