// Enrolment of a clean Debian without Node, with the one-file agent: twice over and taken back; by a sudo user; stopped
// in the middle in five ways; with mail that waits. After each of them the host is as it was.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkHost } from '../../electron/enrol/check-host.ts';
import { enrolHost } from '../../electron/enrol/enrol-host.ts';
import { GatewayRecord } from '../../gateway-agent/contract/fleet.ts';
import { failed } from '../../gateway-agent/contract/outcome.ts';
import { type BareHost, type BareHostOptions, startBareHost } from '../support/bare-host.ts';
import { makeDebianRoot } from '../support/debian-root.ts';
import { asRoot, type EnrolmentDesk, makeEnrolKit, makeEnrolmentDesk, statesOf } from '../support/enrolment.ts';
import { fakeSystemd } from '../support/fake-systemd.ts';
import { sendOneMail } from '../support/send-one-mail.ts';
import { findFreePort } from '../support/free-port.ts';
import { valueOf } from '../support/temporary-fleet.ts';

const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const hosts: BareHost[] = [];
let lower: string;
let bundle: string;
let desk: EnrolmentDesk;
let smtpPort: number;

beforeAll(async () => {
  lower = await makeDebianRoot();
  bundle = await makeEnrolKit();
  await promisify(execFile)(process.execPath, [inProject('build/scripts/build-agent-executable.ts'), bundle]);
}, 240_000);
beforeEach(async () => {
  desk = await makeEnrolmentDesk(bundle);
  smtpPort = await findFreePort();
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

async function debian(options: Partial<BareHostOptions> = {}): Promise<BareHost> {
  const host = await startBareHost({ lower, ...options });
  hosts.push(host);
  return host;
}

/** Stands before the real one in the PATH, for this one user. */
const failingUseradd = `cat > /usr/local/sbin/useradd <<'END'
#!/bin/sh
case $* in *postern-deploy*) echo 'useradd: cannot lock /etc/passwd; try again later.' >&2; exit 1 ;; esac
exec /usr/sbin/useradd "$@"
END
chmod 755 /usr/local/sbin/useradd`;

describe('a clean Debian', () => {
  it('becomes a gateway within a minute, stays as it is the second time, and is as before after un-enrolment', async () => {
    const host = await debian();
    const before = await host.snapshot();
    const started = performance.now();

    const first = await desk.enrol(host, { smtpPort });

    const seconds = (performance.now() - started) / 1000;
    expect(statesOf(first)).toMatchObject({
      agent: 'done',
      users: 'done',
      service: 'done',
      configuration: 'done',
      proof: 'done',
    });
    expect(seconds).toBeLessThan(60);
    expect(valueOf(await desk.fleet.engine.refresh('mx1')).state).toBe('in-sync');
    const enrolled = withoutEvents(await host.snapshot());

    expect(statesOf(await desk.enrol(host, { smtpPort }))).toMatchObject({
      agent: 'there',
      users: 'there',
      service: 'there',
      configuration: 'there',
    });
    expect(withoutEvents(await host.snapshot())).toEqual(enrolled);

    expect(statesOf(await desk.unenrol(host))).toMatchObject({
      agent: 'undone',
      users: 'undone',
      folders: 'undone',
      service: 'undone',
    });
    expect(await host.snapshot()).toEqual(before);
  });

  it('says how the daemon starts where there is no systemd', async () => {
    const host = await debian();

    const { items } = valueOf(await checkHost(desk.services, { at: asRoot(host), smtpPort }));

    expect(items.find(({ id }) => id === 'service')?.detail).toContain('/usr/local/lib/postern/run-daemon');
    expect(items.find(({ id }) => id === 'agent')?.detail).toContain('one file with its own Node');
  });

  it('gets the unit, enabled and started, where systemd runs it', async () => {
    const host = await debian({ prepare: fakeSystemd });
    const before = await host.snapshot();

    const report = await desk.enrol(host, { smtpPort });

    expect(statesOf(report)).toMatchObject({ service: 'done', proof: 'done' });
    expect(await host.run('cat /etc/systemd/system/postern-gateway-agent.service')).toContain('ProtectSystem=strict');
    expect(await host.run('cat /run/fake-systemd/calls')).toMatch(/daemon-reload[^]*enable[^]*restart/);
    expect(statesOf(await desk.enrol(host, { smtpPort }))).toMatchObject({ service: 'there' });
    await desk.unenrol(host);
    await host.run('rm -f /run/fake-systemd/calls');
    expect(await host.snapshot()).toEqual(before);
  });
});

describe('sign-in as a sudo user', () => {
  const prepare = `useradd --create-home --shell /bin/bash ada
echo 'ada:two words' | chpasswd
echo 'ada ALL=(ALL) ALL' > /etc/sudoers.d/ada && chmod 440 /etc/sudoers.d/ada`;

  it('enrols with the password on stdin, and never shows it in a command line', async () => {
    const host = await debian({ prepare });
    const at = { ...asRoot(host), user: 'ada', signIn: { kind: 'password' as const }, secret: 'two words' };
    const seen: string[] = [];
    const onItem = () => void host.run('ps axww -o args').then((text) => seen.push(text));

    const report = await desk.enrol(host, { at, smtpPort }, { onItem });

    expect(statesOf(report)).toMatchObject({ users: 'done', proof: 'done' });
    expect(seen.join('\n')).toContain('sudo -S');
    expect(seen.join('\n')).not.toContain('two words');
    valueOf(await desk.unenrol(host));
  });

  it('says so when sudo does not take the password', async () => {
    const host = await debian({ prepare });
    const at = {
      ...asRoot(host),
      user: 'ada',
      signIn: { kind: 'password' as const },
      secret: 'two words',
      sudoPassword: 'wrong',
    };

    const report = await checkHost(desk.services, { at, smtpPort });

    expect(report).toMatchObject({ ok: false, problem: { code: 'sign-in-failed' } });
  });
});

describe('a run that fails in the middle', () => {
  async function expectUndone(host: BareHost, before: string[]): Promise<void> {
    expect(await host.snapshot()).toEqual(before);
    expect(await desk.fleet.folder.load('mx1')).toMatchObject({ ok: false, problem: { code: 'not-found' } });
    expect(await desk.fleet.vault.loadSecret('mx1', 'private-key')).toEqual({ ok: true, value: null });
  }

  it('is undone when a user cannot be made', async () => {
    const host = await debian({ prepare: failingUseradd });
    const before = await host.snapshot();

    const report = await desk.enrol(host, { smtpPort });

    expect(report).toMatchObject({
      ok: false,
      problem: { code: 'host-unfit', message: expect.stringContaining('cannot lock /etc/passwd') },
    });
    await expectUndone(host, before);
  });

  it('does not begin when the disk is full', async () => {
    const host = await debian({ megabytes: 400, prepare: 'head -c 300M /dev/zero > /var/ballast' });
    const before = await host.snapshot();

    const report = await desk.enrol(host, { smtpPort });

    expect(report).toMatchObject({
      ok: false,
      problem: { code: 'host-unfit', message: expect.stringContaining('MB free') },
    });
    await expectUndone(host, before);
  });

  it('is undone when the disk fills up on the way', async () => {
    const host = await debian({ megabytes: 420 });
    const before = await host.snapshot();
    let isFilled = false;
    const onItem = async () => {
      if (isFilled) return;
      isFilled = true;
      await host.run('head -c 390M /dev/zero > /var/ballast || true');
    };

    const report = await desk.enrol(host, { smtpPort }, { onItem: () => void onItem() });

    await host.run('rm -f /var/ballast');
    expect(report).toMatchObject({ ok: false, problem: { code: 'host-unfit' } });
    await expectUndone(host, before);
  });

  it('is undone when it is cancelled while the agent is on its way', async () => {
    const host = await debian();
    const before = await host.snapshot();
    const controller = new AbortController();

    const report = await desk.enrol(
      host,
      { smtpPort },
      {
        signal: controller.signal,
        onItem: ({ id, detail }) => {
          if (id === 'agent' && detail?.includes('on the way')) setTimeout(() => controller.abort(), 50);
        },
      },
    );

    expect(report).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    await expectUndone(host, before);
  });

  it('is undone when the gateway refuses the first push', async () => {
    const host = await debian();
    const before = await host.snapshot();
    const problem = { code: 'config-rejected' as const, message: 'Refused for a test.' };
    const engine = {
      ...desk.services.engine,
      push: async () => [{ result: { kind: 'refused' as const, problem, findings: [] } }],
    };

    const report = await enrolHost(
      { ...desk.services, engine },
      { runId: crypto.randomUUID(), at: asRoot(host), name: 'mx1', group: null, smtpPort },
    );

    expect(report).toEqual(failed('config-rejected', 'Refused for a test.'));
    await expectUndone(host, before);
  });
});

describe('un-enrolment', () => {
  it('refuses while mail waits, goes on taking mail, and obeys when the mail is given up', async () => {
    const host = await debian();
    const before = await host.snapshot();
    valueOf(await desk.enrol(host, { smtpPort }));
    await setClosedNextHop();
    await sendOneMail(smtpPort);

    const refused = await desk.unenrol(host);

    expect(refused).toMatchObject({
      ok: false,
      problem: { code: 'mail-waits', message: expect.stringContaining('One message waits') },
    });
    await sendOneMail(smtpPort);
    expect(await desk.unenrol(host)).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining('2 messages wait') },
    });

    valueOf(await desk.unenrol(host, true));
    expect(await host.snapshot()).toEqual(before);
  });
});

/** Mail then waits: nothing listens there. */
async function setClosedNextHop(): Promise<void> {
  const { folder, engine } = desk.fleet;
  const record = valueOf(await folder.load('mx1'));
  const settings = { ...record.settings, messageDelivery: { nextHop: { host: '127.0.0.1', port: 1 } } };
  valueOf(await folder.save('mx1', GatewayRecord.parse({ ...record, settings }), 'A next hop that is closed'));
  const [pushed] = await engine.push(['mx1']);
  if (pushed?.result.kind !== 'applied') throw new Error(JSON.stringify(pushed));
}
