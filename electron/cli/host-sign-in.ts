// How `postern enrol` and `unenrol` sign in to a host once: as root or a sudo user, with what the command line says and
// what is asked at the terminal. Nothing of it is kept.
import { resolve } from 'node:path';
import type { HostSignIn } from '#contract/enrolment';
import type { HostKey } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { readPassphraseFile } from './passphrase-file.ts';
import type { SessionOptions } from './session.ts';
import type { Terminal } from './terminal.ts';

export type HostSignInOptions = SessionOptions & { user: string; password?: boolean; sudoPasswordFile?: string };

export type HostAddress = { host: string; port: number; hostKeys: HostKey[] };

/** What the command line says; a password is read from --passphrase-file, else asked for. */
export async function hostSignIn(
  terminal: Terminal,
  address: HostAddress,
  options: HostSignInOptions,
): Promise<Outcome<HostSignIn>> {
  const { user, identity, password, passphraseFile, sudoPasswordFile } = options;
  const sudo = await readIfGiven(sudoPasswordFile);
  if (!sudo.ok) return sudo;
  const secret = await readIfGiven(passphraseFile);
  if (!secret.ok) return secret;
  const signIn: HostSignIn['signIn'] =
    password === true
      ? { kind: 'password' }
      : identity === undefined
        ? { kind: 'agent' }
        : { kind: 'key', file: resolve(identity) };
  const at: HostSignIn = { ...address, user, signIn };
  if (sudo.value !== null) at.sudoPassword = sudo.value;
  if (secret.value !== null && signIn.kind !== 'agent') at.secret = secret.value;
  if (signIn.kind !== 'password' || at.secret !== undefined) return done(at);
  const asked = await terminal.askHidden(`Password of ${user} on ${address.host}: `);
  if (asked.ok) return done({ ...at, secret: asked.value });
  if (asked.problem.code === 'cancelled') return asked;
  return failed('secret-needed', 'The password is needed, and nobody can be asked.', 'Use --passphrase-file.');
}

/** Tries it; where sudo or an encrypted key asks for a secret that nobody gave, the terminal is asked once. */
export async function askingOnce<T>(
  terminal: Terminal,
  at: HostSignIn,
  work: (at: HostSignIn) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const outcome = await work(at);
  if (outcome.ok || outcome.problem.code !== 'secret-needed' || !terminal.isInteractive) return outcome;
  const isSudo = outcome.problem.message.startsWith('sudo');
  const asked = await terminal.askHidden(
    isSudo ? `Password of ${at.user} for sudo: ` : 'Passphrase of the private key: ',
  );
  if (!asked.ok) return asked;
  return work(isSudo ? { ...at, sudoPassword: asked.value } : { ...at, secret: asked.value });
}

async function readIfGiven(file: string | undefined): Promise<Outcome<string | null>> {
  return file === undefined ? done(null) : readPassphraseFile(file);
}
