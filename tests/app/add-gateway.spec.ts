// A real gateway: OpenSSH, the restricted key, the daemon as its own user. First contact, push, and a changed host key.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { findFreePort } from '../support/free-port.ts';
import {
  addGateway,
  closeDrawer,
  drawer,
  expectState,
  fillWhereStep,
  goTo,
  listenOn,
  push,
  pushDraft,
  partOf,
  review,
  type NewGateway,
  expectProved,
} from '../support/screens.ts';
import { lookAtSmtp } from '../support/smtp-look.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';

const name = 'mx1.example.net';
let app: DesktopApp;
let gateway: SshdGateway;
let known: NewGateway;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  gateway = await startSshdGateway();
  known = { name, port: gateway.port, user: gateway.user, keyFile: gateway.clientKeyFile };
  app = await startDesktopApp();
});
test.afterAll(async () => {
  await app.close();
  await gateway.stop();
});

test('an empty form says field by field what is missing', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Add a gateway' }).click();
  await window.getByRole('button', { name: 'Read its host key' }).click();

  await expect(window.getByText('Type a name.')).toBeVisible();
  await expect(window.getByText('Type a host name or an IP address.')).toBeVisible();
});

test('a host that does not answer is named with its port', async () => {
  const { window } = app;
  const port = await findFreePort();
  await window.getByLabel('Name', { exact: true }).fill(name);
  await window.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await window.getByLabel('SSH port').fill(String(port));
  await window.getByRole('button', { name: 'Read its host key' }).click();

  const alert = window.getByRole('alert').filter({ hasText: 'No host key was read' });
  await expect(alert).toContainText('127.0.0.1');
  await expect(alert).toContainText(String(port));
});

test('a wrong password is refused in clear words and adds nothing', async () => {
  const { window } = app;
  await window.getByLabel('SSH port').fill(String(gateway.port));
  await window.getByLabel('User', { exact: true }).fill(gateway.user);
  await window.getByRole('radio', { name: 'Password' }).check();
  await window.getByLabel('Password', { exact: true }).last().fill('not the password');
  await window.getByRole('button', { name: 'Read its host key' }).click();
  await window.getByRole('button', { name: 'It is the same: trust it and sign in' }).click();

  const alert = window.getByRole('alert').filter({ hasText: 'Not added' });
  await expect(alert).toContainText(/password/i);
  await goTo(window, '/');
  await expect(window.getByRole('heading', { name: 'No gateway yet' })).toBeVisible();
});

test('first contact shows the fingerprint that ssh-keygen prints, before anything signs in', async () => {
  const { window } = app;
  const before = gateway.acceptedSignIns();
  await fillWhereStep(window, known);

  const printed = execFileSync('ssh-keygen', ['-lf', join(gateway.folder, 'host_key.pub')], { encoding: 'utf8' });
  const fingerprint = /SHA256:\S+/.exec(printed)?.[0] ?? 'none';
  await expect(window.getByText(fingerprint, { exact: true })).toBeVisible();
  expect(gateway.acceptedSignIns()).toBe(before);
});

test('the trusted gateway is added, pushed to, and proved from here', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'It is the same: trust it and sign in' }).click();
  await expect(window.getByRole('heading', { name, level: 1 })).toBeVisible();
  await expect(window.getByText(`${name} is added: agent`)).toBeVisible();
  await listenOn(window, gateway.smtpPort);

  await review(window);
  await push(window, name);

  await expect(
    drawer(window).getByText(`Proved from this computer: 127.0.0.1 port ${gateway.smtpPort}.`),
  ).toBeVisible();
  await closeDrawer(window);
  await expectState(window, 'In sync');
  expect((await lookAtSmtp(gateway.smtpPort)).banner).toMatch(/^220 /);
});

test('a stopped daemon is told apart from an unreachable machine, with the next step', async () => {
  const { window } = app;
  await gateway.killDaemon();
  await window.getByLabel('Disconnect after').fill('6');
  const open = await review(window);

  await expect(open.getByText('The gateway’s daemon is not running, so nobody could try the port.')).toBeVisible();
  await expect(open.getByText(/^Start it on the gateway \(systemctl start /)).toBeVisible();
  await expect(open.getByRole('button', { name: /^Push to/ })).toBeDisabled();
  await open.getByRole('button', { name: 'Cancel' }).click();
  await gateway.startDaemon();
  await pushDraft(window, name);
});

test('a changed host key stops the push and shows both fingerprints', async () => {
  const { window } = app;
  const old = gateway.hostKey.fingerprint;
  const { fingerprint } = await gateway.changeHostKey();
  const before = gateway.acceptedSignIns();
  await window.getByLabel('Disconnect after').fill('8');
  await review(window);
  await push(window, name);

  await expect(partOf(window, name).getByText(`${name} shows another host key`)).toBeVisible();
  expect(gateway.acceptedSignIns()).toBe(before);
  await drawer(window).getByRole('button', { name: 'Compare host keys…' }).click();
  const dialog = window.getByRole('dialog', { name: `Host key of ${name}` });
  await expect(dialog.getByText(old, { exact: true })).toBeVisible();
  await expect(dialog.getByText(fingerprint, { exact: true })).toBeVisible();
});

test('the new key is trusted only deliberately, and then the push goes on', async () => {
  const { window } = app;
  const dialog = window.getByRole('dialog', { name: `Host key of ${name}` });
  const trust = dialog.getByRole('button', { name: 'Trust the new key' });
  await expect(trust).toBeDisabled();
  await dialog.getByLabel(/to trust the new key$/).fill(name);
  await trust.click();
  await expect(dialog).toBeHidden();

  await drawer(window).getByRole('button', { name: 'Retry' }).click();

  await expectProved(window, name);
  await closeDrawer(window);
  await expectState(window, 'In sync');
});

test('two gateways are reviewed as one where they change alike, and pushed at once', async () => {
  const { window } = app;
  const second = await startSshdGateway();
  try {
    const other = 'mx2.example.net';
    await addGateway(window, { name: other, port: second.port, user: second.user, keyFile: second.clientKeyFile });
    await listenOn(window, second.smtpPort);
    await window.getByLabel('Disconnect after').fill('8');
    await pushDraft(window, other);
    for (const each of [name, other]) {
      await goTo(window, `/gateways/${each}/connections`);
      await expect(window.getByRole('heading', { name: each, level: 1 })).toBeVisible();
      await window.getByLabel('Disconnect after').fill('12');
      await (await review(window)).getByRole('button', { name: 'Only save' }).click();
      await expectState(window, 'Changed here');
    }

    await goTo(window, '/');
    await window.getByRole('button', { name: 'Review and push 2 with saved changes' }).click();
    const fold = window.getByRole('region', { name: `${name}, ${other} (2 gateways)` });
    await expect(fold).toContainText(/8 minutes[^1]*12 minutes/);
    await window.getByRole('button', { name: 'Start: push to 2' }).click();
    await expect(window.getByRole('button', { name: 'Start: push to 2' })).toHaveCount(0);

    await goTo(window, '/');
    await expect(window.getByRole('row').filter({ hasText: 'In sync' })).toHaveCount(2, { timeout: 30_000 });
  } finally {
    await second.stop();
  }
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
