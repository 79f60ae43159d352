// One look at a screen in light and dark: a picture for people, axe for the rest.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect } from '@playwright/test';
import { findViolations } from './find-violations.ts';
import type { DesktopApp } from './desktop-app.ts';
import { showScheme } from './screens.ts';

const pictures = resolve(import.meta.dirname, '../../test-results/pictures');

/** Fails on what axe finds; the pictures lie in test-results/pictures. Ends in light. */
export async function lookAtScreen({ window }: DesktopApp, picture: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  for (const scheme of ['dark', 'light'] as const) {
    await showScheme(window, scheme);
    await window.screenshot({ path: join(pictures, `${picture}-${scheme}.png`) });
    expect(await findViolations(window, scheme), scheme).toEqual([]);
  }
}
