// What a suite's own JSON report says: how many tests passed, and which did not, with the first line of why.
import { readFile, rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { z } from 'zod';
import { inProject, projectRoot } from './project.ts';

/** `test` is empty for a file that could not be loaded. */
export type Failure = { file: string; test: string; why: string };
export type SuiteReport = { passed: number; failures: Failure[] };

const VitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

type Suite = z.infer<typeof Suite>;
const Suite = z.object({
  specs: z.array(
    z.object({
      title: z.string(),
      file: z.string(),
      ok: z.boolean(),
      tests: z.array(
        z.object({
          status: z.string(), // 'expected', 'unexpected', 'flaky', 'skipped'
          results: z.array(z.object({ error: z.object({ message: z.string().default('') }).optional() })),
        }),
      ),
    }),
  ),
  get suites() {
    return z.array(Suite).default([]);
  },
});
const PlaywrightReport = z.object({
  config: z.object({ rootDir: z.string() }),
  suites: z.array(Suite),
  errors: z.array(z.object({ message: z.string().default('') })).default([]),
});

/** Reads the report and removes it, so that an old one is never taken for a new one; null when there is none. */
async function takeReport<T>(fileName: string, parse: (content: unknown) => T): Promise<T | null> {
  const file = inProject('dist', fileName);
  const text = await readFile(file, 'utf8').catch(() => null);
  await rm(file, { force: true });
  return text === null ? null : parse(JSON.parse(text));
}

/** A skipped test is not a passed one, and a file that could not be loaded has failed. */
export async function takeVitestReport(fileName: string): Promise<SuiteReport | null> {
  const report = await takeReport(fileName, (content) => VitestReport.parse(content));
  if (report === null) return null;
  const tests = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ ...test, file: relative(projectRoot, name) })),
  );
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failures = tests
    .filter(({ status }) => status !== 'passed')
    .map(({ file, fullName, status, failureMessages }) => ({
      file,
      test: fullName,
      why: firstLine(failureMessages?.[0] ?? status),
    }));
  const isCovered = (file: string) => failures.some((failure) => failure.file === file);
  const broken = report.testResults
    .filter(({ status, name }) => status === 'failed' && !isCovered(relative(projectRoot, name)))
    .map(({ name, message }) => ({ file: relative(projectRoot, name), test: '', why: firstLine(message) }));
  return { passed, failures: [...failures, ...broken] };
}

/** The same of the app's suite. */
export async function takePlaywrightReport(fileName: string): Promise<SuiteReport | null> {
  const report = await takeReport(fileName, (content) => PlaywrightReport.parse(content));
  if (report === null) return null;
  const folder = relative(projectRoot, report.config.rootDir);
  const tests = report.suites.flatMap(specsOf).flatMap((spec) => spec.tests.map((test) => ({ ...test, spec })));
  const failures = tests
    .filter(({ status }) => status !== 'expected')
    .map(({ spec, status, results }) => ({
      file: `${folder}/${spec.file}`,
      test: spec.title,
      why: firstLine(results.at(-1)?.error?.message ?? status),
    }));
  const broken = report.errors.map(({ message }) => ({ file: folder, test: '', why: firstLine(message) }));
  return { passed: tests.length - failures.length, failures: [...failures, ...broken] };
}

function specsOf(suite: Suite): Suite['specs'] {
  return [...suite.specs, ...suite.suites.flatMap(specsOf)];
}

function firstLine(message: string): string {
  // oxlint-disable-next-line no-control-regex -- colours of a terminal
  const plain = message.replaceAll(/\u001b\[\d*(?:;\d+)*m/g, '').trim();
  return (plain.split('\n')[0] ?? '').slice(0, 300);
}
