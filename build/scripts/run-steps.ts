// `npm run check` and `npm test`: runs every step even after a failure, and closes with the sum of all tests.
import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { inProject } from './project.ts';
import { exitStatus } from './run.ts';
import { ensurePackages, testPackages } from './system-packages.ts';

type Step = { name: string; script: string; args?: string[]; counts?: () => Promise<Counts> };
type Counts = { passed: number; failed: number };

const VitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numTotalTests: z.int(),
  success: z.boolean(),
});
const PlaywrightReport = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
});

const checks: Step[] = [
  { name: 'format', script: 'format:check' },
  { name: 'lint', script: 'lint' },
  { name: 'types', script: 'typecheck' },
  { name: 'unused code', script: 'unused' },
];

const plans: Record<string, Step[]> = {
  check: [...checks, vitest('unit')],
  test: [
    { name: 'build', script: 'build' },
    ...checks,
    vitest('unit'),
    vitest('smtp'),
    vitest('crash'),
    vitest('fleet'),
    playwright(),
  ],
};

function vitest(suite: string): Step {
  const file = inProject('dist', `${suite}-tests.json`);
  return {
    name: `${suite} tests`,
    script: `test:${suite}`,
    args: ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    counts: async () => {
      const report = VitestReport.parse(JSON.parse(await readFile(file, 'utf8')));
      await rm(file);
      // A skipped test is not a passed one, and a suite that could not be loaded has failed.
      const failed = report.numTotalTests - report.numPassedTests;
      return { passed: report.numPassedTests, failed: report.success ? failed : Math.max(1, failed) };
    },
  };
}

function playwright(): Step {
  const file = inProject('dist', 'app-tests.json');
  return {
    name: 'app tests',
    script: 'test:app',
    counts: async () => {
      const { stats } = PlaywrightReport.parse(JSON.parse(await readFile(file, 'utf8')));
      await rm(file);
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped };
    },
  };
}

/** A suite that cannot run, or that runs nothing, has failed: it is never skipped. */
async function countsOf(step: Step, isGreen: boolean): Promise<Counts> {
  const nothing = { passed: 0, failed: isGreen ? 0 : 1 };
  if (step.counts === undefined) return nothing;
  const counts = await step.counts().catch(() => ({ passed: 0, failed: 1 }));
  if (counts.passed + counts.failed === 0) return { passed: 0, failed: 1 };
  return isGreen || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

async function runStep(step: Step): Promise<Counts> {
  const started = performance.now();
  const args = ['run', '--silent', step.script, ...(step.args === undefined ? [] : ['--', ...step.args])];
  const isGreen = (await exitStatus('npm', args)) === 0;
  const counts = await countsOf(step, isGreen);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${counts.failed === 0 ? '✓' : '✗'} ${step.name} (${seconds} s)`);
  return counts;
}

async function runPlan(name: string): Promise<number> {
  const steps = plans[name];
  if (steps === undefined) throw new Error(`No such plan: ${name}. There are: ${Object.keys(plans).join(', ')}.`);
  if (name === 'test' && !(await ensurePackages(testPackages))) return 1;
  const total: Counts = { passed: 0, failed: 0 };
  for (const step of steps) {
    const counts = await runStep(step);
    total.passed += counts.passed;
    total.failed += counts.failed;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

process.exitCode = await runPlan(process.argv[2] ?? 'check');
