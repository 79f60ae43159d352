// Two hundred gateways are pushed through the window, and neither it nor the main process is ever busy for long: SSH,
// git and the vault have a process of their own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { longestTasksDuring, type LongestTasks } from '../support/longest-task.ts';
import { startSimulatedFleet, type SimulatedFleet } from '../support/simulated-fleet.ts';

const count = 200;
/** Issue 4. A longer one is felt: https://web.dev/articles/rail */
const longTaskMilliseconds = 50;

// A neighbour who takes the caches away makes even processor time longer; twice over the limit is no neighbour.
test.describe.configure({ mode: 'serial', retries: 1 });

let app: DesktopApp;
let home: string;
let fleet: SimulatedFleet;

test.beforeAll(async () => {
  test.setTimeout(60_000);
  home = await mkdtemp(join(tmpdir(), 'postern-home-'));
  fleet = await startSimulatedFleet(join(home, 'Postern'), count);
  await fleet.change(77);
  app = await startDesktopApp({ home, size: { width: 1280, height: 800 } });
});
test.afterAll(async () => {
  await app.close({ keepsHome: true });
  await fleet.stop();
  await rm(home, { recursive: true, force: true });
});

test('the trace shows when either is busy', async () => {
  const seen = await longestTasksDuring(app, async () => {
    await app.electron.evaluate(keepBusy);
    await app.window.evaluate(keepBusy);
    await app.window.waitForTimeout(1500);
  });

  expect(seen.main).toBeGreaterThan(longTaskMilliseconds);
  expect(seen.window).toBeGreaterThan(longTaskMilliseconds);
});

/** In the app: one task, begun by a timer as most are, so long that its processor time is over the limit anywhere. */
function keepBusy(): void {
  setTimeout(() => {
    for (const end = performance.now() + 300; performance.now() < end;);
  }, 10);
}

test('neither window nor main process has a task over 50 ms while 200 gateways are pushed', async () => {
  test.setTimeout(120_000);
  const { window } = app;
  await window.getByRole('checkbox', { name: 'Select all that match' }).click();

  const review = await longestTasksDuring(app, async () => {
    await window.getByRole('button', { name: `Review and push ${count} gateways` }).click();
    await window.getByText(/^Canaries: /).waitFor();
    await expect(window.getByText(/^Asking each gateway/)).toHaveCount(0, { timeout: 60_000 });
  });
  await window.getByRole('checkbox', { name: 'Wait for me after the canaries' }).uncheck();
  await window.getByLabel('Then batches of').fill(String(count));
  const push = await longestTasksDuring(app, async () => {
    await window.getByRole('button', { name: `Start: push to ${count}` }).click();
    await window.locator('header').getByText('Finished', { exact: true }).waitFor({ timeout: 60_000 });
  });

  console.log(`longest tasks: review ${inWords(review)}; push ${inWords(push)}`);
  await expect(window.getByRole('status').filter({ hasText: `${count} ended as asked` })).toBeVisible();
  expect(review.main).toBeLessThanOrEqual(longTaskMilliseconds);
  expect(push.main).toBeLessThanOrEqual(longTaskMilliseconds);
  expect(push.window).toBeLessThanOrEqual(longTaskMilliseconds);
});

function inWords({ main, window }: LongestTasks): string {
  return `main process ${main.toFixed(1)} ms, window ${window.toFixed(1)} ms`;
}
