// One look at a screen in light and dark: a picture for people, axe for the rest.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { DesktopApp } from './desktop-app.ts';
import { showScheme } from './screens.ts';

const pictures = resolve(import.meta.dirname, '../../test-results/pictures');

/** Fails on what axe finds; the pictures lie in test-results/pictures. Ends in light. */
export async function lookAtScreen({ window }: DesktopApp, picture: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  for (const scheme of ['dark', 'light'] as const) {
    await showScheme(window, scheme);
    await window.screenshot({ path: join(pictures, `${picture}-${scheme}.png`) });
    // axe is a megabyte of script: once in the page is enough.
    const isThere = await window.evaluate(() => 'axe' in globalThis);
    const axe = new AxeBuilder({ page: window, ...(isThere ? { axeSource: ';' } : {}) }).setLegacyMode();
    axe.options({ resultTypes: ['violations'], preload: false });
    if (scheme === 'dark') axe.withRules(['color-contrast', 'link-in-text-block']); // what else could differ
    const { violations } = await axe.analyze();
    expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([]);
  }
}
