// What axe finds on the screen as it is, in a form that a failure shows whole.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** In the dark only what could differ from the light is looked at. */
export async function findViolations(window: Page, scheme: 'light' | 'dark'): Promise<string[]> {
  // axe is a megabyte of script: once in the page is enough.
  const isThere = await window.evaluate(() => 'axe' in globalThis);
  const axe = new AxeBuilder({ page: window, ...(isThere ? { axeSource: ';' } : {}) }).setLegacyMode();
  axe.options({ resultTypes: ['violations'], preload: false }); // half the time: no detail of what passed
  if (scheme === 'dark') axe.withRules(['color-contrast', 'link-in-text-block']);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} (${node.failureSummary ?? ''})`),
  );
}
