// Hosts of ~/.ssh/config in the window: picked, imported into a group, the unknown host key compared, against real
// OpenSSH gateways, one of them behind a jump host.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { lookAtScreen } from '../support/look-at-screen.ts';
import { callApp, goTo } from '../support/screens.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';
import { startSshdHop, type SshdHop } from '../support/sshd-hop.ts';

let app: DesktopApp;
let gateway: SshdGateway;
let hop: SshdHop;
let userHome: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  [gateway, hop] = await Promise.all([startSshdGateway(), startSshdHop()]);
  userHome = await mkdtemp(join(tmpdir(), 'postern-user-'));
  await mkdir(join(userHome, '.ssh'), { mode: 0o700 });
  const { port, hostKey, clientKeyFile } = gateway;
  const known = `[127.0.0.1]:${port} ${hostKey.type} ${hostKey.key}\n`;
  const knownHop = `[127.0.0.1]:${hop.port} ${hop.hostKey.type} ${hop.hostKey.key}\n`;
  await writeFile(join(userHome, '.ssh/known_hosts'), known + knownHop);
  await writeFile(join(userHome, '.ssh/nobody'), knownHop);
  const config = [
    `Host edge-known edge-new\n  HostName 127.0.0.1\n  Port ${port}\n  IdentityFile ${clientKeyFile}`,
    `Host edge-new\n  UserKnownHostsFile ${join(userHome, '.ssh/nobody')}\n  ProxyJump bastion`,
    `Host bastion\n  HostName 127.0.0.1\n  Port ${hop.port}\n  User ${hop.user}\n  IdentityFile ${hop.clientKeyFile}`,
    'Host odd\n  ProxyCommand nc %h %p',
    'Host *.example.net\n  User postern-deploy',
  ];
  await writeFile(join(userHome, '.ssh/config'), `${config.join('\n')}\n`);
  app = await startDesktopApp({ size: { width: 1280, height: 800 }, userHome });
  await callApp(app.window, 'groups:add', { name: 'edge', parent: null });
});
test.afterAll(async () => {
  await app.close();
  await Promise.all([gateway.stop(), hop.stop()]);
  await rm(userHome, { recursive: true });
});

test('the hosts are listed with what stands in the way of each', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Import from ~/.ssh/config' }).click();

  const row = (alias: string) => window.getByRole('row').filter({ hasText: alias });
  await expect(row('odd')).toContainText('ProxyCommand');
  await expect(row('odd').getByRole('checkbox')).toBeDisabled();
  await expect(row('edge-new')).toContainText('bastion');
  await expect(row('example.net')).toHaveCount(0);
  await expect(window.getByText('4 hosts', { exact: true })).toBeVisible();
});

test('a search and keys pick what goes into a group', async () => {
  const { window } = app;
  await window.keyboard.press('/');
  await window.keyboard.type('edge');
  await expect(window.getByText('2 of 4 hosts')).toBeVisible();
  await window.getByRole('grid').focus();
  await window.keyboard.press('Control+a');
  await window.getByRole('combobox', { name: 'Group' }).click();
  await window.getByRole('option', { name: 'edge' }).click();
  await lookAtScreen(app, 'import-ssh');
  await window.getByRole('button', { name: 'Import 2 gateways' }).click();

  await expect(window.getByRole('heading', { name: '2 gateways imported' })).toBeVisible();
  const keys = window.getByRole('list', { name: 'Host keys to compare' }).getByRole('listitem');
  await expect(keys).toHaveCount(1);
  await expect(keys).toContainText('edge-new');
  expect(await readFile(join(app.home, 'Postern/fleet/gateways/edge-known.yaml'), 'utf8')).toContain('group: edge');
});

test('an unknown host key is read through the jump host, compared and trusted', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Verify edge-new now' }).click();
  const dialog = window.getByRole('dialog', { name: 'Host key of edge-new' });
  await expect(dialog.getByText(gateway.hostKey.fingerprint, { exact: true })).toBeVisible();
  expect(hop.acceptedSignIns()).toBeGreaterThan(0);
  await lookAtScreen(app, 'import-ssh-verify');
  await dialog.getByRole('button', { name: 'It is the same: trust it' }).click();

  await expect(window.getByText('All of them are trusted.')).toBeVisible();
  await lookAtScreen(app, 'import-ssh-done');
  await goTo(window, '/groups/edge');
  for (const name of ['edge-known', 'edge-new']) {
    await expect(window.getByRole('row').filter({ hasText: name })).not.toContainText('Unreachable');
  }
});

test('what is in the fleet already cannot be imported again', async () => {
  const { window } = app;
  await window.keyboard.press('Control+k');
  await window.keyboard.type('ssh/config');
  await window.keyboard.press('Enter');

  await expect(window.getByRole('row').filter({ hasText: 'edge-known' })).toContainText('In the fleet already');
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
