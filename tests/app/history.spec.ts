// History of a real folder: saves of a group and a gateway are listed, told in words, compared, restored and undone, and
// what ran when is answered; all of it by keyboard too.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { findViolations } from '../support/find-violations.ts';
import { callApp, drawer, goTo, localName, pushDraft, showScheme, startLocalGateway } from '../support/screens.ts';

let app: DesktopApp;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  app = await startDesktopApp();
});
test.afterAll(() => app.close());

const grid = (): Locator => app.window.getByRole('grid', { name: /^Saves/ });
const save = (words: string | RegExp): Locator => grid().getByRole('row').filter({ hasText: words });
const panel = (name: string | RegExp): Locator => app.window.getByRole('dialog', { name });

/** The screen in both schemes, as a picture and to axe; panels differ from each other in little that colours could. */
async function look(picture: string, schemes: readonly ('light' | 'dark')[] = ['light']): Promise<void> {
  for (const scheme of ['dark', 'light'] as const) {
    await showScheme(app.window, scheme);
    await app.window.screenshot({ path: `test-results/pictures/${picture}-${scheme}.png` });
    if (schemes.includes(scheme)) expect(await findViolations(app.window, scheme), scheme).toEqual([]);
  }
}

async function setIdle(minutes: string): Promise<void> {
  await app.window.getByRole('textbox', { name: 'Disconnect after' }).fill(minutes);
}

test('without a save it says how history begins', async () => {
  await app.window.getByRole('link', { name: 'History', exact: true }).click();

  await expect(app.window.getByText('History begins with the first save')).toBeVisible();
});

test('saves are listed with who made them, their words and whom they touched', async () => {
  const { window } = app;
  await goTo(window, '/');
  await startLocalGateway(window);
  const gateways = join(app.home, 'Postern/fleet/gateways');
  await mkdir(gateways, { recursive: true });
  await writeFile(join(gateways, 'mx1.yaml'), 'ssh:\n  host: 127.0.0.1\n  port: 1\n');
  await callApp(window, 'groups:add', { name: 'edge', parent: null });
  await callApp(window, 'gateways:move', { names: [localName, 'mx1'], group: 'edge' });
  await goTo(window, '/groups/edge/connections');
  await setIdle('7');
  await window.getByRole('button', { name: 'Review changes…' }).click();
  await drawer(window).getByRole('button', { name: 'Only save' }).click();
  await expect(drawer(window)).toBeHidden();
  await goTo(window, `/gateways/${localName}/connections`);
  await window.getByRole('radio', { name: 'Allow up to' }).first().check();
  await pushDraft(window);

  await goTo(window, '/history');

  await expect(save('Simultaneous connections')).toContainText(localName);
  await expect(save('Change group edge')).toContainText('Disconnect after: 5 minutes → 7 minutes');
  await look('history', ['light', 'dark']);
});

test('Enter shows what a save changed, on each gateway that it reached, equal ones once', async () => {
  const { keyboard } = app.window;
  await goTo(app.window, '/history/groups/edge');
  await expect(save('Change group edge')).toBeVisible();
  await grid().focus();
  const rows = await grid().getByRole('row').allInnerTexts();
  const at = rows.findIndex((text) => text.includes('Change group edge')) - 1;
  for (let step = 0; step < at; step += 1) await keyboard.press('j');
  await keyboard.press('Enter');

  const both = panel('Change group edge').getByRole('region', { name: /\(2 gateways\)$/ });
  await expect(both).toContainText('5 minutes');
  await expect(both).toContainText('7 minutes');
  await expect(panel('Change group edge').getByRole('button', { name: 'Copy commit' })).toBeVisible();
  await look('history-save');
});

test('a group is brought back: shown first, then saved, with the way to the push and the way back', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Restore…' }).click();
  await panel('Restore').getByText('before this save').click();
  const would = panel('Restore').getByRole('region', { name: 'What it would change' });
  await expect(would.getByRole('region').filter({ hasText: localName })).toContainText('7 minutes');
  await look('history-restore', ['light', 'dark']);
  await panel('Restore').getByRole('button', { name: 'Restore 2 gateways' }).click();

  await expect(window.getByText('Restored group edge. Nothing is pushed yet.')).toBeVisible();
  await expect(window.getByRole('button', { name: 'Review and push' })).toBeVisible();
  await expect(save('Restore group edge').first()).toBeVisible();
  await window.screenshot({ path: 'test-results/pictures/history-restored-light.png' });
  await window.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(window.getByText('Undone: group edge is as it was before.')).toBeVisible();
  await goTo(window, '/groups/edge/connections');
  await expect(window.getByRole('textbox', { name: 'Disconnect after' })).toHaveValue('7');
});

test('two saves are marked and compared, and one with what is saved now', async () => {
  const { window } = app;
  const { keyboard } = window;
  await goTo(window, `/history/gateways/${localName}`);
  await expect(save('Simultaneous connections')).toBeVisible();
  await save('Simultaneous connections').getByRole('checkbox').click();
  await grid().focus();
  await keyboard.press('End');
  await keyboard.press('Space');
  await expect(window.getByText('2 marked')).toBeVisible();
  await keyboard.press('c');

  await expect(panel('Compare').getByRole('region', { name: localName })).toContainText('Simultaneous connections');
  await look('history-compare');
  await keyboard.press('Escape');
  await expect(panel('Compare')).toBeHidden();
  await expect(grid()).toBeFocused();
  await keyboard.press('Escape');
  await expect(window.getByText('2 marked')).toBeHidden();
});

test('what ran when is answered from the pushes', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'What ran when…' }).click();
  const ran = panel('What ran when');
  await expect(ran.getByText(`nothing was pushed to ${localName}`)).toBeVisible();
  const inAMinute = new Date(Date.now() + 60_000 - new Date().getTimezoneOffset() * 60_000);
  await ran.getByRole('textbox', { name: 'At' }).fill(inAMinute.toISOString().slice(0, 16));

  await expect(ran.getByText(new RegExp(`^${localName} ran r [0-9a-f]{12}`))).toBeVisible();
  await expect(ran.getByText('No difference.')).toBeVisible();
  await look('history-ran');
  await window.keyboard.press('Escape');
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
