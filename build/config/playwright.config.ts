// The real app in a real Electron. One worker: two cores, one display, one keychain.
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: fileURLToPath(new URL('../../tests/app', import.meta.url)),
  outputDir: fileURLToPath(new URL('../../test-results', import.meta.url)),
  testIgnore: process.env['POSTERN_PICTURES'] === '1' ? [] : ['pictures.spec.ts'],
  workers: 1,
  retries: 0,
  timeout: 60_000,
  use: { actionTimeout: 10_000 },
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: fileURLToPath(new URL('../../dist/app-tests.json', import.meta.url)) }]],
});
