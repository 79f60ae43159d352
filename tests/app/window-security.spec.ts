// What the window may not do, tried from inside it.
import { expect, test } from '@playwright/test';
import { startDesktopApp, type DesktopApp } from '../support/desktop-app.ts';

let app: DesktopApp;

test.beforeAll(async () => {
  app = await startDesktopApp();
});
test.afterAll(() => app.close());

type Bridge = { gateway: { call(channel: string, input: unknown): Promise<unknown> } };

test('the page has no Node and sees only the bridge', async () => {
  const seen = await app.window.evaluate(() => ({
    require: typeof (globalThis as { require?: unknown }).require,
    process: typeof (globalThis as { process?: unknown }).process,
    bridge: Object.keys((globalThis as unknown as { gateway: object }).gateway).toSorted(),
  }));

  expect(seen).toEqual({ require: 'undefined', process: 'undefined', bridge: ['call', 'on'] });
});

test('every window is isolated and sandboxed', async () => {
  const preferences = await app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(({ webContents }) => {
      const known = webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      const { contextIsolation, sandbox, nodeIntegration, webviewTag } = known.getLastWebPreferences();
      return { contextIsolation, sandbox, nodeIntegration, webviewTag };
    }),
  );

  expect(preferences).toEqual([{ contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false }]);
});

test('an input that the contract refuses is answered as data', async () => {
  const answers = await app.window.evaluate(async () => {
    const { gateway } = globalThis as unknown as Bridge;
    return Promise.all([
      gateway.call('fleet:refresh', { name: '../../etc/passwd' }),
      gateway.call('fleet:refresh', { name: 'mx1', extra: true }),
      gateway.call('app:info', null),
    ]);
  });

  for (const answer of answers) expect(answer).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
});

test('a channel outside the contract does not exist', async () => {
  const message = await app.window.evaluate(async () => {
    const { gateway } = globalThis as unknown as Bridge;
    return gateway.call('shell:open', {}).then(String, (error: Error) => error.message);
  });

  expect(message).toContain('No handler registered');
});

test('navigation, new windows, script from strings and remote content are refused', async () => {
  const before = app.window.url();
  const outcome = await app.window.evaluate(async () => {
    const opened = window.open('https://example.net/') === null;
    // Later, outside of the debugger's own evaluation, which the policy does not bind.
    const evaluated = await new Promise((resolve) =>
      setTimeout(() => {
        try {
          resolve(new Function('return true')());
        } catch {
          resolve(false);
        }
      }),
    );
    const fetched = await fetch('https://example.net/').then(
      () => true,
      () => false,
    );
    location.href = 'https://example.net/';
    return { opened, evaluated, fetched };
  });
  await app.window.waitForTimeout(300);

  expect(outcome).toEqual({ opened: true, evaluated: false, fetched: false });
  expect(app.window.url()).toBe(before);
  expect(app.electron.windows()).toHaveLength(1);
});

test('the protocol serves the built files and nothing beside them', async () => {
  const statuses = await app.window.evaluate(async () => {
    const paths = [
      '/index.html',
      '/../main.cjs',
      '/%2e%2e/%2e%2e/package.json',
      '/..%2f..%2fpackage.json',
      '//etc/passwd',
    ];
    return Promise.all(paths.map(async (path) => (await fetch(`postern://app${path}`)).status));
  });

  expect(statuses).toEqual([200, 404, 404, 404, 404]);
});

test('each load has a nonce of its own and a policy without inline script', async () => {
  const [first, second] = await app.window.evaluate(async () => {
    const load = async () => (await fetch('postern://app/')).headers.get('content-security-policy') ?? '';
    return [await load(), await load()];
  });

  expect(first).toMatch(/default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[A-Za-z0-9+/]{24}'/);
  expect(first).not.toContain('unsafe');
  expect(first).not.toBe(second);
});

test('permissions are denied', async () => {
  const states = await app.window.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone'] as PermissionName[];
    return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state));
  });

  expect(states).toEqual(['denied', 'denied', 'denied', 'denied']);
});
