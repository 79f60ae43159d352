// A newcomer's first minutes: empty app, local gateway, every section of Connections edited, pushed and proved.
import fs from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { expect, test } from '@playwright/test';
import git from 'isomorphic-git';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { everythingIn } from '../support/everything-in.ts';
import { makePemPair, type PemPair } from '../support/pem-files.ts';
import {
  closeDrawer,
  expectEntries,
  expectState,
  importUpToChoice,
  localName,
  push,
  review,
  shownPort,
  startLocalGateway,
  upload,
  enableIncomingTls,
} from '../support/screens.ts';
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
/** What an export of it says; the two entries with host bits became networks. */
const sampleExported = sample.replace('192.168.3.1:', '192.168.3.0:').replace('192.168.5.32:', '192.168.5.0:').trim();
const passphrase = 'correct horse battery';
const wrongPassphrase = 'not the passphrase';

let app: DesktopApp;
let files: string;
let pair: PemPair;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'postern-files-'));
  pair = await makePemPair(files, passphrase);
  await writeFile(join(files, 'sample.txt'), sample);
  app = await startDesktopApp();
});
test.afterAll(async () => {
  await app.close();
  await rm(files, { recursive: true });
});

test('the first screen offers both beginnings, and the keychain needs no question', async () => {
  const { window } = app;

  await expect(window.getByRole('button', { name: 'Add a gateway' })).toBeVisible();
  await expect(window.getByRole('button', { name: 'Try it on this computer' })).toBeVisible();
  await expect(window.getByRole('button', { name: /passphrase/i })).toHaveCount(0);
});

test('the local gateway starts, and its Connections screen opens', async () => {
  await startLocalGateway(app.window);

  const look = await lookAtSmtp(await shownPort(app.window));
  expect(look.banner).toMatch(/^220 /);
  expect(look.offersStartTls).toBe(false);
});

test('every number of SMTP Interface says beside the field why it is refused', async () => {
  const { window } = app;
  const before = await shownPort(window);
  const port = window.getByLabel('Port', { exact: true });
  const reviewButton = window.getByRole('button', { name: /^Review changes/ });
  await expect(reviewButton).toBeDisabled();

  for (const [typed, words] of [
    ['70000', 'Use a whole number from 1 to 65,535.'],
    ['465', 'Port 465 is for TLS from the first byte'],
  ] as const) {
    await port.fill(typed);
    await expect(window.getByRole('alert').filter({ hasText: words })).toBeVisible();
    await expect(reviewButton).toBeDisabled();
  }
  await port.fill(String(before));
  await window.getByLabel('Disconnect after').fill('1441');
  await expect(window.getByRole('alert').filter({ hasText: 'from 1 to 1,440' })).toBeVisible();
  await window.getByLabel('Disconnect after').fill('3');
  await expect(window.getByText(/RFC 5321 asks for 5/)).toBeVisible();
  await expect(reviewButton).toBeEnabled();
});

test('the sample list imports as it stands, with its two notices', async () => {
  const dialog = await importUpToChoice(app, join(files, 'sample.txt'));
  await expect(dialog.getByRole('button', { name: /^2\s*Normalised/ })).toHaveAttribute('aria-pressed', 'true');
  await expect(dialog.getByRole('row').filter({ hasText: '→ 192.168.3.0/25' })).toBeVisible();
  await expect(dialog.getByRole('row').filter({ hasText: '→ 192.168.5.0/26' })).toBeVisible();
  await expect(dialog.getByRole('button', { name: /^0\s*Refused/ })).toBeVisible();

  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByRole('button', { name: 'Add 7 entries' }).click();

  await expect(dialog).toBeHidden();
  await expectEntries(app.window, 7);
});

