// `postern import-ssh`, `credentials` and `jump-hosts`: how gateways are reached, by reference.
import { resolve } from 'node:path';
import { Credential, JumpHost, SshAddress, type SignIn } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { importHosts, listConfiguredHosts } from '../fleet/import-hosts.ts';
import { keepSecret } from '../fleet/keep-secret.ts';
import { acceptHostKey } from './add.ts';
import { exitStatus } from './exit-status.ts';
import { readPassphraseFile } from './passphrase-file.ts';
import { endWithProblem, tellProblem, writeDocument } from './results.ts';
import type { Session } from './session.ts';
import { formatTable } from './table.ts';

export type SetOptions = {
  port?: number;
  user: string;
  password?: boolean;
  identity?: string | undefined;
  credential?: string;
  jump?: string[];
  acceptHostKey?: string;
  passphraseFile?: string | undefined;
};

/** Without aliases it shows what could be taken. */
export async function importSshCommand(
  session: Session,
  aliases: readonly string[],
  group: string | null,
): Promise<number> {
  if (aliases.length === 0) return showHosts(session);
  const imported = await importHosts(session.folder, { aliases, group });
  return end(session, 'import-ssh', imported, ({ added, unknownKeys }) => {
    const known = `${added.length} taken into the fleet: ${added.join(', ')}.\n`;
    if (unknownKeys.length === 0) return known;
    return `${known}known_hosts holds no key for ${unknownKeys.join(', ')}: accept it in the app, or sign in once with ssh.\n`;
  });
}

async function showHosts(session: Session): Promise<number> {
  const found = await listConfiguredHosts(session.folder);
  if (found.ok) for (const note of found.value.notes) tellProblem(session.terminal, { message: note });
  return end(session, 'import-ssh', found, ({ hosts }) =>
    formatTable(
      ['HOST', 'ADDRESS', 'USER', 'JUMPS', ''],
      hosts.map(({ alias, host, port, user, jumps, isInFleet, problem }) => [
        alias,
        `${host}:${port}`,
        user,
        jumps.join(', '),
        problem ?? (isInFleet ? 'in the fleet' : ''),
      ]),
    ),
  );
}

/** Names, users, ways to sign in, and who uses them. */
export async function listCredentialsCommand(session: Session): Promise<number> {
  const [entries, usage] = [await session.folder.listCredentials(), await session.folder.usageOfReach()];
  const used = (name: string) => String(usage.ok ? (usage.value.credentials.get(name)?.length ?? 0) : '?');
  return end(session, 'credentials', entries, (all) =>
    formatTable(
      ['NAME', 'USER', 'SIGN-IN', 'USED BY'],
      all.map((entry) =>
        'record' in entry
          ? [entry.name, entry.record.user, entry.record.signIn.kind, used(entry.name)]
          : [entry.name, '', entry.unreadable, used(entry.name)],
      ),
    ),
  );
}

/** Names, addresses, fingerprints, and who uses them. */
export async function listJumpHostsCommand(session: Session): Promise<number> {
  const [entries, usage] = [await session.folder.listJumpHosts(), await session.folder.usageOfReach()];
  const used = (name: string) => String(usage.ok ? (usage.value.jumpHosts.get(name)?.length ?? 0) : '?');
  return end(session, 'jump-hosts', entries, (all) =>
    formatTable(
      ['NAME', 'ADDRESS', 'HOST KEY', 'USED BY'],
      all.map((entry) => {
        if (!('record' in entry)) return [entry.name, '', entry.unreadable, used(entry.name)];
        const { host, port, user, hostKeys } = entry.record;
        const keys = hostKeys.map(({ fingerprint }) => fingerprint).join(' ');
        return [entry.name, `${user}@${host}:${port}`, keys, used(entry.name)];
      }),
    ),
  );
}

