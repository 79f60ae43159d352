// A newcomer's first minutes: empty app, local gateway, every section edited, pushed, proved; then things go wrong.
import { createServer } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { findFreePort } from '../support/free-port.ts';
import { makePemPair, type PemPair } from '../support/pem-files.ts';
import { push, review, shownPort, startLocalGateway } from '../support/screens.ts';
import { lookAtSmtp } from '../support/smtp-look.ts';

/** The sample of connections.md, as it stands. */
const sample = `192.168.1.1
192.168.2.0:255.255.255.0
192.168.3.1:255.255.255.128
192.168.4.100
192.168.5.32:255.255.255.192
2001:db8:10ff::ae:44f2
2001:db8::/32
`;
const passphrase = 'correct horse battery';

let app: DesktopApp;
let files: string;
let pair: PemPair;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'postern-files-'));
  pair = await makePemPair(files, passphrase);
  await writeFile(join(files, 'sample.txt'), sample);
  await writeFile(join(files, 'other.key'), (await makePemPair(await mkdtemp(join(files, 'other-')), 'x')).key);
  app = await startDesktopApp();
});
test.afterAll(async () => {
  await app.close();
  await rm(files, { recursive: true });
});

async function upload(label: string, file: string): Promise<void> {
  await app.chooseFile(join(files, file));
  await app.window.getByRole('button', { name: `Browse for ${label}` }).click();
  await app.window.getByRole('button', { name: `Upload ${label}` }).click();
}

test('the first screen offers both beginnings, and the keychain needs no question', async () => {
  const { window } = app;

  await expect(window.getByRole('button', { name: 'Add a gateway' })).toBeVisible();
  await expect(window.getByRole('button', { name: 'Try it on this computer' })).toBeVisible();
  await expect(window.getByText('Choose a passphrase')).toHaveCount(0);
});

test('the local gateway starts, and its Connections screen opens', async () => {
  await startLocalGateway(app.window);

  const look = await lookAtSmtp(await shownPort(app.window));
  expect(look.banner).toMatch(/^220 /);
  expect(look.offersStartTls).toBe(false);
});

test('every number of SMTP Interface says why it is refused', async () => {
  const { window } = app;
  const before = await shownPort(window);
  await window.getByLabel('Port', { exact: true }).fill('70000');

  await expect(window.getByText(/from 1 to 65,535/).first()).toBeVisible();
  await expect(window.getByRole('button', { name: /^Review/ })).toBeDisabled();

  await window.getByLabel('Port', { exact: true }).fill(String(before));
  await window.getByLabel('Disconnect after').fill('3');
  await expect(window.getByText(/RFC 5321/).first()).toBeVisible();
});

test('the sample list imports as it stands', async () => {
  const { window } = app;
  await app.chooseFile(join(files, 'sample.txt'));
  await window.getByRole('button', { name: 'Import from file' }).click();
  await window.getByRole('button', { name: /Choose a file/ }).click();

  await expect(window.getByText('192.168.3.0/25').first()).toBeVisible();
  await window.getByRole('button', { name: /Next|Continue/ }).click();
  await window
    .getByRole('dialog')
    .getByRole('button', { name: /Merge|Import|Replace/ })
    .last()
    .click();

  await expect(window.getByText('7 entries')).toBeVisible();
});

test('an entry is added by hand, removed, and brought back', async () => {
  const { window } = app;
  await window.getByText('Single computer', { exact: true }).click();
  await window.getByRole('textbox', { name: 'IP address' }).fill('127.0.0.66');
  await window.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(window.getByText('8 entries')).toBeVisible();

  await window.getByRole('textbox', { name: /Filter entries/ }).fill('127.0.0.66');
  await window.getByRole('checkbox', { name: /127\.0\.0\.66/ }).check();
  await window
    .getByRole('button', { name: /Remove/ })
    .first()
    .click();
  await window.getByRole('button', { name: 'Undo' }).first().click();
  await window.getByRole('button', { name: 'Clear the filter' }).click();

  await expect(window.getByText('8 entries')).toBeVisible();
});

test('incoming TLS waits for its files, and an encrypted key asks for its passphrase once', async () => {
  const { window } = app;
  await expect(window.getByLabel('Enable incoming TLS')).toBeDisabled();
  await writeFile(join(files, 'encrypted.key'), pair.encryptedKey);

  await upload('Private key', 'encrypted.key');
  await window.getByLabel('Passphrase').first().fill('not the passphrase');
  await window
    .getByRole('dialog')
    .getByRole('button', { name: /Open|Upload|Use/ })
    .click();
  await expect(
    window
      .getByText(/passphrase/i)
      .filter({ hasText: /wrong|not/i })
      .first(),
  ).toBeVisible();
  await window.getByLabel('Passphrase').first().fill(passphrase);
  await window
    .getByRole('dialog')
    .getByRole('button', { name: /Open|Upload|Use/ })
    .click();
  await expect(window.getByText('EC P-256').first()).toBeVisible();

  await upload('SMTP server certificate', 'cert.pem');
  await expect(window.getByText('mx1.example.test').first()).toBeVisible();
  await window.getByLabel('Enable incoming TLS').check({ force: true });
  await expect(window.getByLabel('Enable incoming TLS')).toBeChecked();
});

