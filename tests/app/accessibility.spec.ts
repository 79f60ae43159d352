// Every route that the router lists in the smallest window: nothing overflows it, and axe finds nothing, light and dark,
// nor on what opens above them; and one change without a mouse.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { routes } from '../../renderer/app/routes.ts';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { findViolations } from '../support/find-violations.ts';
import { overflowing } from '../support/overflowing.ts';
import { makePemPair } from '../support/pem-files.ts';
import {
  callApp,
  drawer,
  expectEntries,
  expectState,
  fillWhereStep,
  goTo,
  importUpToChoice,
  localName,
  push,
  review,
  showScheme,
  startLocalGateway,
  uploadPair,
  cancelDraft,
  enableIncomingTls,
  expectProved,
} from '../support/screens.ts';

/** Each look begins with the scheme that the last one ended with: switching costs as much as a small look. */
let schemes: readonly ['light', 'dark'] | readonly ['dark', 'light'] = ['light', 'dark'];
let app: DesktopApp;
let files: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'postern-files-'));
  await makePemPair(files, 'x');
  await writeFile(join(files, 'list.txt'), '192.0.2.0/24 # a note\n192.0.2.7\n198.51.100.7/24\nno entry\n');
  app = await startDesktopApp({ size: { width: 1024, height: 700 } });
});
test.afterAll(async () => {
  await app.close();
  await rm(files, { recursive: true });
});

async function expectNoViolations(): Promise<void> {
  for (const scheme of schemes) {
    await showScheme(app.window, scheme);
    expect(await findViolations(app.window, scheme), scheme).toEqual([]);
  }
  schemes = schemes[0] === 'light' ? ['dark', 'light'] : ['light', 'dark'];
}

test('the first screen of a fresh install', async () => {
  await expectNoViolations();
});

test('a full Connections screen with its review', async () => {
  const { window } = app;
  await startLocalGateway(window);
  const dialog = await importUpToChoice(app, join(files, 'list.txt'));
  await expect(dialog.getByRole('button', { name: /^1\s*Refused/ })).toBeVisible();
  await expectNoViolations();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expectNoViolations();
  await dialog.getByRole('button', { name: 'Add 3 entries' }).click();
  await expectEntries(window, 3);
  await uploadPair(app, files);
  await enableIncomingTls(window);
  await window.getByLabel('Port', { exact: true }).fill('465');
  await expectNoViolations();
  await window.getByLabel('Port', { exact: true }).fill('');
  await window.getByRole('button', { name: 'Undo', exact: true }).click();
  await window.getByRole('button', { name: 'Import from file' }).click();
  await expect(window.getByRole('button', { name: 'Choose a file' })).toBeVisible();
  await expectNoViolations();
  await window.keyboard.press('Escape');
});

test('the review drawer before and after the push', async () => {
  const { window } = app;
  await cancelDraft(window);
  await window.getByLabel('Disconnect after').fill('4');
  await uploadPair(app, files);
  await enableIncomingTls(window);
  await review(window);
  await expectNoViolations();
  await push(window);
  await expectProved(window);
  await expectNoViolations();
  await drawer(window).getByRole('button', { name: 'Close', exact: true }).click();
  await expect(drawer(window)).toBeHidden();
});

test('a group and a shared list, for the routes that show one', async () => {
  await callApp(app.window, 'groups:add', { name: 'edge', parent: null });
  await callApp(app.window, 'lists:save', { name: 'shared', text: '192.0.2.9\n', savedVersion: null });
});

for (const { path, title } of routes) {
  test(`the route ${path}`, async () => {
    const { window } = app;
    await goTo(window, path.replace(':name', localName).replace(':group', 'edge').replace(':list', 'shared'));
    await (/\/(smtp|connections|message-rule|delivery|live|queue)$/.test(path)
      ? expect(window.getByRole('tab', { name: title, selected: true })).toBeVisible()
      : expect(window.getByRole('heading', { name: title, level: 1 })).toBeVisible());
    await expect(window.locator('.mantine-Skeleton-root')).toHaveCount(0);

    expect(await window.evaluate(overflowing)).toEqual([]);
    await expectNoViolations();
  });
}

test('the steps of adding a gateway', async () => {
  const { window } = app;
  await goTo(window, '/add');
  await window.getByRole('button', { name: 'Read its host key' }).click();
  await expect(window.getByText('Type a name.')).toBeVisible();
  await expectNoViolations();
  const { ssh } = parse(await readFile(join(app.home, `Postern/fleet/gateways/${localName}.yaml`), 'utf8')) as {
    ssh: { port: number };
  };
  await goTo(window, '/');
  await fillWhereStep(window, { name: 'mx1', port: ssh.port, user: 'nobody', keyFile: join(files, 'key.pem') });
  await expectNoViolations();
  await window.getByRole('button', { name: 'It is the same: trust it and sign in' }).click();
  await expect(window.getByRole('alert').filter({ hasText: 'Not added' })).toBeVisible();
  await expectNoViolations();
});

test('what opens by key: the palette and the list of keys', async () => {
  const { window } = app;
  await goTo(window, '/');
  await expect(window.getByRole('heading', { name: 'Fleet', level: 1 })).toBeVisible();
  await window.keyboard.press('Control+k');
  await expect(window.getByLabel('Gateway, tab or action')).toBeFocused();
  await expectNoViolations();
  await window.keyboard.press('Escape');
  await window.keyboard.press('Shift+?');
  await expect(window.getByRole('dialog')).toBeVisible();
  await expectNoViolations();
  await window.keyboard.press('Escape');
  await expect(window.getByRole('dialog')).toBeHidden();
});

test('a change is reached, made, reviewed and pushed without a mouse', async () => {
  const { window } = app;
  const { keyboard } = window;
  await keyboard.press('Control+k');
  await keyboard.type(`${localName}: Connections`);
  await expect(window.getByText(`${localName}: Connections`)).toBeVisible();
  await keyboard.press('Enter');
  await expect(window.getByRole('heading', { name: 'SMTP Interface' })).toBeVisible();
  const idle = window.getByLabel('Disconnect after');

  for (let tabs = 0; tabs < 40 && !(await idle.evaluate((field) => field === document.activeElement)); tabs += 1) {
    await keyboard.press('Tab');
  }
  await expect(idle).toBeFocused();
  await keyboard.press('Control+a');
  await keyboard.type('15');
  await keyboard.press('Control+s');
  await expect(drawer(window).getByRole('button', { name: `Push to ${localName}` })).toBeFocused();
  await keyboard.press('Enter');
  const close = drawer(window).getByRole('button', { name: 'Close', exact: true });
  await expect(close).toBeFocused({ timeout: 60_000 });
  await keyboard.press('Enter');

  await expect(drawer(window)).toBeHidden();
  await expectState(window, 'In sync');
  await expect(idle).toHaveValue('15');
  await expect(idle).toBeFocused();
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