test('an entry is added by hand, found, removed, and brought back', async () => {
  const { window } = app;
  await window.getByText('Single computer', { exact: true }).click();
  await window.getByRole('textbox', { name: 'IP address' }).fill('127.0.0.66');
  await window.getByRole('button', { name: 'Add', exact: true }).click();
  await expectEntries(window, 8);

  await window.getByRole('textbox', { name: /Filter entries/ }).fill('127.0.0.66');
  await expect(window.getByText('127.0.0.66 is refused: entry 127.0.0.66 matches.')).toBeVisible();
  await window.getByRole('checkbox', { name: 'Mark 127.0.0.66' }).check();
  await window.getByRole('button', { name: 'Remove 1', exact: true }).click();
  await expectEntries(window, 7);
  await window.getByRole('button', { name: /^Undo: / }).click();

  await expectEntries(window, 8);
  await window.getByRole('button', { name: 'Clear the filter' }).click();
});

test('a group of computers takes an IPv4 mask, and refuses one with a hole', async () => {
  const { window } = app;
  await window.getByText('Group of computers', { exact: true }).click();
  await window.getByRole('textbox', { name: 'Subnet address' }).fill('198.51.100.0');
  await window.getByRole('textbox', { name: 'Subnet mask' }).fill('255.0.255.0');
  await window.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(window.getByRole('alert').filter({ hasText: /mask/i })).toBeVisible();

  await window.getByRole('textbox', { name: 'Subnet mask' }).fill('255.255.255.0');
  await window.getByRole('button', { name: 'Add', exact: true }).click();

  await expectEntries(window, 9);
  await expect(window.getByRole('row').filter({ hasText: '198.51.100.0/24' })).toBeVisible();
});

