// Enrolment over a real sshd: this computer's own root, copied on write, is the bare host; the agent comes as a bundle.
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkHost } from '../../electron/enrol/check-host.ts';
import type { EnrolItem } from '../../gateway-agent/contract/enrolment.ts';
import { type BareHost, type BareHostOptions, startBareHost } from '../support/bare-host.ts';
import { asRoot, type EnrolmentDesk, makeEnrolKit, makeEnrolmentDesk, statesOf } from '../support/enrolment.ts';
import { findFreePort } from '../support/free-port.ts';
import { valueOf } from '../support/temporary-fleet.ts';

const hosts: BareHost[] = [];
let desk: EnrolmentDesk;

let bundle: string;

beforeAll(async () => {
  bundle = await makeEnrolKit();
});
beforeEach(async () => {
  desk = await makeEnrolmentDesk(bundle);
});
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.stop();
  await desk.close();
});
afterAll(() => rm(dirname(bundle), { recursive: true, force: true }));

/** The daemon writes its log whatever happens. */
function withoutEvents(snapshot: string[]): string[] {
  return snapshot.filter((line) => !line.startsWith('/var/lib/postern/events/'));
}

async function bareHost(options: Partial<BareHostOptions> = {}): Promise<BareHost> {
  const host = await startBareHost({ lower: '/', node: process.execPath, ...options });
  hosts.push(host);
  return host;
}

describe('checkHost', () => {
  it('says what would be done, and touches nothing', async () => {
    const host = await bareHost();
    const before = await host.snapshot();

    const report = valueOf(await checkHost(desk.services, { at: asRoot(host), smtpPort: await findFreePort() }));

    expect(report).toMatchObject({ isFit: true, isEnrolled: false });
    expect(report.items.find(({ id }) => id === 'agent')).toMatchObject({
      state: 'to-do',
      detail: expect.stringContaining('/usr/local/bin/node'),
    });
    expect(await host.snapshot()).toEqual(before);
  });
});

describe('enrolHost and unenrolHost', () => {
  it('make a gateway that runs its first configuration, change nothing the second time, and leave no trace', async () => {
    const host = await bareHost();
    const before = await host.snapshot();
    const smtpPort = await findFreePort();
    const seen: EnrolItem[] = [];

    const first = await desk.enrol(host, { smtpPort }, { onItem: (item) => seen.push(item) });

    expect(statesOf(first)).toMatchObject({
      users: 'done',
      folders: 'done',
      'management-key': 'done',
      service: 'done',
      configuration: 'done',
      proof: 'done',
    });
    expect(seen.filter(({ id }) => id === 'users').map(({ state }) => state)).toEqual(['doing', 'done']);
    expect(valueOf(await desk.fleet.engine.refresh('mx1'))).toMatchObject({
      state: 'in-sync',
      status: { listeners: [{ port: smtpPort }, {}] },
    });
    const enrolled = withoutEvents(await host.snapshot());

    const second = await desk.enrol(host, { smtpPort });

    expect(new Set(Object.values(statesOf(second)))).toEqual(new Set(['there', 'done']));
    expect(
      Object.entries(statesOf(second))
        .filter(([, state]) => state === 'done')
        .map(([id]) => id),
    ).toEqual(['proof']);
    expect(withoutEvents(await host.snapshot())).toEqual(enrolled);

    expect(statesOf(await desk.unenrol(host))).toMatchObject({ users: 'undone', folders: 'undone', agent: 'undone' });
    expect(await host.snapshot()).toEqual(before);
    expect(await desk.fleet.folder.load('mx1')).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    expect(await desk.fleet.vault.loadSecret('mx1', 'private-key')).toEqual({ ok: true, value: null });
  });
});