test('a key in the place of the certificate is named as what it is', async () => {
  await upload('CA certificate', 'key.pem');

  await expect(
    app.window
      .getByRole('alert')
      .filter({ hasText: /private key/i })
      .first(),
  ).toBeVisible();
  await app.window.getByRole('button', { name: 'Drop the choice' }).click();
});

test('the review says in words what changes, and the push proves it', async () => {
  const { window } = app;
  await window.getByText('Allow up to', { exact: true }).click();
  await review(window);
  const drawer = window.getByRole('dialog');
  await expect(drawer.getByText('5 minutes').first()).toBeVisible();
  await expect(drawer.getByText(/8 entries/).first()).toBeVisible();
  await expect(drawer.getByText('mx1.example.test').first()).toBeVisible();

  await push(window);

  for (const step of ['Proof on the gateway', 'Proof from here']) {
    await expect(drawer.getByText(step).first()).toBeVisible();
  }
  await drawer.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(window.getByText('In sync').first()).toBeVisible();
  const look = await lookAtSmtp(await shownPort(window));
  expect(look.offersStartTls).toBe(true);
  const refused = await lookAtSmtp(await shownPort(window), '127.0.0.66');
  expect(refused.banner).toMatch(/^554 5\.7\.1 /);
});

test('the save is a commit, and no secret lies in the fleet folder', async () => {
  const head = await readFile(join(app.home, 'Postern/fleet/.git/HEAD'), 'utf8');
  const yaml = await readFile(join(app.home, 'Postern/fleet/gateways/this-computer.yaml'), 'utf8');

  expect(head).toContain('refs/heads/');
  expect(yaml).toContain('offersStartTls: true');
  expect(yaml).not.toContain('PRIVATE KEY');
  expect(yaml).not.toContain(passphrase);
});

test('a port that another program holds is refused by name, and the old port keeps serving', async () => {
  const { window } = app;
  const before = await shownPort(window);
  const holder = createServer().listen(await findFreePort(), '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const { port } = holder.address() as { port: number };
  await window.getByLabel('Port', { exact: true }).fill(String(port));

  await review(window);

  await expect(
    window
      .getByRole('dialog')
      .getByText(new RegExp(`Port ${port} .*held`))
      .first(),
  ).toBeVisible();
  await expect(window.getByRole('button', { name: /^Push to/ })).toBeDisabled();
  await window.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  expect((await lookAtSmtp(before)).banner).toMatch(/^220 /);
  await new Promise((resolve) => holder.close(resolve));
  await window.getByLabel('Port', { exact: true }).fill(String(before));
});

test('a key that does not match its certificate is said at once and cannot be pushed', async () => {
  const { window } = app;
  await upload('Private key', 'other.key');

  await expect(window.getByText(/does not match|do not match|not belong/i).first()).toBeVisible();
  await expect(window.getByRole('button', { name: /^Review/ })).toBeDisabled();
  await window.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(window.getByText(/does not match|do not match|not belong/i)).toHaveCount(0);
});

test('deny all with an empty list is warned about, asked once more, and proved', async () => {
  const { window } = app;
  await window.getByText(/^Deny all, except the following list/).click();
  await review(window);
  await expect(
    window
      .getByRole('dialog')
      .getByText(/refuse every|refuses every/i)
      .first(),
  ).toBeVisible();

  await window.getByRole('button', { name: 'Push to this-computer' }).click();
  await expect(window.getByText('Refuse every client?')).toBeVisible();
  await window.getByRole('button', { name: 'Push and refuse everybody' }).click();
  await expect(window.getByRole('button', { name: 'Close', exact: true })).toBeVisible({ timeout: 60_000 });

  await expect(window.getByText(/refused as expected|expected refusal|refused, as/i).first()).toBeVisible();
  await window.getByRole('button', { name: 'Close', exact: true }).click();
  expect((await lookAtSmtp(await shownPort(window))).banner).toMatch(/^554 5\.7\.1 /);
});

test('a gateway that died is said to be unreachable, with the next step', async () => {
  const { window } = app;
  await app.electron.evaluate(() => {
    // The agent is a child of the main process; the test ends it as a crash would.
    const { execFileSync } = process.getBuiltinModule?.('node:child_process') ?? require('node:child_process');
    const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
    for (const line of (children as string).split('\n')) {
      if (line.includes('gateway-agent.cjs')) process.kill(Number(line.trim().split(' ')[0]), 'SIGKILL');
    }
  });
  await window.getByLabel('Disconnect after').fill('7');
  await review(window);

  await expect(
    window
      .getByRole('dialog')
      .getByText(/cannot be reached|does not answer|refused the connection/i)
      .first(),
  ).toBeVisible();
});
