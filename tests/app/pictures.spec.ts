// Pictures of the real app for README and docs: `npm run pictures`. No part of the tests: nobody reads what it looks at.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { parse, stringify } from 'yaml';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { findFreePort } from '../support/free-port.ts';
import { makePemPair } from '../support/pem-files.ts';
import {
  addGateway,
  drawer,
  expectEntries,
  expectState,
  goTo,
  importUpToChoice,
  listenOn,
  openTab,
  push,
  pushDraft,
  review,
  showScheme,
  uploadPair,
  enableIncomingTls,
  expectProved,
} from '../support/screens.ts';
import { greetedClient } from '../support/smtp-client.ts';
import { lookAtSmtp } from '../support/smtp-look.ts';
import { TestNextHop } from '../support/smtp-next-hop.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';

const pictures = resolve(import.meta.dirname, '../../docs/pictures');
const name = 'mx1.example.net';
const list = `192.0.2.0/24 # bulk sender, ticket 4711
198.51.100.23 # retries without end
203.0.113.128/25 # former customer
2001:db8:10ff::/48 # open proxies
127.0.0.66 # lab, refused on purpose
`;

const routeTable = `partner.example.com  static  10.20.0.5:25 preference 10, 10.20.0.6:25 preference 20  tls required
*.lab.example.net    static  10.30.0.9:2525  tls off
billing@example.net  static  10.20.0.7:25
example.org          mx
*.example.org        mx mx.example.org  tls required
`;

let app: DesktopApp;
let gateway: SshdGateway;
let files: string;
const nextHop = new TestNextHop({});

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  files = await mkdtemp(join(tmpdir(), 'postern-files-'));
  await makePemPair(files, 'x', name);
  await writeFile(join(files, 'deny-list.txt'), list);
  await writeFile(join(files, 'routes.txt'), routeTable);
  await nextHop.listen();
  gateway = await startSshdGateway();
  app = await startDesktopApp({ size: { width: 1280, height: 800 } });
});
test.afterAll(async () => {
  await app.close();
  await gateway.stop();
  await nextHop.close();
  await rm(files, { recursive: true });
});

type Scheme = 'light' | 'dark';

/** One picture in each scheme; the pointer rests where nothing answers to it. */
async function takePictures(picture: string, schemes: readonly Scheme[] = ['light', 'dark']): Promise<void> {
  for (const scheme of schemes) {
    await showScheme(app.window, scheme);
    await app.window.mouse.move(2, 2);
    await app.window.screenshot({ path: join(pictures, `${picture}-${scheme}.png`), animations: 'disabled' });
  }
  await showScheme(app.window, 'light');
}

test('a gateway is set up and its push photographed', async () => {
  const { window } = app;
  await addGateway(window, { name, port: gateway.port, user: gateway.user, keyFile: gateway.clientKeyFile });
  await listenOn(window, gateway.smtpPort);
  await window.getByText('Allow up to', { exact: true }).click();
  const dialog = await importUpToChoice(app, join(files, 'deny-list.txt'));
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByRole('button', { name: 'Add 5 entries' }).click();
  await expectEntries(window, 5);
  await uploadPair(app, files);
  await enableIncomingTls(window);
  await window.getByRole('tab', { name: 'SMTP', exact: true }).click();
  await window.getByRole('radio', { name: 'This name:' }).check();
  await window.getByLabel('Own greeting name').fill(name);
  await window.getByRole('tab', { name: 'Message Rule' }).click();
  await window.getByLabel('Relay domains').fill('example.net\n*.example.net\nexample.org\npartner.example.com');
  await window.getByRole('tab', { name: 'Message Delivery' }).click();
  await window.getByRole('radio', { name: 'One server, the next hop' }).check();
  await window.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await window.getByRole('textbox', { name: 'Port', exact: true }).fill(String(nextHop.port));
  await app.chooseFile(join(files, 'routes.txt'));
  await window.getByRole('button', { name: 'Import', exact: true }).click();
  await window.getByRole('button', { name: 'Take 5 routes', exact: true }).click();
  await pushDraft(window, name);
  await goTo(window, `/gateways/${name}/connections`);
  await window
    .getByRole('heading', { name: 'SMTP Interface' })
    .evaluate((title) => title.scrollIntoView({ block: 'end' }));
  await expect(window.getByText('is added: agent')).toHaveCount(0);
  await takePictures('connections');

  await window.getByLabel('Disconnect after').fill('10');
  await window.getByLabel('Allow up to this many connections').fill('2000');
  await window.getByRole('textbox', { name: /^Address, network/ }).fill('203.0.113.7 # guesses passwords');
  await window.getByRole('button', { name: 'Add', exact: true }).click();
  await expectEntries(window, 6);
  await window
    .getByRole('heading', { name: 'SMTP Interface' })
    .evaluate((title) => title.scrollIntoView({ block: 'end' }));
  await review(window);
  await takePictures('review');
  await push(window, name);
  await expectProved(window, name);
  await takePictures('proof');
  await drawer(window).getByRole('button', { name: 'Close', exact: true }).click();
  await expect(drawer(window)).toBeHidden();
});

