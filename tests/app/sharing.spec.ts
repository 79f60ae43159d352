// Sharing by a real git repository: set up, sent to, and a field that two administrators changed differently decided in
// the window. The other one uses nothing but git.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, type Locator } from '@playwright/test';
import { parse, stringify } from 'yaml';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { findViolations } from '../support/find-violations.ts';
import { findFreePort } from '../support/free-port.ts';
import { callApp, drawer, goTo, showScheme } from '../support/screens.ts';

const run = promisify(execFile);
let app: DesktopApp;
let place: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'postern-remote-'));
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', join(place, 'fleet.git')]);
  app = await startDesktopApp();
  const gateways = join(app.home, 'Postern/fleet/gateways');
  await mkdir(gateways, { recursive: true });
  await writeFile(join(gateways, 'mx1.yaml'), 'ssh:\n  host: 127.0.0.1\n  port: 1\n');
  await callApp(app.window, 'groups:add', { name: 'edge', parent: null });
  await callApp(app.window, 'gateways:move', { names: ['mx1'], group: 'edge' });
  await saveIdleMinutes('6');
});
test.afterAll(async () => {
  await app.close();
  await rm(place, { recursive: true });
});

type GroupFile = { settings: { connections: { interface: { idleTimeoutMinutes: number } } } };

const sharing = (): Locator => app.window.getByRole('dialog', { name: 'Sharing' });
const remote = (): string => join(place, 'fleet.git');

/** Of group edge, in the window. */
async function saveIdleMinutes(minutes: string): Promise<void> {
  const { window } = app;
  await goTo(window, '/groups/edge/connections');
  await window.getByRole('textbox', { name: 'Disconnect after' }).fill(minutes);
  await window.getByRole('button', { name: 'Review changes…' }).click();
  await drawer(window).getByRole('button', { name: 'Only save' }).click();
  await expect(drawer(window)).toBeHidden();
}

async function readIdleMinutes(folder: string): Promise<number> {
  const group = parse(await readFile(join(folder, 'groups/edge.yaml'), 'utf8')) as GroupFile;
  return group.settings.connections.interface.idleTimeoutMinutes;
}

/** Of the remote, in the drawer. */
async function changeAddress(address: string): Promise<void> {
  await sharing().getByRole('button', { name: 'Change…' }).click();
  await sharing().getByLabel('Address of the repository').fill(address);
  await sharing().getByRole('button', { name: 'Save', exact: true }).click();
}

/** The same file, changed, committed and pushed by somebody else. */
async function saveElsewhere(minutes: number): Promise<void> {
  const folder = join(place, `other-${minutes}`);
  await run('git', ['clone', '--quiet', remote(), folder]);
  const file = join(folder, 'groups/edge.yaml');
  const group = parse(await readFile(file, 'utf8')) as GroupFile;
  group.settings.connections.interface.idleTimeoutMinutes = minutes;
  await writeFile(file, stringify(group));
  const who = ['-c', 'user.name=bert', '-c', 'user.email=bert@example.net'];
  await run('git', ['-C', folder, ...who, 'commit', '--quiet', '-am', 'Change group edge elsewhere']);
  await run('git', ['-C', folder, 'push', '--quiet']);
}

/** The drawer in both schemes, as a picture and to axe. */
async function look(picture: string): Promise<void> {
  for (const scheme of ['dark', 'light'] as const) {
    await showScheme(app.window, scheme);
    await app.window.screenshot({ path: `test-results/pictures/${picture}-${scheme}.png` });
    expect(await findViolations(app.window, scheme), scheme).toEqual([]);
  }
}

test('a folder that is not shared says what sharing gives, and refuses what is sent in clear', async () => {
  const { window } = app;
  await goTo(window, '/history');
  await window.getByRole('button', { name: 'Share…' }).click();

  await expect(sharing().getByText(/through a git repository that you already run/)).toBeVisible();
  await sharing().getByLabel('Address of the repository').fill('http://git.example.net/fleet.git');
  await sharing().getByRole('button', { name: 'Share through it' }).click();
  await expect(sharing().getByText(/Use https or ssh/)).toBeVisible();
  await look('sharing-new');
});

