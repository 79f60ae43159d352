// Mail that cannot go on: seen, held, released, deleted and brought back, looked into, returned; then a route of its own.
import { expect, test, type Locator } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { findFreePort } from '../support/free-port.ts';
import { localName, openTab, pushDraft, review, shownPort, startLocalGateway } from '../support/screens.ts';
import { greetedClient } from '../support/smtp-client.ts';
import { TestNextHop } from '../support/smtp-next-hop.ts';

let app: DesktopApp;
let port: number;
let closedPort: number;
const routed = new TestNextHop({});

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  await routed.listen();
  closedPort = await findFreePort();
  app = await startDesktopApp();
  await startLocalGateway(app.window);
  port = await shownPort(app.window);
});
test.afterAll(async () => {
  await app.close();
  await routed.close();
});

function row(recipient: string): Locator {
  return app.window
    .getByRole('grid', { name: /^Messages/ })
    .getByRole('row')
    .filter({ hasText: recipient });
}

/** Marks one message, presses a button of the bar, and waits for the words of its end. */
async function act(recipient: string, button: string, words: string): Promise<void> {
  const { window } = app;
  await row(recipient).getByRole('checkbox').click();
  await expect(window.getByText('1 marked')).toBeVisible();
  await window.getByRole('button', { name: button, exact: true }).click();
  await expect(window.getByText(words)).toBeVisible();
}

test('mail for a next hop that does not answer waits in the queue with the reason', async () => {
  const { window } = app;
  await openTab(window, 'Message Delivery');
  await window.getByRole('radio', { name: 'One server, the next hop' }).check();
  await window.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await window.getByRole('textbox', { name: 'Port', exact: true }).fill(String(closedPort));
  await pushDraft(window);
  await openTab(window, 'Queue');
  await expect(window.getByText('Nothing waits')).toBeVisible();
  const client = await greetedClient(port);

  for (const to of ['ada@example.net', 'bob@example.org']) {
    expect(await client.sendMail({ to: [to], body: `Subject: for ${to}\r\n\r\nHello\r\n` })).toMatch(/^250 /);
  }
  client.close();

  await expect(window.getByText('2 messages wait, oldest first')).toBeVisible();
  for (const to of ['ada@example.net', 'bob@example.org']) {
    await expect(row(to)).toContainText('a@client.test');
    await expect(row(to)).toContainText('Deferred');
    await expect(row(to)).toContainText('cannot be reached');
  }
});

test('the filter leaves what fits the domain, and says how much it left out', async () => {
  const { window } = app;
  await window.getByRole('textbox', { name: 'Recipient domain' }).fill('example.org');
  await expect(window.getByText('1 of 2 fit')).toBeVisible();
  await expect(row('ada@example.net')).toHaveCount(0);

  await window.getByRole('button', { name: 'Clear', exact: true }).click();

  await expect(row('ada@example.net')).toBeVisible();
});

test('a held message stays held until it is released', async () => {
  await act('ada@example.net', 'Hold', '1 message held until released.');
  await expect(row('ada@example.net')).toContainText('Held');
  await expect(row('bob@example.org')).toContainText('Deferred');

  await act('ada@example.net', 'Release', '1 message released.');

  await expect(row('ada@example.net')).not.toContainText('Held');
});

test('a deleted message is brought back by the notice’s Undo', async () => {
  const { window } = app;
  await act('ada@example.net', 'Delete', '1 message deleted.');
  await expect(row('ada@example.net')).toContainText('Deleted');

  const notice = window.getByRole('alert').filter({ hasText: '1 message deleted.' });
  await notice.getByRole('button', { name: 'Undo' }).click();

  await expect(row('ada@example.net')).not.toContainText('Deleted');
  await expect(row('ada@example.net')).toContainText(/Queued|Deferred/);
});

test('a message opens with its header as it came', async () => {
  const { window } = app;
  await row('bob@example.org').getByText('bob@example.org').click();
  const message = window.getByRole('dialog', { name: /^Message / });

  await expect(message.getByLabel('Header of the message')).toContainText('Subject: for bob@example.org');
  await expect(message.getByLabel('Header of the message')).toContainText('Received: from ');
  await expect(message.getByRole('region', { name: 'Recipients' })).toContainText('bob@example.org');
  await message.getByRole('button', { name: 'Close the message' }).click();
  await expect(message).toBeHidden();
});

test('returning asks once, and the sender’s notice takes the message’s place', async () => {
  const { window } = app;
  const question = window.getByRole('dialog', { name: 'Return 1 message to the sender?' });
  await row('bob@example.org').getByRole('checkbox').click();
  await window.getByRole('button', { name: 'Bounce…' }).click();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  await expect(row('bob@example.org')).toBeVisible();

  await window.getByRole('button', { name: 'Bounce…' }).click();
  await question.getByRole('button', { name: 'Return 1 message' }).click();

  await expect(window.getByText('1 message returned to the sender.')).toBeVisible();
  await expect(row('bob@example.org')).toHaveCount(0);
  await expect(row('<> (a notice)')).toContainText('a@client.test');
});

test('a route for one domain is added, reviewed in words, and pushed', async () => {
  const { window } = app;
  await openTab(window, 'Message Delivery');
  await window.getByRole('button', { name: 'Add', exact: true }).click();
  const route = window.getByRole('dialog', { name: 'Add a route' });
  await route.getByRole('button', { name: 'Add route' }).click();
  await expect(route.getByRole('alert')).toBeVisible();
  await route.getByLabel('Recipients').fill('example.com');
  await route.getByLabel('Server 1', { exact: true }).fill('127.0.0.1');
  await route.getByLabel('Port of server 1').fill(String(routed.port));
  await route.getByRole('button', { name: 'Add route' }).click();
  await expect(route).toBeHidden();
  await expect(window.getByRole('table', { name: 'Routes' })).toContainText(`127.0.0.1:${routed.port}`);

  const open = await review(window);
  await open.getByText('show', { exact: true }).click();
  await expect(open.getByRole('region', { name: 'Changes' })).toContainText(
    `example.com static 127.0.0.1:${routed.port}`,
  );
  await open.getByRole('button', { name: 'Cancel' }).click();
  await pushDraft(window);
});

test('explain names the route that takes a recipient, and the mail goes there', async () => {
  const { window } = app;
  await openTab(window, 'Message Rule');
  await window.getByLabel('Address', { exact: true }).fill('127.0.0.1');
  await window.getByLabel('Recipient', { exact: true }).fill('ada@example.com');
  await window.getByRole('button', { name: `Ask ${localName}` }).click();
  const answer = window.getByRole('status').filter({ hasText: 'A message to ada@example.com is taken' });
  await expect(answer.getByText(/^Route example\.com: /)).toContainText(String(routed.port));
  await window.getByLabel('Recipient', { exact: true }).fill('ada@example.net');
  await window.getByRole('button', { name: `Ask ${localName}` }).click();
  await expect(
    window
      .getByRole('status')
      .filter({ hasText: 'ada@example.net is taken' })
      .getByText(/^Next hop: /),
  ).toContainText(String(closedPort));

  const client = await greetedClient(port);
  expect(await client.sendMail({ to: ['ada@example.com'] })).toMatch(/^250 /);
  client.close();

  await expect.poll(() => routed.messages.map(({ to }) => to)).toEqual([['ada@example.com']]);
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
