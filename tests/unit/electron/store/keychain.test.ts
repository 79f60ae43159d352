import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePemPair } from '../../../support/pem-files.ts';
import { everythingIn } from '../../../support/everything-in.ts';
import { temporaryFolder } from '../../../support/temporary-fleet.ts';

const script = join(import.meta.dirname, '../../../support/use-real-keychain.ts');

type Step = { act: string; argument?: string; input?: string };
type Session = { home: string; unlockedBy: string | null };

/**
 * Runs one step in a D-Bus session of its own. With a password a GNOME Keyring is unlocked there (made at the first
 * time); without one the session's keyring is locked, and with `session: null` there is no D-Bus at all.
 */
async function runStep(
  session: Session | null,
  folder: string,
  { act, argument = '', input = '' }: Step,
): Promise<unknown> {
  const node = [process.execPath, script, folder, act, argument];
  const { DBUS_SESSION_BUS_ADDRESS: _bus, DISPLAY: _display, ...env } = process.env;
  const [command = '', ...args] =
    session === null ? node : ['dbus-run-session', '--', 'sh', '-c', inSession, 'sh', ...node];
  const extra =
    session === null ? {} : { HOME: session.home, XDG_DATA_HOME: session.home, XDG_RUNTIME_DIR: session.home };
  const child = spawn(command, args, {
    env: { ...env, ...extra, KEYRING_PASSWORD: session?.unlockedBy ?? '' },
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: 20_000,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdin.end(input);
  await once(child, 'close');
  return JSON.parse(output) as unknown;
}

const inSession = `
if [ -n "$KEYRING_PASSWORD" ]; then
  printf %s "$KEYRING_PASSWORD" | gnome-keyring-daemon --unlock --components=secrets >/dev/null
fi
unset KEYRING_PASSWORD
exec "$@"`;

async function newHome(): Promise<{ home: string; folder: string }> {
  const base = await temporaryFolder();
  const home = join(base, 'home');
  await mkdir(home, { mode: 0o700 });
  return { home, folder: join(base, 'vault') };
}

describe('the keychain of the system', () => {
  it('keeps keys and secrets between programs, and no file holds them', async () => {
    const { home, folder } = await newHome();
    const open = { home, unlockedBy: 'login-password' };
    const { key } = await makePemPair(await temporaryFolder(), 'x');

    const state = await runStep(open, folder, { act: 'state' });
    const stored = await runStep(open, folder, { act: 'store-key', input: key });
    await runStep(open, folder, { act: 'store-secret', argument: 'pass-word-123' });

    const { sha256 } = (stored as { value: { sha256: string } }).value;
    expect(state).toMatchObject({ state: 'keychain' });
    expect(await runStep(open, folder, { act: 'load-key', argument: sha256 })).toEqual({ ok: true, value: key });
    expect(await runStep(open, folder, { act: 'load-secret' })).toEqual({ ok: true, value: 'pass-word-123' });
    const texts = [...(await everythingIn(join(folder, '..'))).values()];
    expect(texts.filter((text) => text.includes('pass-word-123') || text.includes('PRIVATE KEY'))).toEqual([]);
    expect(await runStep(open, folder, { act: 'remove-secret' })).toMatchObject({ ok: true });
    expect(await runStep(open, folder, { act: 'load-secret' })).toEqual({ ok: true, value: null });
  });

  it('gives nothing away while it is locked, and nothing is stored elsewhere instead', async () => {
    const { home, folder } = await newHome();
    const open = { home, unlockedBy: 'login-password' };
    const locked = { home, unlockedBy: null };
    const { key } = await makePemPair(await temporaryFolder(), 'x');
    const stored = await runStep(open, folder, { act: 'store-key', input: key });
    await runStep(open, folder, { act: 'store-secret', argument: 'pass-word-123' });

    const { sha256 } = (stored as { value: { sha256: string } }).value;
    const refused = { ok: false, problem: { code: 'vault-locked' } };
    expect(await runStep(locked, folder, { act: 'load-key', argument: sha256 })).toMatchObject(refused);
    expect(await runStep(locked, folder, { act: 'load-secret' })).toMatchObject(refused);
    expect(await runStep(locked, folder, { act: 'store-secret', argument: 'other' })).toMatchObject(refused);
    expect(await runStep(locked, folder, { act: 'state' })).toMatchObject({ state: 'locked' });
    expect(await runStep(open, folder, { act: 'load-secret' })).toEqual({ ok: true, value: 'pass-word-123' });
  });

  it('is missing in words where no desktop session runs', async () => {
    const { folder } = await newHome();

    const state = await runStep(null, folder, { act: 'state' });
    const stored = await runStep(null, folder, { act: 'store-secret', argument: 'pass' });

    expect(state).toMatchObject({ state: 'new', words: expect.stringMatching(/cannot be used: no .*passphrase/) });
    expect(stored).toMatchObject({ ok: false, problem: { code: 'vault-locked' } });
  });
});
