// How long the threads that people wait for were busy at one go, as Chromium's own trace tells.
import { readFile, rm } from 'node:fs/promises';
import { expect } from '@playwright/test';
import type { DesktopApp } from './desktop-app.ts';

/** Of the traces that Chromium writes: tasks, and which thread is which. Times are microseconds. */
type TraceEvent = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  tdur?: number;
  args?: { name?: string };
};

/** In milliseconds of the thread's own processor time. */
export type LongestTasks = { main: number; window: number };

/** The window's longest task in milliseconds of its own processor time. */
export async function longestTaskDuring(app: DesktopApp, work: () => Promise<unknown>): Promise<number> {
  return (await longestTasksDuring(app, work)).window;
}

/**
 * The longest task of the main process and of the window. Processor time: on a machine that others use too, the wall
 * clock of a task says how busy they are.
 */
export async function longestTasksDuring(
  { electron }: DesktopApp,
  work: () => Promise<unknown>,
): Promise<LongestTasks> {
  await electron.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({ included_categories: ['toplevel'], excluded_categories: ['*'] }),
  );
  const startedAt = performance.now();
  await work();
  const milliseconds = performance.now() - startedAt;
  const file = await electron.evaluate(({ contentTracing }) => contentTracing.stopRecording());
  const { traceEvents } = JSON.parse(await readFile(file, 'utf8')) as { traceEvents: TraceEvent[] };
  await rm(file);
  return {
    main: longestOf('CrBrowserMain', traceEvents, milliseconds),
    window: longestOf('CrRendererMain', traceEvents, milliseconds),
  };
}

function longestOf(thread: string, traceEvents: TraceEvent[], milliseconds: number): number {
  const isOfThread = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === thread)
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ ph, pid, tid, tdur }) => ph === 'X' && tdur !== undefined && isOfThread.has(`${pid} ${tid}`),
  );
  expect(tasks.length, `tasks of ${thread}`).toBeGreaterThan(20); // or nothing was measured
  const times = tasks.map(({ ts }) => ts / 1000);
  // A full buffer would leave out the end of the work, and with it what may have been long.
  const seen = times.reduce((latest, at) => Math.max(latest, at)) - times.reduce((first, at) => Math.min(first, at));
  expect(seen, `milliseconds of ${thread} in the trace`).toBeGreaterThan(milliseconds * 0.8);
  return tasks.reduce((longest, { tdur }) => Math.max(longest, tdur ?? 0), 0) / 1000;
}
