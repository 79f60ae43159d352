// A thousand gateways in the real app: the table scrolls without holding the window up, is searched, filtered, sorted,
// grouped and tagged, by mouse and by keyboard.
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test, type Locator } from '@playwright/test';
import { parse } from 'yaml';
import { resize, startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { findViolations } from '../support/find-violations.ts';
import { longestTaskDuring } from '../support/longest-task.ts';
import { goTo, showScheme } from '../support/screens.ts';

const pictures = resolve(import.meta.dirname, '../../test-results/pictures');
const places = ['ams', 'fra', 'lon', 'par', 'waw'];
/** The promise of issue 4. */
const longTaskMilliseconds = 50;
/** A collection of garbage falls where it falls: the quietest of so many counts. */
const scrollAttempts = 3;

let app: DesktopApp;
let folder: string;

test.describe.configure({ mode: 'serial' });

/** 'gw-0007': in edge-<place> up to 900, in core up to 980, the last twenty in no group. */
function nameOf(number: number): string {
  return `gw-${String(number).padStart(4, '0')}`;
}

async function writeFleet(): Promise<void> {
  await mkdir(join(folder, 'gateways'), { recursive: true });
  await mkdir(join(folder, 'groups'), { recursive: true });
  await writeFile(join(folder, 'groups/core.yaml'), 'parent: null\n');
  await writeFile(join(folder, 'groups/edge.yaml'), 'parent: null\n');
  for (const place of places) await writeFile(join(folder, `groups/edge-${place}.yaml`), 'parent: edge\n');
  for (let number = 1; number <= 1000; number += 1) {
    const place = `edge-${places[number % places.length] ?? ''}`;
    const group = number > 980 ? 'null' : number > 900 ? 'core' : place;
    const tags = number % 100 === 0 ? '[canary, rack-7]' : number % 3 === 0 ? '[customer]' : '[]';
    const host = `ssh:\n  host: 127.0.0.1\n  port: 1\ngroup: ${group}\ntags: ${tags}\n`;
    await writeFile(join(folder, `gateways/${nameOf(number)}.yaml`), host);
  }
}

test.beforeAll(async () => {
  test.setTimeout(120_000);
  const home = await mkdtemp(join(tmpdir(), 'postern-home-'));
  folder = join(home, 'Postern/fleet');
  await writeFleet();
  await mkdir(pictures, { recursive: true });
  app = await startDesktopApp({ home, size: { width: 1280, height: 800 } });
  await expect(status('1,000 gateways')).toBeVisible({ timeout: 60_000 });
});
test.afterAll(() => app.close());

function status(words: string): Locator {
  return app.window
    .getByRole('status')
    .getByText(words, { exact: true })
    .or(app.window.getByRole('status', { name: words }));
}
function table(): Locator {
  return app.window.getByRole('grid', { name: /^Fleet/ });
}
function rows(): Locator {
  return table().getByRole('rowgroup').nth(1).getByRole('row');
}
async function expectCount(words: string): Promise<void> {
  await expect(app.window.getByRole('status').filter({ hasText: words })).toBeVisible();
}
async function recordOf(name: string): Promise<{ group?: string; tags?: string[] }> {
  return parse(await readFile(join(folder, `gateways/${name}.yaml`), 'utf8')) as { group?: string; tags?: string[] };
}

test('only the rows in sight are drawn, and each shows its state', async () => {
  await expect(rows().first()).toContainText('gw-0001');
  await expect(table()).toHaveAttribute('aria-rowcount', '1001');
  expect(await rows().count()).toBeLessThan(60);
  await expect(rows().first()).toContainText(/Unreachable|Not asked yet/);
});

test('a thousand rows scroll without a task over 50 ms', async () => {
  test.setTimeout(120_000);
  const longest: number[] = [];
  for (let attempt = 0; attempt < scrollAttempts && (longest.at(-1) ?? Infinity) > longTaskMilliseconds; attempt += 1) {
    longest.push(await longestTaskDuring(app, () => app.window.evaluate(scrollThrough)));
    await expect(rows().filter({ hasText: 'gw-1000' })).toBeVisible();
  }

  console.log(
    `longest task while scrolling, each attempt: ${longest.map((took) => `${took.toFixed(1)} ms`).join(', ')}`,
  );
  expect(Math.min(...longest)).toBeLessThanOrEqual(longTaskMilliseconds);
});

/** In the page: from the top to the end in 120 frames. */
async function scrollThrough(): Promise<void> {
  const grid = document.querySelector<HTMLElement>('[role=grid]');
  if (grid === null) throw new Error('no table');
  grid.scrollTop = 0;
  await new Promise((done) => setTimeout(done, 300));
  const end = grid.scrollHeight - grid.clientHeight;
  const frames = 120;
  for (let frame = 1; frame <= frames; frame += 1) {
    await new Promise(requestAnimationFrame);
    grid.scrollTop = (end * frame) / frames;
  }
}

test('search, state and tag narrow the table, and one click shows all again', async () => {
  const { window } = app;
  const search = window.getByRole('textbox', { name: 'Search the fleet' });
  await search.fill('edge-fra');
  await expectCount('180 of 1,000 gateways');
  await search.fill('gw-0100');
  await expectCount('1 of 1,000 gateways');
  await expect(rows()).toHaveCount(1);
  await search.fill('');

  await window.getByRole('button', { name: 'Tag', exact: true }).click();
  await window.getByRole('checkbox', { name: 'canary' }).check();
  await expectCount('10 of 1,000 gateways');
  await window.keyboard.press('Escape');
  await search.fill('nothing has this name');
  await expect(window.getByText('No gateway matches the search and the filters.')).toBeVisible();
  await window.getByRole('button', { name: 'Show all' }).click();
  await expectCount('1,000 gateways');
});

test('a click on a column sorts, another turns it round, and the next start remembers it', async () => {
  const { window } = app;
  const head = table().getByRole('columnheader', { name: 'Gateway' });
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await expect(rows().first()).toContainText('gw-1000');

  await window.reload();
  await expect(rows().first()).toContainText('gw-1000', { timeout: 30_000 });
  await head.getByRole('button').click();
  await expect(rows().first()).toContainText('gw-0001');
});

test('columns are chosen and remembered; those without room say so', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Columns' }).click();
  await window.getByRole('menuitemcheckbox', { name: /^Queue/ }).click();
  await window.getByRole('menuitemcheckbox', { name: /^Connections/ }).click();
  await window.keyboard.press('Escape');
  await expect(table().getByRole('columnheader', { name: 'Queue' })).toHaveCount(0);
  await expect(table().getByRole('columnheader', { name: 'Tags' })).toBeVisible();
  await window.reload();
  await expect(rows().first()).toBeVisible({ timeout: 30_000 });
  await expect(table().getByRole('columnheader', { name: 'Queue' })).toHaveCount(0);
  await window.getByRole('button', { name: 'Columns' }).click();
  await window.getByRole('menuitem', { name: 'The usual ones' }).click();
  await window.keyboard.press('Escape');
  await expect(table().getByRole('columnheader', { name: 'Queue' })).toBeVisible();
});