test('an exported list with a note imports to the same list', async () => {
  const { window } = app;
  const row = window.getByRole('row').filter({ hasText: '192.168.2.0/24' });
  await row.locator('[data-note]').click();
  await window.getByRole('textbox', { name: 'Note of 192.168.2.0/24' }).fill('branch office');
  await window.keyboard.press('Enter');
  await expect(row.getByText('branch office')).toBeVisible();
  const [first, second] = [join(files, 'first.txt'), join(files, 'second.txt')];
  await app.chooseFile(first);
  await window.getByRole('button', { name: 'Export' }).click();
  await expect(window.getByText('Exported to first.txt.')).toBeVisible();

  const dialog = await importUpToChoice(app, first);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByRole('radio', { name: /^Replace/ }).check();
  await dialog.getByRole('button', { name: 'Replace by 9 entries' }).click();
  await expect(dialog).toBeHidden();
  await app.chooseFile(second);
  await window.getByRole('button', { name: 'Export' }).click();
  await expect(window.getByText('Exported to second.txt.')).toBeVisible();

  const exported = (await readFile(first, 'utf8')).trim().split('\n');
  expect(exported).toContain('192.168.2.0:255.255.255.0 # branch office');
  expect(exported.map((line) => line.replace(/ #.*/, '')).toSorted()).toEqual(
    [...sampleExported.split('\n'), '127.0.0.66', '198.51.100.0:255.255.255.0'].toSorted(),
  );
  expect(await readFile(second, 'utf8')).toBe(await readFile(first, 'utf8'));
});

test('incoming TLS waits for its files, and an encrypted key asks for its passphrase once', async () => {
  const { window } = app;
  const offers = window.getByRole('switch', { name: 'Enable incoming TLS' });
  await expect(offers).toBeDisabled();

  await upload(app, 'Private key', join(files, 'encrypted.pem'));
  const dialog = window.getByRole('dialog', { name: 'This private key is encrypted' });
  await dialog.getByLabel(/^Passphrase of/).fill(wrongPassphrase);
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect(dialog.getByText(/passphrase/i).filter({ hasText: /wrong|does not|not open/i })).toBeVisible();
  await dialog.getByLabel(/^Passphrase of/).fill(passphrase);
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect(dialog).toBeHidden();

  await expect(offers).toBeDisabled();
  await upload(app, 'SMTP server certificate', join(files, 'cert.pem'));
  await expect(window.getByText('The private key and the certificate belong together.')).toBeVisible();
  const { fingerprint256 } = new X509Certificate(pair.certificate);
  await expect(window.getByText(fingerprint256)).toBeVisible();
  await enableIncomingTls(window);
  await expect(offers).toBeChecked();
});

test('a key in the place of a certificate is named as what it is', async () => {
  await upload(app, 'CA certificate', join(files, 'key.pem'));

  await expect(app.window.getByRole('alert').filter({ hasText: /private key/i })).toBeVisible();
});

test('the review says in words what changes, and the push proves it twice', async () => {
  const { window } = app;
  await window.getByText('Allow up to', { exact: true }).click();
  const open = await review(window);
  const changes = open.getByRole('region', { name: 'Changes' });
  await expect(changes).toContainText(/Disconnect after\s*5 minutes[^3]*3 minutes/);
  await expect(changes).toContainText(/No limit[^1]*1,?000/);
  await expect(changes).toContainText(/9 entries/);
  await expect(changes).toContainText('mx1.example.test');

  await push(window);

  for (const step of [
    'Sign in',
    'Check on the gateway',
    'Store',
    'Switch',
    'Proof on the gateway',
    'Proof from here',
    'Confirm',
  ]) {
    await expect(open.getByRole('listitem').filter({ hasText: step }).getByRole('img', { name: 'done' })).toBeVisible();
  }
  const port = await shownPort(window);
  await expect(
    open.getByText(new RegExp(`^Proved on the gateway \\(banner, TLSv1.3, certificate\\).* port ${port}`)),
  ).toBeVisible();
  await expect(open.getByText(`Proved from this computer: 127.0.0.1 port ${port}, TLSv1.3.`)).toBeVisible();
  await closeDrawer(window);
  await expectState(window, 'In sync');
});

test('the listener obeys: the served certificate is the uploaded one, and the denied address is refused', async () => {
  const port = await shownPort(app.window);

  const allowed = await lookAtSmtp(port);
  const denied = await lookAtSmtp(port, '127.0.0.66');

  expect(allowed.banner).toMatch(/^220 /);
  expect(allowed.fingerprint).toBe(new X509Certificate(pair.certificate).fingerprint256);
  expect(denied.banner).toMatch(/^554 5\.7\.1 /);
});

test('the save is a commit with its author and the words of the review', async () => {
  const log = await git.log({ fs, dir: join(app.home, 'Postern/fleet') });
  const saved = log.find(({ commit }) => commit.message.includes('Deny list'));

  expect(saved?.commit.author.name).not.toBe('');
  expect(saved?.commit.message).toContain('SMTP server certificate: None → CN=mx1.example.test');
  expect(saved?.commit.message).toMatch(/5 minutes.*3 minutes/s);
});

test('no secret lies in the fleet folder, its history, or in clear beside it', async () => {
  const secrets = [passphrase, wrongPassphrase, ...keyLines(pair.key), 'PRIVATE KEY'];
  const fleet = await everythingIn(join(app.home, 'Postern/fleet'));
  expect(fleet.get(`gateways/${localName}.yaml`)).toContain('offersStartTls: true');

  for (const [name, content] of fleet) {
    for (const secret of secrets) expect(content.includes(secret), `${name} holds a secret`).toBe(false);
  }
  for (const [name, content] of await everythingIn(join(app.home, 'Postern'))) {
    if (name.startsWith('local-gateway/')) continue; // the gateway itself has to read its key
    for (const secret of keyLines(pair.key)) expect(content.includes(secret), `${name} holds the key`).toBe(false);
  }
  expect(app.errors()).not.toContain(passphrase);
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});

/** The lines of a key's body: one of them gives it away. */
function keyLines(pem: string): string[] {
  return pem.split('\n').filter((line) => line.length >= 40 && !line.startsWith('-'));
}
