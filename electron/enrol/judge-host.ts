// From what a host is to what enrolment would do there, or why it cannot: pure, so that `--check` and a run agree.
import type { EnrolItem, EnrolReport } from '#contract/enrolment';
import type { AgentPayload, EnrolKit } from './enrol-kit.ts';
import type { HostFacts } from './host-facts.ts';
import { judgeSshd } from './judge-sshd.ts';

/** The agent's target. */
const nodeMajor = 24;
/** Node's own binaries are built against it. */
const oldestGlibc = [2, 28] as const;
/** The one file twice (a newer one beside the old), and what the daemon keeps free for its queue. */
const neededKib = { executable: 300_000, bundle: 20_000, state: 100_000 } as const;

export type HostWishes = {
  kit: Pick<EnrolKit, 'bundleSha256' | 'executableSha256'>;
  /** Of the key that this computer has for the host already; null: a fresh one is made. */
  keyBlob: string | null;
  smtpPort: number;
};

export type HostVerdict = {
  report: EnrolReport;
  payload: { kind: AgentPayload['kind']; node: string; isThere: boolean } | null;
};

/** Everything that the operator wants to know before anything is touched. */
export function judgeHost(facts: HostFacts, wishes: HostWishes): HostVerdict {
  const payload = choosePayload(facts, wishes);
  const items = [
    judgeSystem(facts),
    judgeAgent(facts, payload),
    ...judgeWays(facts, payload),
    judgeUsers(facts),
    judgeFolders(facts),
    judgeKey(facts, wishes),
    judgeService(facts),
    judgePort(facts, wishes),
  ];
  return {
    payload: typeof payload === 'string' ? null : payload,
    report: {
      isFit: items.every(({ state }) => state !== 'obstacle'),
      isEnrolled: facts.enrolment !== null,
      system: [facts.system, facts.machine, facts.systemd ?? 'no systemd'].filter((part) => part !== '').join(', '),
      items,
    },
  };
}

type Payload = NonNullable<HostVerdict['payload']>;

/** The bundle where the host has a Node for it, else the one file; a text says why neither can be. */
function choosePayload(facts: HostFacts, { kit }: HostWishes): Payload | string {
  const node = facts.nodes.find(({ major }) => major >= nodeMajor);
  if (node !== undefined) {
    return { kind: 'bundle', node: node.path, isThere: facts.enrolment?.agentSource === kit.bundleSha256 };
  }
  if (facts.machine !== 'x86_64') {
    return `There is no Node ${nodeMajor}, and the agent as one file is made for x86_64, not for ${facts.machine}.`;
  }
  if (!hasGlibc(facts.libc)) {
    return `There is no Node ${nodeMajor}, and the agent as one file needs glibc ${oldestGlibc.join('.')} or newer.`;
  }
  if (kit.executableSha256 === null) {
    return (
      `There is no Node ${nodeMajor}, and the agent as one file is not made on this computer: ` +
      'run npm run build:agent-executable, or install Node 24 on the host.'
    );
  }
  return { kind: 'executable', node: '', isThere: facts.enrolment?.agentSource === kit.executableSha256 };
}

function hasGlibc(text: string): boolean {
  const [, major, minor] = /^glibc (\d+)\.(\d+)/.exec(text) ?? [];
  return Number(major) > oldestGlibc[0] || (Number(major) === oldestGlibc[0] && Number(minor) >= oldestGlibc[1]);
}

function judgeSystem({ kernel, lacks }: HostFacts): EnrolItem {
  const words = 'Linux with its usual tools';
  if (kernel !== 'Linux') {
    return { id: 'system', words, state: 'obstacle', detail: `The host runs ${kernel || 'an unknown system'}.` };
  }
  const missing = lacks.join(', ');
  return lacks.length === 0
    ? { id: 'system', words, state: 'there' }
    : { id: 'system', words, state: 'obstacle', detail: `Missing: ${missing}.` };
}

function judgeAgent(facts: HostFacts, payload: Payload | string): EnrolItem {
  const item = { id: 'agent', words: 'The agent in /usr/local/lib/postern' };
  if (typeof payload === 'string') return { ...item, state: 'obstacle', detail: payload };
  const detail = payload.kind === 'bundle' ? `run by ${payload.node}` : 'one file with its own Node, 128 MB';
  if (payload.isThere) return { ...item, state: 'there', detail };
  if (facts.enrolment !== null) return { ...item, state: 'to-do', detail: `replaced: ${detail}` };
  const taken = ['/usr/local/lib/postern/gateway-agent', '/usr/local/bin/gateway-agent'].find((path) =>
    facts.paths.has(path),
  );
  if (taken === undefined) return { ...item, state: 'to-do', detail };
  return { ...item, state: 'obstacle', detail: `${taken} is there and was not made by an enrolment.` };
}