test('a group of the tree shows its gateways and those of the groups in it', async () => {
  const { window } = app;
  const bar = window.getByRole('navigation', { name: 'Main' });
  await expect(bar.getByRole('link', { name: /^edge 900|^edge .*900/ })).toBeVisible();
  await bar.getByRole('link', { name: /^edge-lon/ }).click();
  await expect(window.getByRole('heading', { name: 'edge-lon', level: 1 })).toBeVisible();
  await expectCount('180 gateways');
  await bar.getByRole('link', { name: /^core/ }).click();
  await expectCount('80 gateways');
  await bar.getByRole('link', { name: /^Fleet\b(?! settings)/ }).click();
  await expectCount('1,000 gateways');
});

test('the table is worked by keyboard: move, extend, select all, open', async () => {
  const { window } = app;
  const { keyboard } = window;
  await keyboard.press('/');
  await keyboard.type('gw-00');
  await keyboard.press('ArrowDown');
  await expect(table()).toBeFocused();
  await keyboard.press('Space');
  await keyboard.press('Shift+ArrowDown');
  await keyboard.press('Shift+ArrowDown');
  await expectCount('3 selected');
  await keyboard.press('Control+a');
  await expectCount('99 selected');
  await keyboard.press('Escape');
  await expectCount('99 of 1,000 gateways');
  await keyboard.press('End');
  await expect(table()).toHaveAttribute('aria-activedescendant', /-98$/);
  await keyboard.press('Enter');

  await expect(window.getByRole('heading', { name: 'gw-0099', level: 1 })).toBeVisible();
  await goTo(window, '/');
  await window.getByRole('button', { name: 'Clear' }).click();
});

