// The tabs beside Connections, and the ways back: a message really relayed, explained, undone, cancelled.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import {
  closeDrawer,
  expectProved,
  expectState,
  goTo,
  localName,
  push,
  pushDraft,
  review,
  shownPort,
  startLocalGateway,
  cancelDraft,
} from '../support/screens.ts';
import { greetedClient } from '../support/smtp-client.ts';
import { lookAtSmtp } from '../support/smtp-look.ts';
import { TestNextHop } from '../support/smtp-next-hop.ts';

let app: DesktopApp;
let port: number;
const nextHop = new TestNextHop({});

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  await nextHop.listen();
  app = await startDesktopApp();
  await startLocalGateway(app.window);
  port = await shownPort(app.window);
});
test.afterAll(async () => {
  await app.close();
  await nextHop.close();
});

function tab(name: string) {
  return app.window.getByRole('tab', { name, exact: true });
}

test('SMTP, Message Rule and Message Delivery are edited together and pushed at once', async () => {
  const { window } = app;
  await tab('SMTP').click();
  await window.getByRole('radio', { name: 'This name:' }).check();
  await window.getByLabel('Own greeting name').fill('no host name');
  await expect(window.getByText(/Type a full host name/).last()).toBeVisible();
  await window.getByLabel('Own greeting name').fill('mx1.example.net');
  await tab('Message Rule').click();
  await window.getByLabel('Relay domains').fill('example.net\n*.example.net');
  await window.getByRole('checkbox', { name: 'The gateway itself' }).uncheck();
  await window.getByLabel('Recipients per message').fill('2');
  await tab('Message Delivery').click();
  await window.getByRole('radio', { name: 'One server, the next hop' }).check();
  await window.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await window.getByRole('textbox', { name: 'Port', exact: true }).fill(String(nextHop.port));

  await pushDraft(window);

  expect((await lookAtSmtp(port)).banner).toMatch(/^220 mx1\.example\.net /);
});

test('a message for a relay domain goes through to the next hop, and nothing else does', async () => {
  const client = await greetedClient(port);

  const relayed = await client.sendMail({
    to: ['ada@example.net'],
    body: 'Subject: pushed\r\n\r\nThrough the gateway\r\n',
  });
  const foreign = await client.sendMail({ to: ['ada@elsewhere.test'] });
  const [first, second, third] = await threeRecipients(client);
  client.close();

  expect(relayed).toMatch(/^250 /);
  expect(foreign).toMatch(/^550 5\.7\.1 /);
  expect([first, second]).toEqual([expect.stringMatching(/^250 /), expect.stringMatching(/^250 /)]);
  expect(third).toMatch(/^452 4\.5\.3 /);
  await expect.poll(() => nextHop.messages.length).toBe(1);
  expect(nextHop.messages[0]).toMatchObject({
    to: ['ada@example.net'],
    content: expect.stringContaining('Through the gateway'),
  });
});

test('Live shows what the gateway did, and explains an address by what runs there', async () => {
  const { window } = app;
  await tab('Live').click();
  await expect(window.getByText('1 message relayed')).toBeVisible();
  await expect(window.getByText(`127.0.0.1:${port}`, { exact: true })).toBeVisible();

  await window.getByLabel('Address', { exact: true }).fill('192.0.2.300');
  await window.getByRole('button', { name: `Ask ${localName}` }).click();
  await expect(window.getByRole('alert')).toContainText('300');
  await window.getByLabel('Address', { exact: true }).fill('127.0.0.66');
  await window.getByRole('button', { name: `Ask ${localName}` }).click();

  await expect(window.getByText('A connection from 127.0.0.66 is taken')).toBeVisible();
});

test('explain names the entry of a deny list that was pushed', async () => {
  const { window } = app;
  await tab('Connections').click();
  await window.getByRole('textbox', { name: /^Address, network/ }).fill('127.0.0.64/26 # lab');
  await window.getByRole('button', { name: 'Add', exact: true }).click();
  await pushDraft(window);
  await tab('Live').click();

  await window.getByLabel('Address', { exact: true }).fill('::ffff:127.0.0.66');
  await window.getByRole('button', { name: `Ask ${localName}` }).click();

  const answer = window.getByRole('status').filter({ hasText: 'is refused' });
  await expect(answer.getByText('127.0.0.64/26', { exact: true })).toBeVisible();
  await expect(answer.getByText(/^554 5\.7\.1/)).toBeVisible();
});

/** What the classic Windows edition exports: a default, two domains, and one with a mistyped server. */
function classicTable(): string {
  const via = (...hosts: string[]): string =>
    `<value name="UseMethod">1</value><value name="SmartHostCount">${hosts.length}</value>` +
    hosts.map((host, at) => `<value name="SmartHost${at}">${host}</value>`).join('');
  const keys = [
    `<key section="DefaultRelay">${via(`127.0.0.1:${nextHop.port}`)}</key>`,
    `<key section="DomainRelay" domain="Example.com">${via('192.0.2.5:25', 'b.example:26:0::')}</key>`,
    '<key section="DomainRelay" domain="*.example.org"><value name="UseMethod">0</value></key>',
    `<key section="DomainRelay" domain="bad.example">${via('10.0.0.300:25')}</key>`,
  ];
  return `<?xml version="1.0"?>\n<IMSS_DBD>\n${keys.join('\n')}\n</IMSS_DBD>\n`;
}

