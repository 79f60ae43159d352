// Credentials and jump hosts in the window, used by a gateway behind a real jump host.
import { expect, test, type Locator } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { lookAtScreen } from '../support/look-at-screen.ts';
import { goTo } from '../support/screens.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';
import { startSshdHop, type SshdHop } from '../support/sshd-hop.ts';

let app: DesktopApp;
let gateway: SshdGateway;
let hop: SshdHop;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  [gateway, hop, app] = await Promise.all([
    startSshdGateway(),
    startSshdHop(),
    startDesktopApp({ size: { width: 1280, height: 800 } }),
  ]);
});
test.afterAll(async () => {
  await app.close();
  await Promise.all([gateway.stop(), hop.stop()]);
});

/** Its first cell is the name. */
function row(name: string): Locator {
  return app.window.getByRole('row', { name: new RegExp(`^${name} `) });
}

function fleetRow(name: string): Locator {
  return app.window.getByRole('row').filter({ hasText: name });
}

async function useKeyFile(dialog: Locator, file: string): Promise<void> {
  await dialog.getByRole('radio', { name: 'Private key file' }).check();
  await dialog.getByLabel('Key file', { exact: true }).fill(file);
}

/** Picks from a list that opens above everything else. */
async function pick(field: Locator, option: string): Promise<void> {
  await field.press('ArrowDown');
  await app.window.getByRole('option', { name: option, exact: true }).click();
  await app.window.keyboard.press('Tab'); // a list of many stays open
}

test('a credential is added, and its secret is shown only as stored', async () => {
  const { window } = app;
  await window.getByRole('link', { name: 'Sign-in, jump hosts' }).click();
  await expect(window.getByText('No credential yet')).toBeVisible();
  await window.getByRole('button', { name: 'Add a credential' }).click();
  const dialog = window.getByRole('dialog', { name: 'Add a credential' });
  await expect(dialog.getByLabel('Name', { exact: true })).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(dialog.getByText('Type a name.')).toBeVisible();
  await dialog.getByLabel('Name', { exact: true }).fill('deploy-key');
  await useKeyFile(dialog, gateway.clientKeyFile);
  await lookAtScreen(app, 'credential');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(row('deploy-key')).toContainText('no passphrase');

  await row('deploy-key').getByRole('button', { name: 'Edit' }).click();
  await window.getByLabel('Passphrase', { exact: true }).fill('not needed, but stored');
  await window.getByRole('button', { name: 'Save' }).click();
  await expect(row('deploy-key')).toContainText('passphrase stored');
});

test('a jump host is trusted by its fingerprint before anything signs in there', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Add a jump host' }).click();
  const dialog = window.getByRole('dialog', { name: 'Add a jump host' });
  await dialog.getByLabel('Name', { exact: true }).fill('bastion');
  await dialog.getByLabel('Host', { exact: true }).fill(hop.host);
  await dialog.getByLabel('SSH port').fill(String(hop.port));
  await dialog.getByLabel('User', { exact: true }).fill(hop.user);
  await useKeyFile(dialog, hop.clientKeyFile);
  await dialog.getByRole('button', { name: 'Read its host key' }).click();
  const question = dialog.getByRole('group', { name: 'Host key shown now' });
  await expect(question.getByText(hop.hostKey.fingerprint, { exact: true })).toBeVisible();
  expect(hop.acceptedSignIns()).toBe(0);
  await lookAtScreen(app, 'jump-host');
  await question.getByRole('button', { name: 'It is the same: trust it' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();

  await expect(row('bastion')).toContainText(hop.hostKey.fingerprint);
});

test('a gateway is added with the credential, by way of the jump host', async () => {
  const { window } = app;
  await goTo(window, '/add');
  await window.getByLabel('Name', { exact: true }).fill('mx1');
  await window.getByLabel('Host', { exact: true }).fill(gateway.host);
  await window.getByLabel('SSH port').fill(String(gateway.port));
  await pick(window.getByLabel('By way of'), 'bastion');
  await pick(window.getByLabel('Credential'), 'deploy-key');
  await expect(window.getByText('Signs in as postern-deploy.')).toBeVisible();
  await lookAtScreen(app, 'add-by-way-of');
  await window.getByRole('button', { name: 'Read its host key' }).click();
  await expect(window.getByText(gateway.hostKey.fingerprint, { exact: true })).toBeVisible();
  await window.getByRole('button', { name: 'It is the same: trust it and sign in' }).click();

  await expect(window.getByRole('heading', { name: 'mx1', level: 1 })).toBeVisible();
  expect(hop.acceptedSignIns()).toBeGreaterThan(0);
});

test('what is used is not removed, and its users are named', async () => {
  const { window } = app;
  await goTo(window, '/sign-in');
  for (const name of ['deploy-key', 'bastion']) await expect(row(name)).toContainText('mx1');
  await lookAtScreen(app, 'sign-in');
  await row('bastion').getByRole('button', { name: 'Remove' }).click();

  await expect(window.getByText('The jump host bastion is used by mx1.')).toBeVisible();
  await window.keyboard.press('Escape');
});

test('a way that fails is told by its hop', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Add a jump host' }).click();
  const dialog = window.getByRole('dialog', { name: 'Add a jump host' });
  await dialog.getByLabel('Name', { exact: true }).fill('inner');
  await dialog.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await dialog.getByLabel('SSH port').fill(String(hop.port));
  await pick(dialog.getByLabel('Credential'), 'deploy-key');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(row('inner')).toContainText('Not trusted yet');

  await goTo(window, '/');
  await fleetRow('mx1').click({ button: 'right' });
  await window.getByRole('menuitem', { name: 'Edit SSH connection…' }).click();
  const connection = window.getByRole('dialog', { name: 'SSH connection of mx1' });
  await pick(connection.getByLabel('By way of'), 'inner');
  await expect(connection.getByText('This computer, then bastion, then inner, then the host.')).toBeVisible();
  await lookAtScreen(app, 'edit-by-way-of');
  await connection.getByRole('button', { name: 'Save' }).click();

  await expect(fleetRow('mx1')).toContainText('Unreachable');
  await goTo(window, '/gateways/mx1/connections');
  await expect(window.getByRole('alert').filter({ hasText: 'inner' }).first()).toBeVisible();
  await lookAtScreen(app, 'hop-fails');
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
