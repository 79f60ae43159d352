// A start without a session bus: there is no keychain, the app says so and asks; it never falls back silently.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { everythingIn } from '../support/everything-in.ts';
import { makePemPair, type PemPair } from '../support/pem-files.ts';
import { startLocalGateway, upload } from '../support/screens.ts';

const passphrase = 'nine quiet lanterns';
let folder: string;
let pair: PemPair;
let app: DesktopApp;

test.describe.configure({ mode: 'serial' });

const start = () => startDesktopApp({ home: join(folder, 'home'), withoutKeychain: true });

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-no-keychain-'));
  pair = await makePemPair(folder, 'x');
  app = await start();
});
test.afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

test('the first start says that no keychain can be used, and asks for a passphrase', async () => {
  const { window } = app;
  await expect(
    window.getByRole('status').filter({ hasText: 'keychain of this computer cannot be used' }),
  ).toBeVisible();

  await window.getByRole('button', { name: 'Choose a passphrase…' }).click();
  const dialog = window.getByRole('dialog', { name: 'Choose a passphrase for secrets' });
  await dialog.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await dialog.getByLabel('Passphrase again').fill('another');
  await expect(dialog.getByText('The two are not the same.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Use this passphrase' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

test('a private key is not stored before there is a passphrase', async () => {
  const { window } = app;
  await startLocalGateway(window);

  await upload(app, 'Private key', join(folder, 'key.pem'));

  await expect(window.getByRole('alert').filter({ hasText: /passphrase|keychain/ })).toBeVisible();
  await expect(window.getByText('EC P-256')).toHaveCount(0);
});

test('with a passphrase the key is stored, encrypted', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Choose a passphrase…' }).click();
  const dialog = window.getByRole('dialog', { name: 'Choose a passphrase for secrets' });
  await dialog.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await dialog.getByLabel('Passphrase again').fill(passphrase);
  await dialog.getByRole('button', { name: 'Use this passphrase' }).click();
  await expect(dialog).toBeHidden();
  await expect(window.getByRole('button', { name: 'Choose a passphrase…' })).toHaveCount(0);

  await window.getByRole('button', { name: 'Upload Private key' }).click();

  await expect(window.getByText(/^EC /)).toBeVisible();
  const body = pair.key.split('\n')[1] ?? '';
  expect(body).toHaveLength(64);
  for (const [name, content] of await everythingIn(join(app.home, 'Postern'))) {
    expect(content.includes(body), `${name} holds the key in clear`).toBe(false);
    expect(content.includes(passphrase), `${name} holds the passphrase`).toBe(false);
  }
  expect(app.complaints).toEqual([]);
});

test('the second start asks for it, refuses a wrong one, and opens with the right one', async () => {
  await app.close({ keepsHome: true });
  app = await start();
  const { window } = app;
  await window.getByRole('button', { name: 'Unlock…' }).click();
  const dialog = window.getByRole('dialog', { name: 'Unlock secrets' });

  await dialog.getByLabel('Passphrase', { exact: true }).fill('nine quiet lantern');
  await dialog.getByRole('button', { name: 'Unlock' }).click();
  await expect(dialog.getByRole('alert')).toContainText(/passphrase/i);
  await expect(window.getByRole('button', { name: 'Unlock…' })).toBeAttached();
  await dialog.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await dialog.getByRole('button', { name: 'Unlock' }).click();

  await expect(dialog).toBeHidden();
  await expect(window.getByRole('button', { name: 'Unlock…' })).toHaveCount(0);
  expect(app.complaints).toEqual([]);
});
