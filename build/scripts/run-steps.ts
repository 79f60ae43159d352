// `npm run check` and `npm test`: runs every step even after a failure, and closes with the sum of all tests and the
// name of each that did not pass.
import { inProject } from './project.ts';
import { exitStatus } from './run.ts';
import { type Failure, type SuiteReport, takePlaywrightReport, takeVitestReport } from './suite-reports.ts';
import { ensurePackages, testPackages } from './system-packages.ts';

type Step = { name: string; script: string; args?: string[]; suite?: Suite };
/** `secondTry`: files with a failure are run once more, alone, and what passes then is told as unsteady. */
type Suite = { report: () => Promise<SuiteReport | null>; secondTry: boolean };
type Result = SuiteReport & { unsteady: Failure[] };

const checks: Step[] = [
  { name: 'format', script: 'format:check' },
  { name: 'lint', script: 'lint' },
  { name: 'types', script: 'typecheck' },
  { name: 'unused code', script: 'unused' },
];

/** One after the other; those of a list at the same time. */
const plans: Record<string, (Step | Step[])[]> = {
  check: [checks, vitest('unit', { secondTry: true })],
  test: [
    { name: 'build', script: 'build' },
    checks,
    vitest('unit', { secondTry: true }),
    vitest('smtp', { secondTry: true }),
    vitest('crash'), // what is lost once is lost
    vitest('fleet', { secondTry: true }),
    {
      name: 'app tests',
      script: 'test:app',
      suite: { report: () => takePlaywrightReport('app-tests.json'), secondTry: true },
    },
  ],
};

function vitest(suite: string, { secondTry = false } = {}): Step {
  const file = `${suite}-tests.json`;
  return {
    name: `${suite} tests`,
    script: `test:${suite}`,
    args: ['--reporter=default', '--reporter=json', `--outputFile.json=${inProject('dist', file)}`],
    suite: { report: () => takeVitestReport(file), secondTry },
  };
}

/** A suite that cannot run, or that runs nothing, has failed: it is never skipped. */
async function runOnce(step: Step, files: string[] = []): Promise<SuiteReport> {
  const args = [...(step.args ?? []), ...files];
  const status = await exitStatus('npm', [
    'run',
    '--silent',
    step.script,
    ...(args.length === 0 ? [] : ['--', ...args]),
  ]);
  const ended: Failure = { file: step.name, test: '', why: `ended with status ${status}` };
  if (step.suite === undefined) return { passed: 0, failures: status === 0 ? [] : [ended] };
  const report = await step.suite.report();
  if (report === null) return { passed: 0, failures: [{ ...ended, why: `${ended.why} and without a report` }] };
  const isGreen = status === 0 && report.passed > 0;
  return isGreen || report.failures.length > 0 ? report : { ...report, failures: [ended] };
}

async function runStep(step: Step): Promise<Result> {
  const started = performance.now();
  const first = await runOnce(step);
  const result = await withSecondTry(step, first);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${result.failures.length === 0 ? '✓' : '✗'} ${step.name} (${seconds} s)`);
  return result;
}

async function withSecondTry(step: Step, first: SuiteReport): Promise<Result> {
  const files = [...new Set(first.failures.map(({ file }) => file))];
  const canTry = step.suite?.secondTry === true && files.length <= 3 && files.every((file) => /\.[a-z]+$/.test(file));
  if (first.failures.length === 0 || !canTry) return { ...first, unsteady: [] };
  console.log(`… ${step.name}: once more, alone: ${files.join(', ')}`);
  const second = await runOnce(step, files);
  const isStill = ({ file, test }: Failure) => second.failures.some((each) => each.file === file && each.test === test);
  if (second.failures.some((each) => !files.includes(each.file))) return { ...first, unsteady: [] };
  const unsteady = first.failures.filter((failure) => !isStill(failure));
  return { passed: first.passed + unsteady.length, failures: second.failures, unsteady };
}

async function runPlan(name: string): Promise<number> {
  const steps = plans[name];
  if (steps === undefined) throw new Error(`No such plan: ${name}. There are: ${Object.keys(plans).join(', ')}.`);
  if (name === 'test' && !(await ensurePackages(testPackages))) return 1;
  const results: Result[] = [];
  for (const step of steps) results.push(...(await Promise.all([step].flat().map(runStep))));
  const failures = results.flatMap((result) => result.failures);
  const unsteady = results.flatMap((result) => result.unsteady);
  for (const failure of unsteady) console.log(`~ unsteady, passed when run again: ${inWords(failure)}`);
  for (const failure of failures) console.log(`✗ ${inWords(failure)}`);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  console.log(
    `${passed} passed, ${failures.length} failed${unsteady.length === 0 ? '' : `, ${unsteady.length} unsteady`}`,
  );
  return failures.length === 0 ? 0 : 1;
}

function inWords({ file, test, why }: Failure): string {
  return [file, test, why].filter((part) => part !== '').join(' › ');
}

process.exitCode = await runPlan(process.argv[2] ?? 'check');
