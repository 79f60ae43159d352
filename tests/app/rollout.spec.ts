// A push in waves against real OpenSSH gateways: reviewed, paused after its canary, gone on with, stopped by a failure,
// tried again, and taken up after the app was killed in the middle.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator } from '@playwright/test';
import { stringify } from 'yaml';
import { runAsRoot } from '../support/as-root.ts';
import { resize, startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { goTo, showScheme } from '../support/screens.ts';
import { lookAtSmtp } from '../support/smtp-look.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';

const pictures = resolve(import.meta.dirname, '../../test-results/pictures');
const names = ['edge-1', 'edge-2', 'edge-3'];

let app: DesktopApp;
let home: string;
let gateways: SshdGateway[];

test.describe.configure({ mode: 'serial' });

/** What an administrator saved for all of them. */
async function saveForAll(idleTimeoutMinutes: number): Promise<void> {
  for (const [at, gateway] of gateways.entries()) await saveRecord(names[at] ?? '', gateway, idleTimeoutMinutes);
}

async function saveRecord(name: string, gateway: SshdGateway, idleTimeoutMinutes: number): Promise<void> {
  const { host, port, user, hostKey, clientKeyFile, smtpPort } = gateway;
  const file = join(home, `Postern/fleet/gateways/${name}.yaml`);
  const before = await readFile(file, 'utf8').catch(() => '');
  const lastPush = /^lastPush:\n(?: {2}.*\n)+/m.exec(before)?.[0] ?? '';
  const record = {
    ssh: { host, port, user, signIn: { kind: 'key', file: clientKeyFile } },
    hostKeys: [hostKey],
    tags: name === 'edge-2' ? ['canary'] : [],
    settings: { connections: { interface: { listenOn: { kind: 'loopback' }, port: smtpPort, idleTimeoutMinutes } } },
  };
  await writeFile(file, `${stringify(record)}${lastPush}`);
}

test.beforeAll(async () => {
  test.setTimeout(120_000);
  home = await mkdtemp(join(tmpdir(), 'postern-home-'));
  await mkdir(join(home, 'Postern/fleet/gateways'), { recursive: true });
  await mkdir(pictures, { recursive: true });
  gateways = [await startSshdGateway(), await startSshdGateway(), await startSshdGateway()];
  await saveForAll(7);
  await writeFile(join(home, 'Postern/fleet/gateways/silent.yaml'), 'ssh:\n  host: 127.0.0.1\n  port: 1\n');
  app = await startDesktopApp({ home, size: { width: 1280, height: 800 } });
});
test.afterAll(async () => {
  await app.close();
  for (const gateway of gateways) await gateway.stop();
  await rm(home, { recursive: true, force: true });
});

/** What the gateway itself has in force. */
async function runsWith({ root }: SshdGateway, idleTimeoutMinutes: number): Promise<boolean> {
  const revision = (await runAsRoot('cat', join(root, 'current'))).trim();
  const config = await runAsRoot('cat', join(root, 'releases', revision, 'config.json'));
  return config.includes(`"idleTimeoutMinutes":${idleTimeoutMinutes}`);
}

/** The rollout's state beside its title. */
async function expectRollout(words: string): Promise<void> {
  await app.window.locator('header').getByText(words, { exact: true }).waitFor({ timeout: 60_000 });
}
function line(gateway: string): Locator {
  const grid = app.window.getByRole('grid', { name: /^Gateways of this rollout/ });
  return grid.getByRole('row').filter({ hasText: gateway });
}
async function reviewAll(): Promise<void> {
  const { window } = app;
  await goTo(window, '/');
  await window.getByRole('checkbox', { name: 'Select all that match' }).click();
  await window.getByRole('button', { name: /^Review and push \d gateways/ }).click();
  await expect(window.getByText(/^Asking each gateway/)).toHaveCount(0, { timeout: 60_000 });
}
/** What of a row's words has no room in it. */
async function cutOff(row: Locator): Promise<string[]> {
  return row.evaluate((element) =>
    [...element.querySelectorAll('[role="gridcell"]')]
      .filter((cell) => cell.scrollHeight > cell.clientHeight + 1 || cell.scrollWidth > cell.clientWidth + 1)
      .map((cell) => cell.textContent),
  );
}
async function photograph(picture: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await showScheme(app.window, scheme);
    await app.window.screenshot({ path: join(pictures, `${picture}-${scheme}.png`) });
    const { violations } = await new AxeBuilder({ page: app.window }).setLegacyMode().analyze();
    expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))).toEqual([]);
  }
  await showScheme(app.window, 'light');
}

test('each is reviewed by its own agent, and who cannot be asked is left out', async () => {
  test.setTimeout(120_000);
  const { window } = app;
  await reviewAll();

  for (const name of names) await expect(window.getByRole('region', { name })).toContainText('7 minutes'); // each its port
  const silent = window.getByRole('checkbox', { name: /^Leave out 1 gateway that cannot be asked now: silent/ });
  await expect(silent).toBeChecked();
  await expect(window.getByText(/^Canary: edge-2\./)).toBeVisible();
  await window.getByLabel('Then batches of').fill('');
  await expect(window.getByText('Use a whole number from 1 to 1,000.')).toBeVisible();
  await expect(window.getByRole('button', { name: /^Start: push to 3 of 4/ })).toBeDisabled();
  await window.getByLabel('Then batches of').fill('1');
  await window.getByRole('checkbox', { name: 'Wait for me after the canaries' }).check();
  await expect(
    window.getByText('1 canary, then a pause until you go on, then 2 batches of up to 1. Stops at the first failure.'),
  ).toBeVisible();
  await photograph('rollout-review');
});