test('the first sync sends what is saved here', async () => {
  await sharing().getByLabel('Address of the repository').fill(remote());
  await sharing().getByRole('button', { name: 'Share through it' }).click();
  await sharing().getByRole('button', { name: 'Sync', exact: true }).click();

  await expect(sharing().getByText(/^Sent \d+ saves/)).toBeVisible({ timeout: 30_000 });
  const { stdout } = await run('git', ['-C', remote(), 'log', '--format=%s', 'main']);
  expect(stdout).toContain('Change group edge');
  await app.window.keyboard.press('Escape');
});

test('what both changed is shown side by side, and nothing changes before it is decided', async () => {
  const { window } = app;
  await saveElsewhere(9);
  await saveIdleMinutes('7');
  await goTo(window, '/history');
  await window.getByRole('button', { name: 'Sync', exact: true }).click();

  const row = sharing().getByRole('row').filter({ hasText: 'Disconnect after' });
  await expect(row).toContainText('group edge', { timeout: 30_000 });
  for (const value of ['6 minutes', '7 minutes', '9 minutes']) await expect(row).toContainText(value);
  await expect(sharing().getByRole('button', { name: 'Apply' })).toBeDisabled();
  expect(await readIdleMinutes(join(app.home, 'Postern/fleet'))).toBe(7);
  await row.getByText('9 minutes').click();
  await look('sharing-conflict');
});

test('the choice is applied here and sent there, as one save in the history', async () => {
  const { window } = app;
  await sharing().getByRole('button', { name: 'Apply' }).click();

  await expect(sharing().getByText(/^(Fetched|Sent) \d+ save/)).toBeVisible({ timeout: 30_000 });
  expect(await readIdleMinutes(join(app.home, 'Postern/fleet'))).toBe(9);
  await run('git', ['-C', join(place, 'other-9'), 'pull', '--quiet']);
  expect(await readIdleMinutes(join(place, 'other-9'))).toBe(9);
  await window.keyboard.press('Escape');
  await expect(window.getByRole('row').filter({ hasText: 'Change group edge elsewhere' })).toContainText('bert');
});

test('a remote that nobody answers at is told with what to do', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Sharing', exact: true }).click();
  await changeAddress(`https://127.0.0.1:${await findFreePort()}/fleet.git`);
  await expect(sharing().getByText('No token stored; a private repository will refuse')).toBeVisible();
  await sharing().getByRole('button', { name: 'Sync', exact: true }).click();

  await expect(sharing().getByRole('alert').filter({ hasText: 'Not synced' })).toBeVisible({ timeout: 30_000 });
  await window.screenshot({ path: 'test-results/pictures/sharing-unreachable-light.png' });
});

test('a sync is cancelled in the middle: nothing here changed, and the next one works', async () => {
  const fleet = join(app.home, 'Postern/fleet');
  const head = async () => (await run('git', ['-C', fleet, 'rev-parse', 'HEAD'])).stdout;
  const silent = createServer().listen(0, '127.0.0.1'); // takes the connection, and never says a word
  await once(silent, 'listening');
  await changeAddress(`https://127.0.0.1:${(silent.address() as AddressInfo).port}/fleet.git`);
  await saveElsewhere(12);
  const before = await head();
  const taken = once(silent, 'connection');
  await sharing().getByRole('button', { name: 'Sync', exact: true }).click();
  await taken;
  await sharing().getByRole('button', { name: 'Cancel the sync' }).click();

  await expect(sharing().getByText('The sync was stopped. Nothing was changed.')).toBeVisible();
  await look('sharing-cancelled');
  expect([await head(), await readIdleMinutes(fleet)]).toEqual([before, 9]);
  silent.close();
  await changeAddress(remote());
  await sharing().getByRole('button', { name: 'Sync', exact: true }).click();
  await expect(sharing().getByText(/^(Fetched|Sent) \d+ save/)).toBeVisible({ timeout: 30_000 });
  expect(await readIdleMinutes(fleet)).toBe(12);
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
