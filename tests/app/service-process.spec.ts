// The process behind the window: SSH, git and the vault run there, and its death must cost nothing but a question.
import { expect, test } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';
import { processBelow } from '../support/processes-below.ts';

let app: DesktopApp;

test.beforeAll(async () => {
  app = await startDesktopApp();
});
test.afterAll(() => app.close());

type Bridge = { gateway: { call(channel: string, input: unknown): Promise<unknown> } };

const ask = (channel: string) =>
  app.window.evaluate((name) => (globalThis as unknown as Bridge).gateway.call(name, {}), channel);
const servicePid = () => processBelow(app.electron.process().pid ?? 0, /node\.mojom\.NodeService/);

test('a service process that is killed is started again, and the window goes on', async () => {
  expect(await ask('fleet:list')).toMatchObject({ ok: true });
  const before = servicePid();

  process.kill(before, 'SIGKILL');

  await expect.poll(() => ask('fleet:list'), { timeout: 15_000 }).toMatchObject({ ok: true });
  expect(servicePid()).not.toBe(before);
});

test('a call under way when it dies is answered with what to do next', async () => {
  process.kill(servicePid(), 'SIGSTOP'); // the call now waits, as long as the test wants
  const answer = ask('app:info');
  await app.window.waitForTimeout(1000); // the call must have left the window; nobody can answer it meanwhile
  process.kill(servicePid(), 'SIGKILL');

  expect(await answer).toMatchObject({
    ok: false,
    problem: { code: 'internal', hint: expect.stringMatching(/try again/) },
  });
});

test('nothing of this made the page complain', () => {
  expect(app.complaints).toEqual([]);
});
