// Suites that run in plain Node: unit, smtp (a real agent on loopback), crash (killed and starved processes), fleet
// (real OpenSSH servers).
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Most tests wait for a disk, a socket or a program: one worker more than two cores keeps both busy. */
const maxWorkers = 3;

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a test polls for comes, or never does: vitest's own second is too short on a busy machine. */
const expectPatiently = { expect: { poll: { timeout: 10_000 } } };

/** Deadlines and loads need the machine for themselves: file by file. The fleet's and the crashes mostly wait. */
const withProcesses = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000, ...expectPatiently };

export default defineConfig({
  root,
  test: {
    passWithNoTests: false,
    maxWorkers,
    projects: [
      {
        root,
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          ...expectPatiently,
        },
      },
      { root, test: { name: 'smtp', include: ['tests/smtp/**/*.test.ts'], ...withProcesses } },
      { root, test: { name: 'crash', include: ['tests/crash/**/*.test.ts'], ...withProcesses, fileParallelism: true } },
      {
        root,
        test: {
          name: 'fleet',
          include: ['tests/fleet/**/*.test.ts', 'tests/demo/**/*.test.ts'],
          ...withProcesses,
          fileParallelism: true,
        },
      },
      // Not in `npm test`: run once, and reported.
      { root, test: { name: 'long', include: ['tests/long/**/*.test.ts'], ...withProcesses, testTimeout: 240_000 } },
    ],
  },
});
