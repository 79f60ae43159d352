// Steps that several app tests take, in the words that an operator reads. Steps wait with waitFor, which looks at every
// frame; expect looks once a second after a while, and a push has several ends to wait for.
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import type { DesktopApp } from './desktop-app.ts';

/** The local gateway's name in the fleet. */
export const localName = 'this-computer';

/** Leaves for another address of the window, as a link would. */
export async function goTo(window: Page, path: string): Promise<void> {
  await window.evaluate((hash) => void (location.hash = hash), path);
}

/** Shows another tab of the gateway on screen. */
export async function openTab(window: Page, label: string): Promise<void> {
  await window.getByRole('tab', { name: label, exact: true }).click();
}

/** "Try it on this computer", up to its Connections screen in sync. */
export async function startLocalGateway(window: Page): Promise<void> {
  await window.getByRole('button', { name: 'Try it on this computer' }).click();
  await window.getByRole('heading', { name: localName }).waitFor({ timeout: 60_000 });
  await window.getByRole('heading', { name: 'SMTP Interface' }).waitFor();
  await expectState(window, 'In sync');
}

/** The gateway's state in the header of its screen. */
export async function expectState(window: Page, words: string): Promise<void> {
  await window.locator('header').getByText(words, { exact: true }).waitFor();
}

/** The drawer that reviews and pushes. */
export function drawer(window: Page): Locator {
  return window.getByRole('dialog', { name: /^(Review|Push)/ });
}

/** Opens the review drawer with the draft as it is. */
export async function review(window: Page): Promise<Locator> {
  await window.getByRole('button', { name: /^Review (saved )?changes/ }).click();
  await drawer(window)
    .getByRole('button', { name: /^Push to/ })
    .waitFor();
  await drawer(window)
    .getByText(/^Asking /)
    .waitFor({ state: 'hidden' });
  return drawer(window);
}

/** Pushes what the drawer shows and waits for its end. */
export async function push(window: Page, name = localName): Promise<void> {
  await window.getByRole('button', { name: `Push to ${name}` }).click();
  await waitForPush(window);
}

/** Until the drawer says that it ended. */
export async function waitForPush(window: Page): Promise<void> {
  await drawer(window).getByRole('button', { name: 'Close', exact: true }).waitFor({ timeout: 60_000 });
}

/** Review and push in one, for tests whose matter is something else; fails unless the gateway proved it. */
export async function pushDraft(window: Page, name = localName): Promise<void> {
  await review(window);
  await push(window, name);
  await expectProved(window, name);
  await closeDrawer(window);
}

/** One gateway's part of the drawer; the announcement for screen readers stands outside of it. */
export function partOf(window: Page, name: string): Locator {
  return drawer(window).getByRole('region', { name, exact: true });
}

/** The push ended with both proofs and the confirmation. */
export async function expectProved(window: Page, name = localName): Promise<void> {
  await partOf(window, name)
    .getByText(/proved and confirmed$/)
    .waitFor({ timeout: 60_000 });
}

/** Cancel in the header: brings back what is saved. */
export async function cancelDraft(window: Page): Promise<void> {
  await window.locator('header').getByRole('button', { name: 'Cancel', exact: true }).click();
}

/** The first switch of the TLS section. */
export async function enableIncomingTls(window: Page): Promise<void> {
  await window.getByRole('switch', { name: 'Enable incoming TLS' }).check();
}

/** Closes the drawer after a push. */
export async function closeDrawer(window: Page): Promise<void> {
  await drawer(window).getByRole('button', { name: 'Close', exact: true }).click();
  await drawer(window).waitFor({ state: 'hidden' });
}

/** Where the gateway is to listen, as its screen says. */
export async function shownPort(window: Page): Promise<number> {
  return Number(await window.getByLabel('Port', { exact: true }).inputValue());
}

/** Browse and Upload of one file of the TLS section; an encrypted key asks afterwards. */
export async function upload(app: DesktopApp, label: string, path: string): Promise<void> {
  await app.chooseFile(path);
  await app.window.getByRole('button', { name: `Browse for ${label}` }).click();
  await app.window.getByRole('button', { name: `Upload ${label}` }).click();
}

