// How long the window's thread was busy at one go, as Chromium's own trace tells.
import { readFile, rm } from 'node:fs/promises';
import { expect } from '@playwright/test';
import type { DesktopApp } from './desktop-app.ts';

/** Of the traces that Chromium writes: tasks, and which thread is which. Times are microseconds. */
type TraceEvent = { name: string; ph: string; pid: number; tid: number; tdur?: number; args?: { name?: string } };

/**
 * The window's longest task in milliseconds of its own processor time: on a machine that others use too, the wall clock
 * of a task says how busy they are.
 */
export async function longestTaskDuring({ electron }: DesktopApp, work: () => Promise<unknown>): Promise<number> {
  await electron.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({ included_categories: ['toplevel'], excluded_categories: ['*'] }),
  );
  await work();
  const file = await electron.evaluate(({ contentTracing }) => contentTracing.stopRecording());
  const { traceEvents } = JSON.parse(await readFile(file, 'utf8')) as { traceEvents: TraceEvent[] };
  await rm(file);
  const isMain = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ ph, pid, tid, tdur }) => ph === 'X' && tdur !== undefined && isMain.has(`${pid} ${tid}`),
  );
  expect(tasks.length).toBeGreaterThan(100); // or nothing was measured
  return Math.max(...tasks.map(({ tdur }) => tdur ?? 0)) / 1000;
}
