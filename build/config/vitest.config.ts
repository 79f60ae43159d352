// Suites that run in plain Node: unit, smtp (a real agent on loopback), crash (killed and starved processes), fleet
// (real OpenSSH servers).
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Two cores: real servers side by side only slow each other down, so suites with processes run file by file. */
const withProcesses = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  root,
  test: {
    passWithNoTests: false,
    projects: [
      { root, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 } },
      { root, test: { name: 'smtp', include: ['tests/smtp/**/*.test.ts'], ...withProcesses } },
      { root, test: { name: 'crash', include: ['tests/crash/**/*.test.ts'], ...withProcesses } },
      {
        root,
        test: { name: 'fleet', include: ['tests/fleet/**/*.test.ts', 'tests/demo/**/*.test.ts'], ...withProcesses },
      },
    ],
  },
});