/** Key and certificate of a folder by their usual names, up to "belong together". */
export async function uploadPair(app: DesktopApp, folder: string): Promise<void> {
  await upload(app, 'Private key', join(folder, 'key.pem'));
  await upload(app, 'SMTP server certificate', join(folder, 'cert.pem'));
  await expect(app.window.getByText('The private key and the certificate belong together.')).toBeVisible();
}

/** How many entries the active list has, as its rule says. */
export async function expectEntries(window: Page, count: number): Promise<void> {
  await expect(
    window.getByRole('radio', { name: `following list (${count})` }).and(window.locator(':checked')),
  ).toHaveCount(1);
}

/** Imports a file of addresses up to the third step, where merge or replace is chosen. */
export async function importUpToChoice(app: DesktopApp, path: string): Promise<Locator> {
  const { window } = app;
  await app.chooseFile(path);
  await window.getByRole('button', { name: 'Import from file' }).click();
  const dialog = window.getByRole('dialog', { name: /^Import from/ });
  await dialog.getByRole('button', { name: 'Choose a file' }).click();
  return dialog;
}

/** What "Add a gateway" asks for. */
export type NewGateway = { name: string; port: number; user: string; keyFile: string };

/** Fills the first step and reads the host key. */
export async function fillWhereStep(window: Page, gateway: NewGateway): Promise<void> {
  await goTo(window, '/add');
  await window.getByLabel('Name', { exact: true }).fill(gateway.name);
  await window.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await window.getByLabel('SSH port').fill(String(gateway.port));
  await window.getByLabel('User', { exact: true }).fill(gateway.user);
  await window.getByRole('radio', { name: 'Private key file' }).check();
  await window.getByLabel('Key file', { exact: true }).fill(gateway.keyFile);
  await window.getByRole('button', { name: 'Read its host key' }).click();
  await expect(window.getByRole('heading', { name: `Is this ${gateway.name}?` })).toBeVisible();
}

/** All three steps, up to its Connections screen. */
export async function addGateway(window: Page, gateway: NewGateway): Promise<void> {
  await fillWhereStep(window, gateway);
  await window.getByRole('button', { name: 'It is the same: trust it and sign in' }).click();
  await expect(window.getByRole('heading', { name: gateway.name, level: 1 })).toBeVisible();
  await expect(window.getByRole('heading', { name: 'SMTP Interface' })).toBeVisible();
}

/** Loopback and a free port: what a gateway under test can listen on beside others. */
export async function listenOn(window: Page, port: number): Promise<void> {
  await window.getByRole('radio', { name: 'Loopback address' }).check();
  await window.getByLabel('Port', { exact: true }).fill(String(port));
}

/** Switches the system's colours, which the app follows, and waits until no colour is on its way. */
export async function showScheme(window: Page, scheme: 'light' | 'dark'): Promise<void> {
  await window.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await window.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor({ state: 'attached' });
  await window.evaluate(endTransitions);
}

/** In the page: waits for what ends by itself. Spinners do not, and are no reason to wait. */
async function endTransitions(): Promise<void> {
  const running = (): Animation[] =>
    document
      .getAnimations()
      .filter(
        ({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().iterations !== Infinity,
      );
  for (let left = running(); left.length > 0; left = running()) {
    await Promise.allSettled(left.map(({ finished }) => finished));
  }
}

/** What an app test prepares behind the window: one call of the contract, which must succeed. */
export async function callApp(window: Page, channel: string, input: object): Promise<void> {
  const outcome = await window.evaluate(
    ([asked, given]) => {
      type Bridge = { call(channel: string, input: unknown): Promise<{ ok: boolean }> };
      return (globalThis as unknown as { gateway: Bridge }).gateway.call(asked, given);
    },
    [channel, input] as const,
  );
  expect(outcome).toMatchObject({ ok: true });
}
