// Backups of a real folder: empty at first, then listed with a damaged one among them; one is looked at, brought back in
// place and undone, by keyboard; and an export asks for its passphrase twice.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { resize, startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { lookAtScreen } from '../support/look-at-screen.ts';
import { overflowing } from '../support/overflowing.ts';
import { callApp } from '../support/screens.ts';

let app: DesktopApp;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  app = await startDesktopApp();
});
test.afterAll(() => app.close());

const gateways = (): string => join(app.home, 'Postern/fleet/gateways');
const rows = (): Locator => app.window.getByRole('table', { name: 'Backups' }).getByRole('row');
const restore = (): Locator => app.window.getByRole('dialog', { name: /^Restore/ });

test('without a backup it says when the first one is made', async () => {
  await app.window.getByRole('link', { name: 'Backups', exact: true }).click();

  await expect(app.window.getByText('There is no backup yet')).toBeVisible();
});

test('the days are listed; one that is damaged says so and cannot be restored', async () => {
  const { window } = app;
  await mkdir(gateways(), { recursive: true });
  for (const name of ['mx1', 'mx2']) {
    await writeFile(join(gateways(), `${name}.yaml`), `ssh:\n  host: ${name}.example.test\n`);
  }
  await callApp(window, 'gateway:remove', { name: 'mx2' });
  const folder = join(app.home, 'Postern/backups');
  const [key = ''] = await readdir(folder);
  await writeFile(join(folder, key, '2026-01-01.tar.gz'), 'no archive');
  await callApp(window, 'gateways:tag', { names: ['mx1'], add: ['edge'], remove: [] });

  await expect(rows()).toHaveCount(3);
  await expect(rows().nth(1)).toContainText(/2 ?.*Can be read/);
  await expect(rows().nth(2)).toContainText('The backup of 2026-01-01 is damaged.');
  await expect(rows().nth(2).getByRole('button')).toBeDisabled();
  await lookAtScreen(app, 'backups');
  await resize(app.electron, { width: 1024, height: 700 });
  expect(await window.evaluate(overflowing)).toEqual([]);
  await window.screenshot({ path: 'test-results/pictures/backups-1024-light.png' });
});

test('what one would change is shown first; by keyboard it is restored, and undone', async () => {
  const { window } = app;
  await rows().nth(1).getByRole('button').focus();
  await window.keyboard.press('Enter');
  const would = restore().getByRole('region', { name: 'What it would change' });
  await expect(would).toContainText(/Come back1: mx2.*Changed1: mx1/);
  await expect(would.getByRole('region', { name: 'mx2' })).toContainText('It is added.');
  await expect(would.getByRole('region', { name: 'mx1' })).toContainText('Tags: edge → none.');
  await lookAtScreen(app, 'backup-restore');
  await restore().getByRole('button', { name: 'Restore 2 gateways' }).focus();
  await window.keyboard.press('Enter');

  await expect(window.getByText(/^Restored the fleet from .*Nothing is pushed yet\.$/)).toBeVisible();
  await expect(restore()).toBeHidden();
  expect((await readdir(gateways())).filter((name) => !name.startsWith('.'))).toEqual(['mx1.yaml', 'mx2.yaml']);
  await window.getByRole('button', { name: 'Undo' }).click();
  await expect(window.getByText(/^Undone: the fleet/)).toBeVisible();
  expect((await readdir(gateways())).filter((name) => !name.startsWith('.'))).toEqual(['mx1.yaml']);
});

test('an export asks for its passphrase twice', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Export everything…' }).click();
  const dialog = window.getByRole('dialog', { name: 'Export everything' });
  await dialog.getByLabel('Passphrase', { exact: true }).fill('correct horse');
  await dialog.getByLabel('Passphrase again').fill('correct house');

  await expect(dialog.getByText('The two are not the same.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Choose the file…' })).toBeDisabled();
  await lookAtScreen(app, 'backup-export');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

test('everything is exported, imported into an empty folder, and that folder is open then', async () => {
  const { window } = app;
  const [file, into] = [join(app.home, 'fleet.age'), join(app.home, 'there')];
  await mkdir(into);
  await app.chooseFile(file);
  await window.getByRole('button', { name: 'Export everything…' }).click();
  await window.getByLabel('Passphrase', { exact: true }).fill('correct horse battery');
  await window.getByLabel('Passphrase again').fill('correct horse battery');
  await window.keyboard.press('Enter');
  await expect(window.getByText('fleet.age is written: 1 gateway, no private keys.')).toBeVisible();
  await app.electron.evaluate(
    ({ dialog }, paths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [paths.shift() ?? ''] });
    },
    [file, into],
  );
  await window.getByRole('button', { name: 'Import…' }).click();
  await window.getByLabel('Passphrase of the export').fill('correct horse battery');
  await lookAtScreen(app, 'backup-import');
  await window.keyboard.press('Enter');

  await expect(window.getByText(`Imported 1 gateway and no private keys; ${into} is open.`)).toBeVisible();
  await expect(window.getByRole('heading', { name: 'Fleet', level: 1 })).toBeVisible();
  await expect(window.getByRole('row').filter({ hasText: 'mx1' })).toBeVisible();
  expect(await readdir(join(into, 'gateways'))).toEqual(['mx1.yaml']);
});

test('another folder is opened by the palette, and shows nothing of the one before', async () => {
  const { window } = app;
  await app.chooseFile(join(app.home, 'empty'));
  await window.keyboard.press('Control+k');
  await window.keyboard.type('Open another');
  await window.getByText('Open another fleet folder…').waitFor();
  await window.keyboard.press('Enter');

  await expect(window.getByText(`The fleet in ${join(app.home, 'empty')} is open.`)).toBeVisible();
  await expect(window.getByRole('heading', { name: 'No gateway yet' })).toBeVisible();
  await window.getByRole('link', { name: 'Backups', exact: true }).click();
  await expect(window.getByText('There is no backup yet')).toBeVisible();
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
