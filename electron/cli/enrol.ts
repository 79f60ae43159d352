// `postern enrol` and `postern unenrol`: a bare host becomes a gateway, and back.
import { randomUUID } from 'node:crypto';
import { HostOrAddress } from '#contract/config';
import type { EnrolItem, EnrolReport, HostSignIn } from '#contract/enrolment';
import { SshAddress } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName } from '#contract/settings';
import { checkHost } from '../enrol/check-host.ts';
import { enrolHost, type EnrolmentServices, type EnrolWatch } from '../enrol/enrol-host.ts';
import { unenrolHost } from '../enrol/unenrol-host.ts';
import { findAgentBundle } from '../local-gateway/find-agent.ts';
import { whoIsHere } from '../store/who-is-here.ts';
import { acceptHostKey } from './add.ts';
import type { ProgramParts } from './command-frame.ts';
import { exitStatus } from './exit-status.ts';
import { askingOnce, hostSignIn, type HostSignInOptions } from './host-sign-in.ts';
import { readPassphraseFile } from './passphrase-file.ts';
import { endWithProblem, writeDocument } from './results.ts';
import type { Session } from './session.ts';
import { formatTable } from './table.ts';

export type EnrolOptions = HostSignInOptions & {
  check?: boolean;
  name?: string;
  into?: string;
  port: number;
  smtpPort?: number;
  acceptHostKey?: string;
};

export type UnenrolOptions = HostSignInOptions & { keepRecord?: boolean; loseMail?: boolean };

type Run = Pick<ProgramParts, 'here' | 'signal'>;

/** Shows the host key, signs in once, and looks; without --check it goes on to the end. */
export async function enrolCommand(
  session: Session,
  host: string,
  { options, run }: { options: EnrolOptions; run: Run },
) {
  const command = options.check === true ? 'enrol --check' : 'enrol';
  const report = await enrol(session, host.replace(/^\[(.*)\]$/, '$1'), { options, run });
  if (!report.ok) return endWithProblem(session.terminal, report.problem, { command, json: session.json });
  showReport(session, command, report.value);
  return report.value.isFit ? exitStatus.done : exitStatus.refused;
}

async function enrol(
  session: Session,
  host: string,
  { options, run }: { options: EnrolOptions; run: Run },
): Promise<Outcome<EnrolReport>> {
  const name = FleetName.safeParse(options.name ?? host.toLowerCase());
  if (!name.success) return failed('bad-request', `${options.name ?? host} is no name for a gateway.`, 'Use --name.');
  const { port } = options;
  if (!HostOrAddress.safeParse(host).success) return failed('bad-request', `${host} is no host name or address.`);
  const shown = await session.engine.scanHostKey(SshAddress.parse({ host, port }));
  if (!shown.ok) return shown;
  const accepted = await acceptHostKey(session, { host, acceptHostKey: options.acceptHostKey ?? null }, shown.value);
  if (!accepted.ok) return accepted;
  const at = await hostSignIn(session.terminal, { host, port, hostKeys: [shown.value] }, options);
  if (!at.ok) return at;
  const services = enrolmentOf(session, run.here);
  const smtpPort = options.smtpPort ?? null;
  if (options.check === true) {
    return askingOnce(session.terminal, at.value, (asked) => checkHost(services, { at: asked, smtpPort }, run.signal));
  }
  const opened = await openVault(session, options);
  if (!opened.ok) return opened;
  const order = { runId: randomUUID(), name: name.data, group: options.into ?? null, smtpPort };
  const work = (asked: HostSignIn) => enrolHost(services, { ...order, at: asked }, watch(session, run.signal));
  return askingOnce(session.terminal, at.value, work);
}

/** A key store that only a passphrase opens: from --passphrase-file, else asked for. */
async function openVault({ vault, terminal }: Session, options: EnrolOptions): Promise<Outcome<unknown>> {
  const { state } = await vault.state();
  if (state !== 'locked' && state !== 'new') return done(null);
  const given = options.password === true ? undefined : options.passphraseFile;
  const question = state === 'new' ? 'Choose a passphrase for the key store: ' : 'Passphrase of the key store: ';
  const passphrase = given === undefined ? await terminal.askHidden(question) : await readPassphraseFile(given);
  return passphrase.ok ? vault.unlock(passphrase.value) : passphrase;
}

/** Removes from the host what enrolment made, and the gateway from the fleet. */
export async function unenrolCommand(
  session: Session,
  name: string,
  { options, run }: { options: UnenrolOptions; run: Run },
): Promise<number> {
  const report = await unenrol(session, name, { options, run });
  if (!report.ok) return endWithProblem(session.terminal, report.problem, { command: 'unenrol', json: session.json });
  showReport(session, 'unenrol', report.value);
  return exitStatus.done;
}

async function unenrol(
  session: Session,
  name: string,
  { options, run }: { options: UnenrolOptions; run: Run },
): Promise<Outcome<EnrolReport>> {
  const record = await session.folder.load(name);
  if (!record.ok) return record;
  const { ssh, hostKeys } = record.value;
  if (hostKeys.length === 0) return failed('host-key-unknown', `No host key of ${name} is pinned.`);
  const at = await hostSignIn(session.terminal, { host: ssh.host, port: ssh.port, hostKeys }, options);
  if (!at.ok) return at;
  const order = { name, removesRecord: options.keepRecord !== true, losesMail: options.loseMail === true };
  const services = enrolmentOf(session, run.here);
  const work = (asked: HostSignIn) => unenrolHost(services, { ...order, at: asked }, watch(session, run.signal));
  return askingOnce(session.terminal, at.value, work);
}

function enrolmentOf({ folder, vault, engine, audit }: Session, here: string): EnrolmentServices {
  return { folder, vault, engine, audit, author: whoIsHere().name, findAgentBundle: () => findAgentBundle(here) };
}

function watch({ terminal, json }: Session, signal: AbortSignal): EnrolWatch {
  const told = new Map<string, string>();
  const onItem = (item: EnrolItem) => {
    const line = itemLine(item);
    if (told.get(item.id) === line) return;
    told.set(item.id, line);
    terminal.tell(`${line}\n`);
  };
  return { signal, onItem: json ? undefined : onItem };
}

function itemLine({ words, state, detail }: EnrolItem): string {
  return `${state.padEnd(8)}  ${words}${detail === undefined ? '' : `: ${detail}`}`;
}

function showReport({ terminal, json }: Session, command: string, report: EnrolReport): void {
  if (json) return writeDocument(terminal, { command, ok: report.isFit, ...report });
  const verdict = report.isFit ? '' : 'cannot become a gateway as it is';
  const enrolled = report.isEnrolled ? 'enrolled' : verdict || 'not enrolled';
  terminal.out(`${report.system}: ${enrolled}\n`);
  const rows = report.items.map(({ state, words, detail }) => [state, words, detail ?? '']);
  terminal.out(formatTable(['state', 'what', 'detail'], rows));
}