/** The password comes from the passphrase file or the terminal, never from the command line. */
export async function setCredentialCommand(session: Session, name: string, options: SetOptions): Promise<number> {
  const credential = Credential.safeParse({ user: options.user, signIn: signInOf(options) });
  if (!credential.success) return end(session, 'credentials', failed('bad-request', 'That is no user name.'), () => '');
  const secret = await secretOf(session, options, `Password of ${options.user} (credential ${name}): `);
  if (!secret.ok) return end(session, 'credentials', secret, () => '');
  const before = await session.folder.loadCredential(name);
  const saved = await session.folder.saveCredential(name, credential.data);
  const signIns = { before: before.ok ? before.value.signIn : null, now: credential.data.signIn };
  const kept = saved.ok
    ? await keepSecret(session.vault, `credential:${name}`, { ...signIns, ...secret.value })
    : saved;
  return end(session, 'credentials', kept, () => `The credential ${name} is saved.\n`);
}

/** Its host key is pinned as that of a gateway: shown, and accepted by somebody. */
export async function setJumpHostCommand(
  session: Session,
  { name, host }: { name: string; host: string },
  options: SetOptions,
): Promise<number> {
  const saved = await setJumpHost(session, { name, host }, options);
  return end(session, 'jump-hosts', saved, () => `The jump host ${name} is saved.\n`);
}

async function setJumpHost(
  session: Session,
  { name, host }: { name: string; host: string },
  options: SetOptions,
): Promise<Outcome<void>> {
  const { port, user, credential = null, jump = [] } = options;
  const address = SshAddress.safeParse({ host, port, user, jumps: jump });
  if (!address.success) return failed('bad-request', `${host} is no address of a jump host.`);
  const shown = await session.engine.scanHostKey(address.data);
  if (!shown.ok) return shown;
  const accepted = await acceptHostKey(session, { host, acceptHostKey: options.acceptHostKey ?? null }, shown.value);
  if (!accepted.ok) return accepted;
  const secret = await secretOf(session, options, `Password of ${user} on jump host ${name}: `);
  if (!secret.ok) return secret;
  const record = JumpHost.parse({ host, port, user, signIn: signInOf(options), credential, hostKeys: [shown.value] });
  const before = await session.folder.loadJumpHost(name);
  const saved = await session.folder.saveJumpHost(name, record);
  const signIns = { before: before.ok ? before.value.signIn : null, now: record.signIn };
  return saved.ok ? keepSecret(session.vault, `jump-host:${name}`, { ...signIns, ...secret.value }) : saved;
}

/** Refused, with the names, while somebody uses it. */
export async function removeReachCommand(
  session: Session,
  what: 'credential' | 'jump host',
  name: string,
): Promise<number> {
  const { folder, vault } = session;
  const isCredential = what === 'credential';
  const removed = await (isCredential ? folder.removeCredential(name) : folder.removeJumpHost(name));
  const owner = `${isCredential ? 'credential' : 'jump-host'}:${name}`;
  const forgotten = removed.ok ? await vault.removeSecret(owner) : removed;
  const command = isCredential ? 'credentials' : 'jump-hosts';
  return end(session, command, forgotten, () => `The ${what} ${name} is removed.\n`);
}

function signInOf({ password, identity }: SetOptions): SignIn {
  if (password === true) return { kind: 'password' };
  return identity === undefined ? { kind: 'agent' } : { kind: 'key', file: resolve(identity) };
}

type Entered = { secret?: string };

async function secretOf(session: Session, options: SetOptions, question: string): Promise<Outcome<Entered>> {
  if (options.passphraseFile === undefined && options.password !== true) return done({});
  const entered = await (options.passphraseFile === undefined
    ? session.terminal.askHidden(question)
    : readPassphraseFile(options.passphraseFile));
  return entered.ok ? done({ secret: entered.value }) : entered;
}

type Ending<T> = [outcome: Outcome<T>, words: (value: T) => string];

function end<T>({ terminal, json }: Session, command: string, ...[outcome, words]: Ending<T>): number {
  if (!outcome.ok) return endWithProblem(terminal, outcome.problem, { command, json });
  if (json) writeDocument(terminal, { command, ok: true, result: outcome.value ?? null });
  else terminal.out(words(outcome.value));
  return exitStatus.done;
}
