// Steps that several app tests take, in the words that an operator reads.
import { expect, type Page } from '@playwright/test';

/** Leaves for another address of the window, as a link would. */
export async function goTo(window: Page, path: string): Promise<void> {
  await window.evaluate((hash) => void (location.hash = hash), path);
}

/** "Try it on this computer", up to its Connections screen in sync. */
export async function startLocalGateway(window: Page): Promise<void> {
  await window.getByRole('button', { name: 'Try it on this computer' }).click();
  await expect(window.getByRole('heading', { name: 'this-computer' })).toBeVisible({ timeout: 60_000 });
  await expect(window.getByRole('heading', { name: 'SMTP Interface' })).toBeVisible();
  await expect(window.getByText('In sync').first()).toBeVisible();
}

/** Opens the review drawer with the draft as it is. */
export async function review(window: Page): Promise<void> {
  await window.getByRole('button', { name: /^Review/ }).click();
  await expect(window.getByRole('dialog')).toBeVisible();
}

/** Pushes what the drawer shows and waits for its end. */
export async function push(window: Page, name = 'this-computer'): Promise<void> {
  await window.getByRole('button', { name: `Push to ${name}` }).click();
  await expect(window.getByRole('button', { name: 'Close', exact: true })).toBeVisible({ timeout: 60_000 });
}

/** Where the local gateway listens, as its screen says. */
export async function shownPort(window: Page): Promise<number> {
  return Number(await window.getByLabel('Port', { exact: true }).inputValue());
}