test('the canary goes first, the rest waits for a word, and all prove themselves', async () => {
  test.setTimeout(120_000);
  const { window } = app;
  await window.getByRole('button', { name: 'Start: push to 3 of 4' }).click();
  await expectRollout('Paused');
  await expect(line('edge-2')).toContainText('proved and confirmed');
  await expect(line('edge-1')).toContainText('Waiting');
  await photograph('rollout-paused');

  await window.getByRole('button', { name: 'Go on' }).click();
  await expectRollout('Finished');

  for (const gateway of gateways) expect((await lookAtSmtp(gateway.smtpPort)).banner).toMatch(/^220 /);
  await line('edge-3').click();
  const drawer = window.getByRole('dialog', { name: 'edge-3' });
  await expect(drawer.getByText('edge-3 runs')).toBeVisible();
  await window.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await app.chooseFile(join(home, 'report.txt'));
  await window.getByRole('button', { name: 'Report' }).click();
  await window.getByRole('menuitem', { name: 'As text' }).click();
  await expect(window.getByText('The report is in report.txt.')).toBeVisible();
  expect(await readFile(join(home, 'report.txt'), 'utf8')).toContain('edge-3');
});

test('equal changes are shown once; a canary that fails stops the rest, is tried again, and the rest goes on', async () => {
  test.setTimeout(180_000);
  const { window } = app;
  await saveForAll(9);
  await window.reload();
  await reviewAll();
  await expect(window.getByRole('region', { name: /3 gateways/ })).toContainText('9 minutes');
  await window.getByLabel('Then batches of').fill('2');
  const canary = gateways[1];
  await canary?.killDaemon();
  await window.getByRole('button', { name: 'Start: push to 3 of 4' }).click();
  await expectRollout('Stopped');
  await expect(line('edge-2')).toContainText('Failed');
  await expect(line('edge-1')).toContainText('Waiting');
  await expect(line('edge-2')).toContainText('Start it on the gateway'); // the next step
  for (const size of [
    { width: 1024, height: 700 },
    { width: 1280, height: 800 },
  ]) {
    await resize(app.electron, size);
    await expect.poll(() => cutOff(line('edge-2'))).toEqual([]);
    await photograph(`rollout-stopped-${size.width}`);
  }

  await canary?.startDaemon();
  const stopped = await window.evaluate(() => location.hash.slice(1));
  await window.getByRole('button', { name: 'Retry 1 failed' }).click();
  await expect(window.getByRole('heading', { name: 'Rollout to 1 gateway' })).toBeVisible();
  await expectRollout('Finished');
  await goTo(window, stopped);
  await window.getByRole('button', { name: 'Go on' }).click();
  await expectRollout('Finished with failures');
  await expect(line('edge-1')).toContainText('proved and confirmed');
});

test('a failure within the limit does not stop it, and Pause keeps the next batch back', async () => {
  test.setTimeout(120_000);
  const { window } = app;
  await saveForAll(10);
  await window.reload();
  await reviewAll();
  await window.getByLabel('Canaries first').fill('0'); // a canary that fails always stops it
  await window.getByLabel('Then batches of').fill('1');
  await window.getByLabel('Stop after').fill('2');
  await expect(window.getByText(/Stops at 2 failures\.$/)).toBeVisible();
  const [next, first] = gateways; // edge-2 has the tag, so it comes first
  await first?.killDaemon();
  await runAsRoot('kill', '-STOP', String(next?.daemonPid())); // its push now waits, as long as the test wants
  await window.getByRole('button', { name: 'Start: push to 3 of 4' }).click();
  await expect(line('edge-2')).toContainText('Failed');
  await expect(line('edge-1')).toContainText('Running');

  await window.getByRole('button', { name: 'Pause' }).click();
  await runAsRoot('kill', '-CONT', String(next?.daemonPid()));

  await expectRollout('Paused');
  await expect(line('edge-1')).toContainText('proved and confirmed');
  await expect(line('edge-3')).toContainText('Waiting');
  await first?.startDaemon();
  await window.getByRole('button', { name: 'Go on' }).click();
  await expectRollout('Finished with failures');
  await expect(line('edge-3')).toContainText('proved and confirmed');
});

test('a rollout that a kill of the app cut off is offered again and ends truly', async () => {
  test.setTimeout(240_000);
  await saveForAll(11);
  await app.window.reload();
  await reviewAll();
  const held = gateways[1];
  await runAsRoot('kill', '-STOP', String(held?.daemonPid())); // its push now waits, as long as the test wants
  await app.window.getByRole('button', { name: 'Start: push to 3 of 4' }).click();
  await expectRollout('Running');
  await expect(line('edge-2')).toContainText('Running');
  const ended = new Promise((done) => app.electron.process().once('exit', done));
  app.electron.process().kill('SIGKILL');
  await ended;
  await runAsRoot('kill', '-CONT', String(held?.daemonPid()));

  app = await startDesktopApp({ home, size: { width: 1280, height: 800 } });
  const { window } = app;
  await goTo(window, '/rollouts');
  await expect(window.getByRole('alert').filter({ hasText: 'was interrupted' })).toBeVisible({ timeout: 60_000 });
  await photograph('rollouts');
  await window.getByRole('alert').getByRole('button', { name: 'Go on' }).click();

  await expect
    .poll(async () => (await window.locator('header').first().textContent()) ?? '', { timeout: 120_000 })
    .toMatch(/Finished|Stopped/);
  for (const [at, gateway] of gateways.entries()) {
    const told = line(names[at] ?? '');
    await expect(told).not.toContainText('Running');
    const isToldToRunIt = /proved and confirmed/.test((await told.textContent()) ?? '');
    expect({ at, runsIt: await runsWith(gateway, 11) }).toEqual({ at, runsIt: isToldToRunIt });
  }
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