/** What only shows when it stands in the way. */
function judgeWays(facts: HostFacts, payload: Payload | string): EnrolItem[] {
  const items: EnrolItem[] = [];
  const sshd = judgeSshd(facts.sshd);
  if (sshd !== null)
    items.push({ id: 'sshd', words: 'Sign-in of postern-deploy by key', state: 'obstacle', detail: sshd });
  const needed = { '/usr/local/lib/postern/': 0, '/var/lib/': neededKib.state };
  if (typeof payload !== 'string' && !payload.isThere) needed['/usr/local/lib/postern/'] = neededKib[payload.kind];
  for (const [folder, kib] of Object.entries(needed)) {
    const free = facts.freeKib.get(folder);
    if (free !== undefined && free < kib) {
      const detail = `${folder} has ${Math.floor(free / 1000)} MB free; ${Math.ceil(kib / 1000)} MB are needed.`;
      items.push({ id: 'disk', words: 'Free disk space', state: 'obstacle', detail });
    }
  }
  return items;
}

function judgeUsers({ users, hasGroup }: HostFacts): EnrolItem {
  const item = { id: 'users', words: 'Users postern (the daemon) and postern-deploy (pushes, in group postern)' };
  const deploy = users.get('postern-deploy');
  if (deploy !== undefined && !deploy.includes('postern')) {
    return { ...item, state: 'obstacle', detail: 'postern-deploy is there, but not in the group postern.' };
  }
  return { ...item, state: hasGroup && users.has('postern') && deploy !== undefined ? 'there' : 'to-do' };
}

const folders: Readonly<Record<string, string>> = {
  '/var/lib/postern': 'postern-deploy:postern 2750',
};

function judgeFolders({ paths }: HostFacts): EnrolItem {
  const item = { id: 'folders', words: 'Folders below /var/lib/postern with their owners and modes' };
  for (const [path, wanted] of Object.entries(folders)) {
    const found = paths.get(path);
    if (found === undefined) return { ...item, state: 'to-do' };
    if (found !== wanted) return { ...item, state: 'obstacle', detail: `${path} has ${found}, not ${wanted}.` };
  }
  return { ...item, state: 'there' };
}

function judgeKey({ enrolment }: HostFacts, { keyBlob }: HostWishes): EnrolItem {
  const item = { id: 'management-key', words: 'A management key that may run the agent and nothing else' };
  if (keyBlob !== null && enrolment?.keys.includes(keyBlob)) return { ...item, state: 'there' };
  return { ...item, state: 'to-do', detail: 'a fresh Ed25519 key; its private half stays in the key store here' };
}

function judgeService({ systemd, enrolment, paths }: HostFacts): EnrolItem {
  if (systemd === null) {
    const item = { id: 'service', words: 'The daemon in the foreground mode: this host has no systemd' };
    if (enrolment?.isRunning) return { ...item, state: 'there', detail: startWords };
    return { ...item, state: 'to-do', detail: `started once now; ${startWords}` };
  }
  const unit = '/etc/systemd/system/postern-gateway-agent.service';
  const item = { id: 'service', words: 'The hardened systemd unit postern-gateway-agent, enabled and started' };
  if (enrolment !== null) return { ...item, state: enrolment.isRunning ? 'there' : 'to-do' };
  if (!paths.has(unit)) return { ...item, state: 'to-do' };
  return { ...item, state: 'obstacle', detail: `${unit} is there and was not made by an enrolment.` };
}

/** Said in the report, because after a restart of the host nobody else will do it. */
const startWords = 'at every start of the host something must run /usr/local/lib/postern/run-daemon as root';

function judgePort({ portHolder, enrolment }: HostFacts, { smtpPort }: HostWishes): EnrolItem {
  const item = { id: 'configuration', words: `A first configuration, pushed and proved: SMTP on port ${smtpPort}` };
  if (portHolder === null || enrolment !== null) return { ...item, state: enrolment === null ? 'to-do' : 'there' };
  return {
    ...item,
    state: 'obstacle',
    detail: `Port ${smtpPort} is held by ${portHolder}. Stop it, or choose another port.`,
  };
}
