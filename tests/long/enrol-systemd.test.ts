// Enrolment of a Debian that a real systemd runs: the hardened unit as it really starts, and what it may not do.
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDebianRoot } from '../support/debian-root.ts';
import { type EnrolmentDesk, makeEnrolKit, makeEnrolmentDesk, statesOf } from '../support/enrolment.ts';
import { findFreePort } from '../support/free-port.ts';
import { type SystemdHost, startSystemdHost } from '../support/systemd-host.ts';
import { valueOf } from '../support/temporary-fleet.ts';

const unit = 'postern-gateway-agent';
let bundle: string;
let desk: EnrolmentDesk;
let host: SystemdHost;

beforeAll(async () => {
  const root = await makeDebianRoot(['systemd-sysv', 'dbus']);
  bundle = await makeEnrolKit();
  desk = await makeEnrolmentDesk(bundle);
  host = await startSystemdHost(root, process.execPath);
}, 300_000);
afterAll(async () => {
  await host.stop();
  await desk.close();
  await rm(dirname(bundle), { recursive: true, force: true });
});

const mainPid = async (): Promise<string> => (await host.run(`systemctl show -p MainPID --value ${unit}`)).trim();

async function stateOf(): Promise<string> {
  const sight = await desk.fleet.engine.refresh('mx1');
  return sight.ok ? sight.value.state : sight.problem.code;
}

const patience = { timeout: 60_000, interval: 250 };

describe('a gateway that systemd runs', () => {
  it('is enrolled, and the unit is started, enabled and sound', async () => {
    const report = await desk.enrol(host, { smtpPort: await findFreePort() });

    expect(statesOf(report)).toMatchObject({ service: 'done', configuration: 'done', proof: 'done' });
    expect(await host.run(`systemctl is-active ${unit}; systemctl is-enabled ${unit}`)).toBe('active\nenabled\n');
    expect(await host.run(`systemd-analyze verify /etc/systemd/system/${unit}.service 2>&1`)).toBe('');
    const judged = await host.run(`systemd-analyze security --no-pager ${unit}`);
    expect(Number(/Overall exposure level for .*: ([\d.]+)/.exec(judged)?.[1])).toBeLessThanOrEqual(2);
  });

  it('has one capability, writes its queue and nothing else, and sees no other process and no home', async () => {
    const pid = await mainPid();
    const inside = (script: string) => host.run(`nsenter -t ${pid} -m sh -c '${script}' 2>&1`);

    const status = await host.run(`cat /proc/${pid}/status`);

    expect(status).toMatch(/^CapEff:\t0{13}400$/m); // CAP_NET_BIND_SERVICE
    expect(status).toMatch(/^CapBnd:\t0{13}400$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).toMatch(/^Seccomp:\t2$/m);
    for (const path of ['/etc/x', '/usr/x', '/var/lib/postern/releases/x', '/var/lib/postern/current']) {
      expect(await inside(`touch ${path} || true`)).toContain('Read-only file system');
    }
    expect(await inside('touch /var/lib/postern/queue/.x && rm /var/lib/postern/queue/.x')).toBe('');
    expect(await inside('ls -A /root')).toBe('');
  });

  it('comes back by itself when it is killed, and when the power was cut', async () => {
    const before = await mainPid();

    await host.run(`kill -KILL ${before}`);
    await expect.poll(stateOf, patience).toBe('in-sync');
    expect(await mainPid()).not.toBe(before);

    await host.reset();
    await expect.poll(stateOf, patience).toBe('in-sync');
  });

  it('leaves nothing of it when it is un-enrolled', async () => {
    valueOf(await desk.unenrol(host));

    const left = await host.run(
      `systemctl cat ${unit} 2>&1 || true; ls -d /var/lib/postern /usr/local/lib/postern 2>&1 || true`,
    );
    expect(left).toMatch(/No files found for postern-gateway-agent/);
    expect(left.match(/No such file or directory/g)).toHaveLength(2);
  });
});
