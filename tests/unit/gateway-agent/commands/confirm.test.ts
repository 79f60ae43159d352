import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../../../gateway-agent/commands/command-context.ts';
import { confirm } from '../../../../gateway-agent/commands/confirm.ts';
import { readConfirmed, readCurrent, readPending, writePending } from '../../../../gateway-agent/store/current.ts';
import { startFakeDaemon } from '../../../support/fake-daemon.ts';

const fine = '{"ok":true,"value":null}\n';
const request = {
  verb: 'confirm',
  protocol: 1,
  pushId: 'b2f3c1de-6f0a-4d58-9a53-0d4ff1c5a111',
  revision: 'a'.repeat(64),
} as const;
const pending = {
  revision: request.revision,
  pushId: request.pushId,
  author: 'anna',
  at: '2026-11-24T04:00:00.000Z',
  deadline: '2026-11-24T04:01:00.000Z',
};

let root: string;
let context: CommandContext;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-confirm-'));
  await mkdir(join(root, 'releases'));
  await writePending(root, pending);
  context = { root, author: 'anna', clientAddress: null, hostName: 'mx', agentVersion: '0', onStep: () => undefined };
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('confirm', () => {
  it('holds the timer, writes `current`, lets the daemon obey, and notes who it was', async () => {
    const asked = await startFakeDaemon(root, () => fine);

    expect(await confirm(context, request)).toEqual({ ok: true, value: { currentRevision: request.revision } });
    expect(asked).toEqual(['hold', 'obey']);
    expect(await readCurrent(root)).toBe(request.revision);
    expect(await readConfirmed(root)).toEqual(pending);
    expect(await readPending(root)).toBeNull();
  });

  it('writes nothing when the daemon does not hold', async () => {
    const refusal = '{"ok":false,"problem":{"code":"not-pending","message":"too late"}}\n';
    await startFakeDaemon(root, ({ ask }) => (ask === 'hold' ? refusal : null));

    expect(await confirm(context, request)).toMatchObject({ ok: false, problem: { code: 'not-pending' } });
    expect(await readCurrent(root)).toBeNull();
  });

  it('says that the release is confirmed when the daemon dies before it obeys', async () => {
    await startFakeDaemon(root, ({ ask }) => (ask === 'hold' ? fine : null));

    const confirmed = await confirm(context, request);

    expect(confirmed).toMatchObject({ ok: false, problem: { code: 'daemon-down' } });
    expect(JSON.stringify(confirmed)).toContain('is confirmed');
    expect(await readCurrent(root)).toBe(request.revision);
  });

  it('does not let the daemon obey what could not be written', async () => {
    const asked = await startFakeDaemon(root, () => fine);
    await mkdir(join(root, 'current')); // rename cannot replace a folder

    expect(await confirm(context, request)).toMatchObject({ ok: false, problem: { code: 'storage-failed' } });
    expect(asked).toEqual(['hold']);
  });
});
