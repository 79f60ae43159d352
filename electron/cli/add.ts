// `postern add`: first contact with a gateway. The host key is shown and must be accepted by somebody.
import { resolve } from 'node:path';
import type { HostKey, SignIn } from '#contract/fleet';
import { GatewayRecord } from '#contract/fleet';
import { done, failed, type Outcome } from '#contract/outcome';
import { FleetName } from '#contract/settings';
import type { HelloReply } from '#contract/replies';
import { endWithProblem, writeDocument } from './results.ts';
import { exitStatus } from './exit-status.ts';
import type { Session } from './session.ts';

export type NewGateway = {
  name: string;
  host: string;
  port: number;
  user: string;
  identity: string | null;
  usesPassword: boolean;
  acceptHostKey: string | null;
  /** `host` is an alias of ~/.ssh/config. */
  readsSshConfig: boolean;
  /** Names in the fleet folder. */
  jumps: string[];
  credential: string | null;
};

/** Shows the host key, signs in once, and writes the gateway into the fleet folder. */
export async function addCommand(session: Session, gateway: NewGateway): Promise<number> {
  const added = await add(session, gateway);
  const { terminal, json } = session;
  if (!added.ok) return endWithProblem(terminal, added.problem, { command: 'add', json });
  const { hello, hostKey } = added.value;
  if (json) writeDocument(terminal, { command: 'add', ok: true, gateway: gateway.name, hostKey, hello });
  else {
    terminal.out(`${gateway.name} is part of the fleet: ${hello.hostName}, gateway-agent ${hello.agentVersion}.\n`);
    if (!hello.daemonAnswers) terminal.tell('postern: its SMTP daemon does not answer yet.\n');
  }
  return exitStatus.done;
}

type Added = { hello: HelloReply; hostKey: HostKey };

async function add(session: Session, gateway: NewGateway): Promise<Outcome<Added>> {
  const record = toRecord(gateway);
  if (!record.ok) return record;
  const { ssh } = record.value;
  const shown = await session.engine.scanHostKey(ssh);
  if (!shown.ok) return shown;
  const accepted = await acceptHostKey(session, gateway, shown.value);
  if (!accepted.ok) return accepted;
  const hostKeys = [shown.value];
  const hello = await session.engine.trySignIn({ name: gateway.name, ssh, hostKeys });
  if (!hello.ok) return hello;
  const saved = await session.folder.add(gateway.name, { ...record.value, hostKeys });
  return saved.ok ? done({ hello: hello.value, hostKey: shown.value }) : saved;
}

function toRecord({ name, host, port, user, identity, usesPassword, ...shared }: NewGateway): Outcome<GatewayRecord> {
  const checkedName = FleetName.safeParse(name);
  if (!checkedName.success)
    return failed('bad-request', `${name} is no name for a gateway: ${firstIssue(checkedName.error)}`);
  const agent: SignIn = { kind: 'agent' };
  const signIn: SignIn = usesPassword ? { kind: 'password' } : agent;
  const address = host.replace(/^\[(.*)\]$/, '$1'); // an IPv6 address as people copy it
  const ssh = {
    host: address,
    port,
    user,
    signIn: identity === null ? signIn : { kind: 'key', file: resolve(identity) },
    readsSshConfig: shared.readsSshConfig,
    jumps: shared.jumps,
    credential: shared.credential,
  };
  const record = GatewayRecord.safeParse({ ssh });
  return record.success ? done(record.data) : failed('bad-request', firstIssue(record.error));
}

function firstIssue(error: { issues: { path: PropertyKey[]; message: string }[] }): string {
  const [issue] = error.issues;
  return issue === undefined ? 'not understood' : `${issue.path.join('.')} ${issue.message}`.trim();
}

/** Somebody must say that the shown key is the server's own: at the terminal, or by the fingerprint given. */
export async function acceptHostKey(
  session: Session,
  gateway: Pick<NewGateway, 'host' | 'acceptHostKey'>,
  shown: HostKey,
): Promise<Outcome<void>> {
  const { terminal } = session;
  const words = `${gateway.host} shows the ${shown.type} host key ${shown.fingerprint}`;
  if (gateway.acceptHostKey !== null) {
    if (gateway.acceptHostKey === shown.fingerprint) return done(undefined);
    return failed('host-key-changed', `${words}, not ${gateway.acceptHostKey}. Nothing secret was sent.`);
  }
  const hint = `Compare it on the gateway (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then add: --accept-host-key ${shown.fingerprint}`;
  if (!terminal.isInteractive || session.json) return failed('host-key-unknown', `${words}.`, hint);
  terminal.tell(`${words}.\nCompare it with the gateway's own: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\n`);
  const answer = await terminal.askLine('Is it the same? Type yes: ');
  if (!answer.ok) return answer;
  return answer.value.trim() === 'yes' ? done(undefined) : failed('cancelled', 'The host key was not accepted.');
}
