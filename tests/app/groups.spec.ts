// Settings that come from a group: seen where they come from, overridden, reset, and reviewed for all that they reach.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import {
  callApp,
  drawer,
  expectState,
  goTo,
  localName,
  partOf,
  pushDraft,
  review,
  startLocalGateway,
} from '../support/screens.ts';

let app: DesktopApp;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  app = await startDesktopApp();
  await startLocalGateway(app.window);
  const gateways = join(app.home, 'Postern/fleet/gateways');
  await mkdir(gateways, { recursive: true });
  for (const name of ['mx1', 'mx2']) {
    await writeFile(join(gateways, `${name}.yaml`), 'ssh:\n  host: 127.0.0.1\n  port: 1\n');
  }
  await callApp(app.window, 'groups:add', { name: 'edge', parent: null });
  await callApp(app.window, 'gateways:move', { names: [localName, 'mx1', 'mx2'], group: 'edge' });
});
test.afterAll(() => app.close());

function origin(label: string): Locator {
  return app.window.getByRole('button', { name: new RegExp(`^${label}: `) });
}

async function savePicture(name: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await app.window.emulateMedia({ colorScheme: scheme });
    await app.window.screenshot({ path: test.info().outputPath(`${name}-${scheme}.png`) });
  }
}

test('a group sets a value, and the review tells all gateways that it reaches, equal ones once', async () => {
  const { window } = app;
  await goTo(window, '/groups/edge/connections');
  await expect(window.getByRole('heading', { name: 'Group edge', level: 1 })).toBeVisible();
  await expect(origin('Disconnect after')).toHaveText('Disconnect after: default');
  await window.getByRole('textbox', { name: 'Disconnect after' }).fill('7');
  await expect(origin('Disconnect after')).toHaveText('Disconnect after: set here');
  await savePicture('group');

  await review(window);

  await expect(partOf(window, 'mx1, mx2 (2 gateways)')).toBeVisible({ timeout: 30_000 });
  await expect(partOf(window, localName)).toContainText('7 minutes');
  await savePicture('review');
  await drawer(window).getByRole('button', { name: 'Only save' }).click();
  await expect(drawer(window)).toBeHidden();
  await expect(window.getByRole('button', { name: 'Review saved changes…' })).toBeVisible();
});

test('the gateway shows where the value comes from, overrides it and follows it again', async () => {
  const { window } = app;
  const field = window.getByRole('textbox', { name: 'Disconnect after' });
  await goTo(window, `/gateways/${localName}/connections`);
  await expect(field).toHaveValue('7');
  await expect(origin('Disconnect after')).toHaveText('Disconnect after: from group edge');
  await expect(origin('Port')).toHaveText('Port: set here');

  await field.fill('9');
  await expect(origin('Disconnect after')).toHaveText('Disconnect after: set here');
  await origin('Disconnect after').click();
  await savePicture('override');
  await window.getByRole('button', { name: 'Reset to 7 minutes' }).click();

  await expect(field).toHaveValue('7');
  await expect(origin('Disconnect after')).toHaveText('Disconnect after: from group edge');
  await window.keyboard.press('Escape');
});

test('a group names those below that have their own value', async () => {
  const { window } = app;
  await window.getByRole('textbox', { name: 'Disconnect after' }).fill('9');
  await pushDraft(window);
  await expectState(window, 'In sync');

  await goTo(window, '/groups/edge/connections');

  await expect(origin('Disconnect after')).toContainText('1 has its own');
  await origin('Disconnect after').click();
  await expect(window.getByText(`Set below, and not following: ${localName}.`)).toBeVisible();
  await window.keyboard.press('Escape');
});

test('a shared list is made, used by the group and told with its users', async () => {
  const { window } = app;
  await goTo(window, '/lists');
  await window.getByRole('button', { name: 'Add a list' }).click();
  await window.getByRole('textbox', { name: 'Name' }).fill('scanners');
  await window.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(window.getByRole('heading', { name: 'scanners', level: 1 })).toBeVisible();
  const entry = window.getByRole('textbox', { name: 'Address, network, or several lines pasted' });
  await entry.fill('192.0.2.0/24');
  await entry.press('Enter');
  await window.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(window.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await savePicture('list');

  await goTo(window, '/groups/edge/connections');
  await window.getByRole('combobox', { name: 'Shared lists' }).click();
  await window.getByRole('option', { name: 'scanners (1)' }).click();
  await window.keyboard.press('Escape');
  await review(window);
  await expect(partOf(window, localName)).toContainText('Deny list');
  await drawer(window).getByRole('button', { name: 'Only save' }).click();
  await expect(drawer(window)).toBeHidden();

  await goTo(window, '/lists');
  await expect(window.getByRole('row', { name: /scanners.*1.*group edge/ })).toBeVisible();
  await savePicture('lists');
  expect((await new AxeBuilder({ page: window }).setLegacyMode().analyze()).violations).toEqual([]);
});

test('the whole fleet has the same tabs, and axe finds nothing on them', async () => {
  const { window } = app;
  await goTo(window, '/fleet-settings');
  await expect(window.getByRole('heading', { name: 'Fleet settings', level: 1 })).toBeVisible();
  await expect(window.getByRole('tab', { name: 'Connections', selected: true })).toBeVisible();
  for (const tab of ['smtp', 'connections', 'message-rule', 'delivery']) {
    await goTo(window, `/fleet-settings/${tab}`);
    await expect(window.locator('.mantine-Skeleton-root')).toHaveCount(0);
    await savePicture(`fleet-${tab}`);
    expect((await new AxeBuilder({ page: window }).setLegacyMode().analyze()).violations).toEqual([]);
  }
  expect(app.complaints).toEqual([]);
});