test('a classic table is imported without its mistyped line, and exported as text', async () => {
  const { window } = app;
  const [classic, exported] = [join(app.home, 'dbd.xml'), join(app.home, 'routes.txt')];
  await writeFile(classic, classicTable());
  await tab('Message Delivery').click();
  await app.chooseFile(classic);
  await window.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = window.getByRole('dialog', { name: 'Import from dbd.xml' });
  await expect(dialog.getByText(/^2 routes, all of them new\. Everything else goes to 127\.0\.0\.1:/)).toBeVisible();
  await expect(dialog.getByRole('row', { name: /line 6/ })).toContainText("'300' is over 255.");
  await dialog.getByRole('button', { name: 'Take 2 routes' }).click();
  await app.chooseFile(exported);
  await window.getByRole('button', { name: 'Export', exact: true }).click();

  await expect(window.getByText('Saved routes.txt.')).toBeVisible();
  expect((await readFile(exported, 'utf8')).split('\n')).toEqual([
    'example.com  static  192.0.2.5:25 preference 10, b.example:26 preference 20',
    '*.example.org  mx',
    `*  static  127.0.0.1:${nextHop.port}`,
    '',
  ]);
});

test('MTA-STS and DANE are reviewed in words, and the gateway takes them', async () => {
  const { window } = app;
  await window.getByRole('radio', { name: 'Enforce' }).check();
  const open = await review(window);
  await expect(open.getByText('Mail waits where a server does not keep its published policy.')).toBeVisible();

  await push(window);

  await expectProved(window);
  await closeDrawer(window);
});

test('Cancel brings back what was, and undo brings back the edit', async () => {
  const { window } = app;
  await tab('Connections').click();
  const idle = window.getByLabel('Disconnect after');
  const before = await idle.inputValue();
  await idle.fill('77');
  await cancelDraft(window);
  await expect(idle).toHaveValue(before);
  await expect(window.getByRole('button', { name: /^Review changes/ })).toBeDisabled();

  await window.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(idle).toHaveValue('77');
  await cancelDraft(window);
});

test('leaving with unsaved changes asks, and staying loses nothing', async () => {
  const { window } = app;
  await window.getByLabel('Disconnect after').fill('78');
  await window.getByRole('link', { name: /^Fleet(?! settings)/ }).click();
  const question = window.getByRole('dialog', { name: 'Leave without saving?' });
  await question.getByRole('button', { name: 'Stay' }).click();
  await expect(window.getByLabel('Disconnect after')).toHaveValue('78');

  await window.getByRole('link', { name: /^Fleet(?! settings)/ }).click();
  await question.getByRole('button', { name: 'Leave and lose the changes' }).click();
  await expect(window.getByRole('heading', { name: 'Fleet', level: 1 })).toBeVisible();
  await goTo(window, `/gateways/${localName}/connections`);
  await expect(window.getByLabel('Disconnect after')).not.toHaveValue('78');
});

test('only saving changes nothing there and says so', async () => {
  const { window } = app;
  await window.getByLabel('Disconnect after').fill('9');
  const open = await review(window);
  await open.getByRole('button', { name: 'Only save' }).click();
  await expect(open).toBeHidden();

  await expectState(window, 'Changed here');
  await expect(window.getByRole('button', { name: /^Review saved changes/ })).toBeEnabled();
  await pushDraft(window);
  await expectState(window, 'In sync');
});

test('a removed gateway comes back whole', async () => {
  const { window } = app;
  await window.getByRole('link', { name: /^Fleet(?! settings)/ }).click();
  const row = window.getByRole('row').filter({ hasText: localName });
  await row.getByRole('button', { name: `Actions for ${localName}` }).click();
  await window.getByRole('menuitem', { name: 'Remove from the fleet' }).click();
  await expect(row).toHaveCount(0);

  await window.getByRole('button', { name: 'Undo' }).click();

  await expect(row).toBeVisible();
  await expect(row.getByText('In sync')).toBeVisible();
  await goTo(window, `/gateways/${localName}/connections`);
  await window.getByLabel('Disconnect after').fill('10');
  await pushDraft(window);
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});

async function threeRecipients(client: Awaited<ReturnType<typeof greetedClient>>): Promise<string[]> {
  await client.say('MAIL FROM:<a@client.test>');
  const replies = [];
  for (const name of ['a', 'b', 'c']) replies.push(await client.say(`RCPT TO:<${name}@mx.example.net>`));
  await client.say('RSET');
  return replies;
}
