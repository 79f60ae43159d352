// Activity: the local gateway's push stands in the record, the record holds, and the screen is readable for everybody.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { localName, pushDraft, showScheme, startLocalGateway } from '../support/screens.ts';

let app: DesktopApp;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  app = await startDesktopApp();
});
test.afterAll(async () => {
  await app.close();
});

test('a push stands in the activity with who did it and how it ended', async () => {
  const { window } = app;
  await startLocalGateway(window);
  await window.getByRole('radio', { name: 'Allow up to' }).first().check();
  await pushDraft(window);

  await window.getByRole('link', { name: 'Activity', exact: true }).click();

  const table = window.getByRole('table', { name: 'Activity' });
  const push = table.getByRole('row').filter({ hasText: localName }).filter({ hasText: 'Push' });
  await expect(push.first()).toContainText('Applied');
});

test('the filter leaves what was done to one gateway', async () => {
  const { window } = app;
  await window.getByPlaceholder('All gateways').click();
  await window.getByRole('option', { name: localName }).click();

  const rows = window.getByRole('table', { name: 'Activity' }).getByRole('row');
  await expect(rows.filter({ hasText: localName }).first()).toBeVisible();
  await expect(rows.filter({ hasNotText: localName })).toHaveCount(1); // the head
});

test('Verify says that the record holds, and how much it looked at', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Verify', exact: true }).click();

  await expect(window.getByText(/^All of it holds: \d+ entr(y|ies) in 1 chain$/)).toBeVisible();
});

test('axe finds nothing on it, light and dark', async () => {
  const { window } = app;
  for (const scheme of ['light', 'dark'] as const) {
    await showScheme(window, scheme);
    await window.screenshot({ path: `test-results/pictures/activity-${scheme}.png` });
    const { violations } = await new AxeBuilder({ page: window }).setLegacyMode().analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  }
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
