// A bare host from the window: looked at, enrolled, stopped in the middle, taken apart. The host is this computer's own
// root, copied on write, behind a real OpenSSH.
import { expect, test, type Locator } from '@playwright/test';
import { type BareHost, startBareHost } from '../support/bare-host.ts';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { findFreePort } from '../support/free-port.ts';
import { lookAtScreen } from '../support/look-at-screen.ts';
import { expectState, goTo, openTab, pushDraft } from '../support/screens.ts';
import { sendOneMail } from '../support/send-one-mail.ts';

let app: DesktopApp;
let host: BareHost;
let before: string[];
let smtpPort: number;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  host = await startBareHost({ lower: '/', node: process.execPath });
  before = await host.snapshot();
  smtpPort = await findFreePort();
  app = await startDesktopApp({ size: { width: 1280, height: 800 } });
});
test.afterAll(async () => {
  await app.close();
  await host.stop();
});

const giveUp = (): Locator => app.window.getByRole('button', { name: 'Give the mail up and remove everything' });

async function confirmRemoval(): Promise<void> {
  await app.window.getByLabel('To confirm').fill('mx1');
  await app.window.getByRole('button', { name: 'Un-enrol mx1' }).click();
}

async function signInWithRootKey(): Promise<void> {
  const { window } = app;
  await window.getByRole('radio', { name: 'Private key file' }).check();
  await window.getByLabel('Key file', { exact: true }).fill(host.rootKeyFile);
}

test('an empty form says field by field what is missing', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Add a gateway' }).click();
  await window.getByRole('button', { name: 'Enrol a bare host' }).click();
  await window.getByRole('radio', { name: 'Password' }).check();
  await window.getByRole('button', { name: 'Read its host key' }).click();

  await expect(window.getByText('Type a host name or an IP address.')).toBeVisible();
  await expect(window.getByText('Type a name.')).toBeVisible();
  await expect(window.getByText('Type the password.')).toBeVisible();
  await lookAtScreen(app, 'enrol-form');
});

test('the host key is asked for before anything signs in', async () => {
  const { window } = app;
  await window.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await window.getByLabel('SSH port').fill(String(host.port));
  await signInWithRootKey();
  await window.getByLabel('Name', { exact: true }).fill('mx1');
  await window.getByLabel('SMTP port').fill(String(smtpPort));
  await window.keyboard.press('Enter');

  await expect(window.getByText(host.hostKey.fingerprint, { exact: true })).toBeVisible();
  await window.keyboard.press('Enter'); // once too often: it must not trust
  expect(host.sshdLog()).not.toContain('Accepted');
  await lookAtScreen(app, 'enrol-host-key');
});

test('the look says what will be done, and touches nothing', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'It is the same: sign in and look' }).click();

  const items = window.getByRole('list', { name: 'What will be done' });
  await expect(items.getByRole('listitem').filter({ hasText: 'Will be done' })).toHaveCount(6);
  await expect(items).toContainText('run by /usr/local/bin/node');
  await expect(window.getByRole('button', { name: 'Enrol as mx1' })).toBeFocused();
  expect(await host.snapshot()).toEqual(before);
  await lookAtScreen(app, 'enrol-report');
});

test('a run that is stopped leaves the host as it was', async () => {
  const { window } = app;
  await window.keyboard.press('Enter');
  await window.getByRole('list', { name: 'Progress' }).getByText('Under way').first().waitFor();
  await window.getByRole('button', { name: 'Cancel' }).click();

  await expect(window.getByRole('alert').filter({ hasText: 'Stopped while working on 127.0.0.1.' })).toBeVisible({
    timeout: 45_000,
  });
  await lookAtScreen(app, 'enrol-stopped');
  expect(await host.snapshot()).toEqual(before);
});

test('the run ends with a gateway of the fleet that is in sync', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Look at it again' }).click();
  await window.getByRole('button', { name: 'Enrol as mx1' }).click();

  await window.getByText('mx1 is a gateway of the fleet, and proved it.').waitFor({ timeout: 45_000 });
  await expect(window.getByRole('list', { name: 'Progress' })).toContainText('gateway-agent');
  await lookAtScreen(app, 'enrol-done');
  await window.keyboard.press('Enter'); // Open mx1
  await expectState(window, 'In sync');
});

test('un-enrolment shows what goes and that mail waits, asks for the name, and removes nothing then', async () => {
  const { window } = app;
  await openTab(window, 'Message Delivery');
  await window.getByRole('radio', { name: 'One server, the next hop' }).check();
  await window.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await window.getByRole('textbox', { name: 'Port', exact: true }).fill('1'); // nothing listens there
  await pushDraft(window, 'mx1');
  await sendOneMail(smtpPort);
  await goTo(window, '/');
  await window.getByRole('row').filter({ hasText: 'mx1' }).click({ button: 'right' });
  await window.getByRole('menuitem', { name: 'Un-enrol…' }).click();
  await signInWithRootKey();
  await window.getByRole('button', { name: 'Sign in and look' }).click();
  const items = window.getByRole('list', { name: 'What will be removed' });
  await expect(items.getByRole('listitem').filter({ hasText: 'Will be removed' })).toHaveCount(6);
  await expect(window.getByRole('alert')).toContainText('One message waits in its queue.');
  await expect(window.getByRole('button', { name: 'Un-enrol mx1' })).toBeDisabled();
  await lookAtScreen(app, 'unenrol');
  await confirmRemoval();

  await expect(window.getByRole('alert')).toContainText('One message waits on 127.0.0.1.', { timeout: 45_000 });
  await expect(giveUp()).toBeDisabled();
  await lookAtScreen(app, 'unenrol-mail');
  await sendOneMail(smtpPort); // it takes mail as before
});

test('where nobody can say whether mail waits, it says so; mail that is given up goes with all the rest', async () => {
  const { window } = app;
  await host.run('kill $(cat /run/postern-gateway-agent.pid)');
  await window.getByRole('button', { name: 'Back', exact: true }).click();
  await expect(window.getByRole('alert')).toContainText('Whether mail waits there is unknown');
  await window.screenshot({ path: 'test-results/pictures/unenrol-unknown-light.png' });
  await confirmRemoval();
  await expect(window.getByRole('alert')).toContainText('Nobody can say whether mail waits on 127.0.0.1');
  await window.getByRole('checkbox', { name: 'The mail that waits there is lost for ever' }).check();
  await giveUp().click();

  await window.getByText(/^All that enrolment made is removed from 127\.0\.0\.1/).waitFor({ timeout: 45_000 });
  await lookAtScreen(app, 'unenrol-done');
  expect(await host.snapshot()).toEqual(before);
  await window.keyboard.press('Enter'); // To the fleet
  await expect(window.getByRole('heading', { name: 'No gateway yet' })).toBeVisible();
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
