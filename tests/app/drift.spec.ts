// Somebody else pushed to a real gateway: the window finds it, tells it in words, and takes over what is chosen.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { openAgentSession } from '../support/agent-session.ts';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { addGateway, expectState, listenOn, pushDraft, showScheme } from '../support/screens.ts';
import { startSshdGateway, type SshdGateway } from '../support/sshd-gateway.ts';

const name = 'mx1';
let app: DesktopApp;
let gateway: SshdGateway;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  gateway = await startSshdGateway({ author: 'bert' });
  app = await startDesktopApp();
});
test.afterAll(async () => {
  await app.close();
  await gateway.stop();
});

type Bridge = { gateway: { call(channel: string, input: unknown): Promise<unknown> } };

const report = () => app.window.getByRole('dialog', { name: `Changed on ${name}` });

test('a push by somebody else is found at the next look, which any change here brings about', async () => {
  const { window } = app;
  const { port, user, clientKeyFile } = gateway;
  await addGateway(window, { name, port, user, keyFile: clientKeyFile });
  await listenOn(window, gateway.smtpPort);
  await pushDraft(window, name);
  const agent = openAgentSession(gateway);
  const base = (await agent.status()).currentRevision;

  await agent.pushWhole({
    port: gateway.smtpPort,
    base,
    maxConnections: 77,
    files: { denyList: '198.51.100.7\n' },
  });

  await window.evaluate(
    (names) => (globalThis as unknown as Bridge).gateway.call('gateways:tag', { names, add: ['edge'], remove: [] }),
    [name],
  );
  await window.locator('header').getByText('Changed there', { exact: true }).waitFor({ timeout: 45_000 });
});

test('the drawer says who it was and what changed, light and dark', async () => {
  const { window } = app;
  await window.getByRole('button', { name: 'Show what changed' }).click();

  await expect(report().getByText(/put there by bert/)).toBeVisible();
  await expect(report().getByRole('region', { name: 'Changes there' })).toContainText('77');
  await expect(report().getByRole('group', { name: 'Simultaneous connections' })).toContainText('No limit');
  for (const scheme of ['light', 'dark'] as const) {
    await showScheme(window, scheme);
    await window.screenshot({ path: `test-results/pictures/drift-${scheme}.png` });
    const { violations } = await new AxeBuilder({ page: window }).setLegacyMode().analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  }
});

test('one field is taken over and the other kept; the next push brings ours and is no conflict', async () => {
  const { window } = app;
  const list = report().getByRole('group', { name: 'Deny list' });
  await list.getByText('Keep ours').click();
  await report().getByRole('button', { name: 'Take over 1 of 2' }).click();
  await expect(report()).toBeHidden();

  await expectState(window, 'Changed here');
  await expect(window.getByRole('radio', { name: 'Allow up to' }).first()).toBeChecked();
  await pushDraft(window, name);

  await expectState(window, 'In sync');
  const status = await openAgentSession(gateway).status();
  expect(status.config?.connections.interface.maxConnections).toBe(77);
  expect(status.config?.connections.control.denyList).toBeNull();
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