test('its certificate and its Live tab are photographed', async () => {
  const { window } = app;
  await window.getByRole('heading', { name: 'Transport Layer Security' }).evaluate((title) => title.scrollIntoView());
  await expect(window.getByText('The gateway serves this certificate now.')).toBeVisible();
  await takePictures('tls');

  const client = await greetedClient(gateway.smtpPort);
  for (const to of ['ada@example.net', 'bob@example.net']) await client.sendMail({ to: [to] });
  for (let times = 0; times < 3; times += 1) await lookAtSmtp(gateway.smtpPort, '127.0.0.66');
  await window.getByRole('tab', { name: 'Live', exact: true }).click();
  await expect(window.getByText('3 by the deny list')).toBeVisible();
  await takePictures('live');
  await window.getByLabel('Address', { exact: true }).fill('192.0.2.7');
  await window.getByRole('button', { name: `Ask ${name}` }).click();
  await expect(window.getByText('A connection from 192.0.2.7 is refused')).toBeVisible();
  await takePictures('explain');
  client.close();
});

test('its rules, its routes and its queue are photographed', async () => {
  const { window } = app;
  await openTab(window, 'Message Rule');
  await expect(window.getByLabel('Relay domains')).toBeVisible();
  await takePictures('message-rule', ['light']);
  await openTab(window, 'Message Delivery');
  await expect(window.getByRole('table', { name: 'Routes' })).toContainText('partner.example.com');
  await takePictures('delivery', ['light']);

  nextHop.wish.reactions = { RCPT: (line) => Object.entries(refusals).find(([who]) => line.includes(who))?.[1] };
  const client = await greetedClient(gateway.smtpPort);
  for (const [at, who] of Object.keys(refusals).entries()) {
    const from = at === 3 ? '' : `news${at + 1}@sender.example`;
    const body = `Subject: Minutes of the meeting\r\n\r\n${'All of it.\r\n'.repeat(40 * (at + 1) ** 3)}`;
    expect(await client.sendMail({ from, to: [`${who}@example.net`], body })).toMatch(/^250 /);
  }
  client.close();
  await openTab(window, 'Queue');
  const row = window.getByRole('row').filter({ hasText: 'carol@example.net' });
  await expect(window.getByRole('row').filter({ hasText: 'Deferred' })).toHaveCount(Object.keys(refusals).length);
  await row.getByRole('checkbox').click();
  await window.getByRole('button', { name: 'Hold', exact: true }).click();
  await expect(row).toContainText('Held');
  const notice = window.getByText('1 message held until released.');
  await expect(notice).toHaveCount(1);
  await expect(notice).toHaveCount(0); // it would lie over the table
  await takePictures('queue', ['light']);
});

/** What the next hop says to whom, for a queue that looks like one. */
const refusals = {
  ada: '450 4.2.0 Greylisted, try again in 5 minutes',
  bob: '452 4.2.2 The mailbox is full',
  carol: '451 4.3.0 The content filter does not answer',
  dave: '421 4.7.0 Too many messages from your address',
};

test('a fleet of several gateways in several states is photographed', async () => {
  const { window } = app;
  const folder = join(app.home, 'Postern/fleet/gateways');
  const yaml = await readFile(join(folder, `${name}.yaml`), 'utf8');
  const copy = async (copyName: string, change: (record: Copy) => void): Promise<void> => {
    const record = parse(yaml) as Copy;
    change(record);
    await writeFile(join(folder, `${copyName}.yaml`), stringify(record));
  };
  const nobody = await findFreePort();
  await copy('mx2.example.net', () => undefined);
  await copy('mx3.example.net', ({ settings }) => void (settings.connections.interface.idleTimeoutMinutes = 5));
  await copy('relay.example.org', () => undefined);
  await copy('lab.example.test', ({ ssh }) => void (ssh.port = nobody));
  await goTo(window, '/');
  await window.reload();

  await expect(window.getByRole('row').filter({ hasText: 'In sync' })).toHaveCount(3);
  await expect(window.getByRole('row').filter({ hasText: 'Changed here' })).toHaveCount(1);
  await expect(window.getByRole('row').filter({ hasText: 'Unreachable' })).toHaveCount(1);
  await takePictures('fleet');
});

type Copy = {
  ssh: { port: number };
  settings: { connections: { interface: { idleTimeoutMinutes: number } } };
};

test('nothing of this made the page complain', async () => {
  await goTo(app.window, `/gateways/${name}/connections`);
  await expectState(app.window, 'In sync');

  expect(app.complaints).toEqual([]);
});