test('selected gateways move to a group, by the menu and by hand', async () => {
  const { window } = app;
  await window.getByRole('checkbox', { name: 'Select gw-0001' }).click();
  await window.getByRole('checkbox', { name: 'Select gw-0004' }).click({ modifiers: ['Shift'] });
  await expectCount('4 selected');
  await window.getByRole('button', { name: 'Move…' }).click();
  const dialog = window.getByRole('dialog', { name: 'Move 4 gateways to a group' });
  await dialog.getByRole('combobox', { name: 'Group' }).click();
  await window.getByRole('option', { name: 'core' }).click();
  await dialog.getByRole('button', { name: 'Move', exact: true }).click();
  await expect(dialog).toBeHidden({ timeout: 30_000 });
  await expect.poll(async () => (await recordOf('gw-0003')).group).toBe('core');

  const target = window.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^edge-par/ });
  await rows().filter({ hasText: 'gw-0002' }).getByText('gw-0002').dragTo(target);
  await expect.poll(async () => (await recordOf('gw-0002')).group, { timeout: 30_000 }).toBe('edge-par');
  expect((await recordOf('gw-0001')).group).toBe('edge-par');
  await window.getByRole('button', { name: 'Clear' }).click();
});

test('tags are put on many at once', async () => {
  const { window } = app;
  await window.getByRole('textbox', { name: 'Search the fleet' }).fill('gw-000');
  await table().focus();
  await window.keyboard.press('Control+a');
  await window.getByRole('button', { name: 'Tags…' }).click();
  const dialog = window.getByRole('dialog', { name: 'Tags of 9 gateways' });
  await expect(dialog.getByRole('checkbox', { name: 'customer (3 of 9)' })).toBeVisible();
  await dialog.getByRole('textbox', { name: 'New tag' }).fill('north');
  await dialog.getByRole('button', { name: 'Add the tag' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden({ timeout: 30_000 });
  await expect.poll(async () => (await recordOf('gw-0003')).tags).toEqual(['customer', 'north']);
  await window.getByRole('button', { name: 'Clear' }).click();
  await window.getByRole('textbox', { name: 'Search the fleet' }).fill('');
});

test('a group is made, and removed with a way back', async () => {
  const { window } = app;
  const bar = window.getByRole('navigation', { name: 'Main' });
  await bar.getByRole('button', { name: 'New group' }).click();
  const dialog = window.getByRole('dialog', { name: 'New group' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Not a name');
  await expect(dialog.getByRole('button', { name: 'Make the group' })).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('lab');
  await dialog.getByRole('button', { name: 'Make the group' }).click();
  await expect(bar.getByRole('link', { name: /^lab/ })).toBeVisible({ timeout: 30_000 });
  await bar.getByRole('button', { name: 'Actions for group lab' }).click();
  await window.getByRole('menuitem', { name: 'Remove the group…' }).click();
  await window.getByRole('button', { name: 'Remove the group', exact: true }).click();
  await expect(bar.getByRole('link', { name: /^lab/ })).toHaveCount(0, { timeout: 30_000 });
  await window.getByRole('button', { name: 'Undo' }).click();
  await expect(bar.getByRole('link', { name: /^lab/ })).toBeVisible({ timeout: 30_000 });
});

for (const [width, height] of [
  [1280, 800],
  [1024, 700],
] as const) {
  test(`at ${width}×${height} the fleet has its picture, and nothing overflows`, async () => {
    const { window } = app;
    await resize(app.electron, { width, height });
    await expect.poll(() => window.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height]);
    for (const scheme of ['light', 'dark'] as const) {
      await showScheme(window, scheme);
      await window.screenshot({ path: join(pictures, `fleet-1000-${width}-${scheme}.png`) });
    }
    expect(await table().evaluate((grid) => grid.scrollWidth - grid.clientWidth)).toBe(0);
  });
}

test('axe finds nothing, dark and light', async () => {
  for (const scheme of ['dark', 'light'] as const) {
    await showScheme(app.window, scheme);
    expect(await findViolations(app.window, scheme)).toEqual([]);
  }
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
