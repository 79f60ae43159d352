// What goes wrong on the way to a gateway, and what the operator reads then: the old settings keep serving.
import { createServer } from 'node:net';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { processBelow } from '../support/processes-below.ts';
import { findFreePort } from '../support/free-port.ts';
import { makePemPair } from '../support/pem-files.ts';
import {
  closeDrawer,
  expectState,
  localName,
  push,
  pushDraft,
  partOf,
  review,
  shownPort,
  startLocalGateway,
  upload,
  uploadPair,
  cancelDraft,
  enableIncomingTls,
  expectProved,
} from '../support/screens.ts';
import { lookAtSmtp } from '../support/smtp-look.ts';

let app: DesktopApp;
let files: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'postern-files-'));
  await makePemPair(files, 'x');
  await mkdir(join(files, 'other'));
  await makePemPair(join(files, 'other'), 'x');
  app = await startDesktopApp();
  await startLocalGateway(app.window);
});
test.afterAll(async () => {
  await app.close();
  await rm(files, { recursive: true });
});

test('a port that another program holds is refused by name, and the old port keeps serving', async () => {
  const { window } = app;
  const before = await shownPort(window);
  const holder = createServer().listen(await findFreePort(), '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const { port } = holder.address() as { port: number };
  await window.getByLabel('Port', { exact: true }).fill(String(port));

  const open = await review(window);

  const words = open.getByText(new RegExp(`^Port ${port} is held by .*process ${process.pid} `));
  await expect(words).toBeVisible();
  await expect(open.getByRole('button', { name: /^Push to/ })).toBeDisabled();
  await open.getByRole('button', { name: 'Cancel' }).click();
  expect((await lookAtSmtp(before)).banner).toMatch(/^220 /);
  await new Promise((resolve) => holder.close(resolve));
  await cancelDraft(window);
  expect(await shownPort(window)).toBe(before);
});

test('a key that does not match its certificate is said at once and cannot be pushed', async () => {
  const { window } = app;
  await uploadPair(app, files);
  await enableIncomingTls(window);
  await pushDraft(window);
  const before = await lookAtSmtp(await shownPort(window));

  await upload(app, 'Private key', join(files, 'other/key.pem'));

  const words = window.getByText('This certificate and the private key above do not belong together.');
  await expect(words).toBeVisible();
  await expect(window.getByRole('button', { name: /^Review/ })).toBeDisabled();
  await cancelDraft(window);
  await expect(words).toHaveCount(0);
  expect(before.fingerprint).not.toBeNull();
  expect((await lookAtSmtp(await shownPort(window))).fingerprint).toBe(before.fingerprint);
});

test('deny all with an empty list is warned about, asked once more, and proved as a refusal', async () => {
  const { window } = app;
  await window.getByText(/^Deny all, except the following list/).click();
  await expect(window.getByText('The list is empty, so this refuses everybody.')).toBeVisible();
  const open = await review(window);
  await expect(open.getByText(/refuses? every/i).first()).toBeVisible();

  const question = window.getByRole('dialog', { name: 'Refuse every client?' });
  await open.getByRole('button', { name: `Push to ${localName}` }).click();
  await question.getByRole('button', { name: 'Back to the review' }).click();
  await expect(question).toBeHidden();
  expect((await lookAtSmtp(await shownPort(window))).banner).toMatch(/^220 /);
  await open.getByRole('button', { name: `Push to ${localName}` }).click();
  await question.getByRole('button', { name: 'Push and refuse everybody' }).click();
  await expect(open.getByRole('button', { name: 'Close', exact: true })).toBeVisible({ timeout: 60_000 });

  await expect(open.getByText(/refused this address, as its rules say/)).toBeVisible();
  await closeDrawer(window);
  expect((await lookAtSmtp(await shownPort(window))).banner).toMatch(/^554 5\.7\.1 /);
});

test('a push that is cancelled in the middle says how it ended and changes nothing', async () => {
  const { window } = app;
  const port = await shownPort(window);
  await window.getByText(/^Accept all, except the following list/).click();
  const open = await review(window);
  process.kill(daemonPid(), 'SIGSTOP'); // the push now waits for the daemon, as long as the test wants
  try {
    await open.getByRole('button', { name: `Push to ${localName}` }).click();
    await expect(open.getByRole('img', { name: 'running' })).toBeVisible();
    await open.getByRole('button', { name: 'Cancel the push' }).click();
    await expect(open.getByRole('button', { name: 'Cancelling…' })).toBeVisible();
  } finally {
    process.kill(daemonPid(), 'SIGCONT');
  }

  await expect(open.getByRole('button', { name: 'Close', exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(open.getByRole('alert').filter({ hasText: /cancel|not known|went back/i })).toBeVisible();
  await expect(open.getByText(/proved and confirmed/)).toHaveCount(0);
  expect((await lookAtSmtp(port)).banner).toMatch(/^554 5\.7\.1 /);
  await open.getByRole('button', { name: 'Retry' }).click();
  await expectProved(window);
  await closeDrawer(window);
  expect((await lookAtSmtp(port)).banner).toMatch(/^220 /);
});

test('a gateway that died is said to be unreachable, with the next step, and edits are kept', async () => {
  const { window } = app;
  process.kill(daemonPid(), 'SIGKILL');
  await window.getByLabel('Disconnect after').fill('7');
  const open = await review(window);
  await expect(open.getByText('Judged on this computer only.')).toBeVisible();

  await push(window);

  await expect(partOf(window, localName).getByText(`${localName} cannot be reached`)).toBeVisible();
  await expect(open.getByText('Check the port, and that the service runs on the gateway.')).toBeVisible();
  await expect(open.getByRole('button', { name: 'Retry' })).toBeVisible();
  await closeDrawer(window);
  await expectState(window, 'Unreachable');
  await expect(window.getByRole('alert').filter({ hasText: 'You can edit and save; the push waits.' })).toBeVisible();
  await expect(window.getByLabel('Disconnect after')).toHaveValue('7');
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});

/** The local gateway's daemon. */
function daemonPid(): number {
  return processBelow(app.electron.process().pid ?? 0, /gateway-agent\.cjs daemon/);
}
