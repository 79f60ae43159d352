// The real app in a real Electron, two at a time: each has a home and keys of its own, and waits for a gateway mostly.
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: fileURLToPath(new URL('../../tests/app', import.meta.url)),
  outputDir: fileURLToPath(new URL('../../test-results', import.meta.url)),
  testIgnore: process.env['POSTERN_PICTURES'] === '1' ? [] : ['pictures.spec.ts'],
  workers: 2,
  retries: 0,
  timeout: 60_000,
  use: { actionTimeout: 10_000 },
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: fileURLToPath(new URL('../../dist/app-tests.json', import.meta.url)) }]],
});
