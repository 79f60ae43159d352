import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { done } from '../../../../gateway-agent/contract/outcome.ts';
import type { StatusReply } from '../../../../gateway-agent/contract/replies.ts';
import { createConfigPlanner } from '../../../../electron/store/build-release.ts';
import { valueOf } from '../../../support/temporary-fleet.ts';
import { startHandlers, type TestApp } from '../../../support/test-services.ts';

async function saveDenyText({ call }: TestApp, denyText: string) {
  const { draft, savedVersion } = valueOf(await call('settings:load', { scope: { kind: 'gateway', name: 'mx1' } }));
  return call('settings:save', {
    scope: { kind: 'gateway', name: 'mx1' },
    draft: { ...draft, denyText },
    savedVersion,
    words: 'Deny list: + 1',
  });
}

describe('settings:save', () => {
  it('is what settings:load gives back, with the version for the next save', async () => {
    const app = await startHandlers();

    const saved = valueOf(await saveDenyText(app, '192.0.2.1\n'));

    const loaded = valueOf(await app.call('settings:load', { scope: { kind: 'gateway', name: 'mx1' } }));
    expect(loaded.draft.denyText).toBe('192.0.2.1\n');
    expect(loaded.savedVersion).toBe(saved.savedVersion);
    expect(app.emitted).toEqual([{ event: 'fleet:changed', data: { name: 'mx1' } }]);
  });

  it('refuses the second of two editors', async () => {
    const { call } = await startHandlers();
    const { draft, savedVersion } = valueOf(await call('settings:load', { scope: { kind: 'gateway', name: 'mx1' } }));
    const save = (denyText: string) =>
      call('settings:save', {
        scope: { kind: 'gateway', name: 'mx1' },
        draft: { ...draft, denyText },
        savedVersion,
        words: '',
      });

    valueOf(await save('192.0.2.1\n'));

    expect(await save('192.0.2.2\n')).toMatchObject({ ok: false, problem: { code: 'conflict' } });
  });
});

describe('fleet:list', () => {
  it('shows what was saved and not pushed, and a file that cannot be read', async () => {
    const app = await startHandlers();
    await writeFile(join(app.services.folder.path, 'gateways', 'mx2.yaml'), 'ssh: [');

    const { draft } = valueOf(await app.services.folder.loadDraft({ kind: 'gateway', name: 'mx1' }));
    const pushed = valueOf(await createConfigPlanner(app.services.folder).plan(draft)).revision;
    valueOf(
      await app.services.folder.recordPush('mx1', {
        revision: pushed,
        at: '2026-11-24T00:00:00Z',
        by: 'ada',
        pushId: 'p',
      }),
    );

    const inSync = valueOf(await app.call('fleet:list', {}));
    valueOf(await saveDenyText(app, '192.0.2.1\n'));
    const changed = valueOf(await app.call('fleet:list', {}));

    expect(inSync.map((row) => [row.name, row.hasUnpushedChanges, row.sight.state])).toEqual([
      ['mx1', false, 'unknown'],
      ['mx2', false, 'unknown'],
    ]);
    expect(inSync[1]?.unreadable).toMatch(/gateways\/mx2\.yaml cannot be read\. Line 1/);
    expect(changed[0]?.hasUnpushedChanges).toBe(true);
  });

  it('calls a gateway that was in sync changed here as soon as something is saved', async () => {
    const app = await startHandlers();
    const { draft } = valueOf(await app.services.folder.loadDraft({ kind: 'gateway', name: 'mx1' }));
    const running = valueOf(await createConfigPlanner(app.services.folder).plan(draft)).revision;
    app.services.engine.refresh = () =>
      Promise.resolve(
        done({ state: 'in-sync', seenAt: '2026-11-24T00:00:01Z', status: statusOf(running), problem: null }),
      );
    const lastPush = { revision: running, at: '2026-11-24T00:00:00Z', by: 'ada', pushId: 'p' };
    valueOf(await app.services.folder.recordPush('mx1', lastPush));
    valueOf(await app.call('fleet:refresh', { name: 'mx1' }));

    const before = valueOf(await app.call('fleet:list', {}));
    valueOf(await saveDenyText(app, '192.0.2.1\n'));
    const after = valueOf(await app.call('fleet:list', {}));

    expect([before[0]?.sight.state, after[0]?.sight.state]).toEqual(['in-sync', 'changed-here']);
  });

  it('does not judge by a sight from before the last push', async () => {
    const app = await startHandlers();
    const { draft } = valueOf(await app.services.folder.loadDraft({ kind: 'gateway', name: 'mx1' }));
    const pushed = valueOf(await createConfigPlanner(app.services.folder).plan(draft)).revision;
    app.services.engine.refresh = () =>
      Promise.resolve(
        done({ state: 'changed-here', seenAt: '2026-11-24T00:00:00Z', status: statusOf(null), problem: null }),
      );
    valueOf(await app.call('fleet:refresh', { name: 'mx1' }));
    const lastPush = { revision: pushed, at: '2026-11-24T00:00:01Z', by: 'ada', pushId: 'p' };
    valueOf(await app.services.folder.recordPush('mx1', lastPush));

    const [row] = valueOf(await app.call('fleet:list', {}));

    expect(row?.sight.state).toBe('changed-here');
  });
});

function statusOf(revision: string | null): StatusReply {
  return {
    daemonAnswers: true,
    currentRevision: revision,
    runningRevision: revision,
    config: null,
    listeners: [],
    notices: [],
    connections: { now: 0, limit: null, peak: 0 },
    accepted: 0,
    refused: {},
    messages: { relayed: 0, refused: 0 },
    queue: null,
    certificate: null,
    pending: null,
    push: null,
    startedAt: null,
  };
}
