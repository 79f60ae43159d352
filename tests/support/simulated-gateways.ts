// Many gateways in one process of its own: one SSH server whose user names are the gateways, agents that answer from
// memory as real ones would, one SMTP port that greets for all of them. Started by simulated-fleet.ts; prints one line
// of JSON when it listens.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import ssh2, { type ServerChannel } from 'ssh2';
import { revisionOf } from '../../gateway-agent/certificates/hash.ts';
import { protocolVersion } from '../../gateway-agent/contract/protocol.ts';
import { schemaVersion } from '../../gateway-agent/contract/config.ts';
import { Request } from '../../gateway-agent/contract/requests.ts';
import { createFreshKeyPair } from '../../electron/ssh/fresh-key-pair.ts';
import { readHostKey } from '../../electron/ssh/host-key.ts';

type Agent = {
  current: string | null;
  candidate: { pushId: string; revision: string } | null;
  pushes: Map<string, { outcome: string; revision: string }>;
  applies: number;
};

const address = '127.0.0.1';
const banner = '220 simulated.example.test ESMTP';
const agents = new Map<string, Agent>();
let smtpPort = 0;

function agentOf(name: string): Agent {
  const agent = agents.get(name) ?? { current: null, candidate: null, pushes: new Map(), applies: 0 };
  agents.set(name, agent);
  return agent;
}

const listeners = () => [{ address, port: smtpPort, result: 'proved', banner, milliseconds: 1 }];
const proved = () => ({ result: 'proved', listeners: listeners() });
const done = (value: object) => ({ ok: true, value });
const refuse = (code: string, message: string, other?: object) => ({ ok: false, problem: { code, message, other } });

function answer(agent: Agent, request: Request): object {
  switch (request.verb) {
    case 'hello':
      return done({ ...facts(agent), schemaVersion, hostName: 'simulated', addresses: [], files: [], author: 'test' });
    case 'check':
      return done({ ...judged(agent, revisionOf(request.release.config)), accepted: true });
    case 'apply':
      return apply(agent, request);
    case 'confirm': {
      if (agent.candidate?.pushId !== request.pushId) return refuse('not-pending', 'Nothing waits.');
      agent.current = agent.candidate.revision;
      agent.pushes.set(request.pushId, { outcome: 'confirmed', revision: request.revision });
      agent.candidate = null;
      return done({ currentRevision: request.revision });
    }
    case 'abandon':
      agent.candidate = null;
      return done({ runningRevision: agent.current });
    case 'status':
      return done(status(agent, request.pushId));
    default:
      return refuse('bad-request', 'This gateway is simulated and cannot do that.');
  }
}

function apply(agent: Agent, request: Extract<Request, { verb: 'apply' }>): object {
  const revision = revisionOf(request.release.config);
  if (request.baseRevision !== agent.current) return refuse('conflict', 'Another base.', { revision: agent.current });
  agent.applies += 1;
  agent.candidate = { pushId: request.pushId, revision };
  agent.pushes.set(request.pushId, { outcome: 'pending', revision });
  const explainsCaller = { address, verdict: 'accept', steps: [] };
  const listensOn = [{ address, port: smtpPort }];
  const { confirmWithinSeconds } = request;
  return done({
    ...judged(agent, revision),
    outcome: 'pending',
    proof: proved(),
    explainsCaller,
    listensOn,
    confirmWithinSeconds,
  });
}

function judged(agent: Agent, revision: string): object {
  const difference = [
    {
      section: 'SMTP Interface',
      field: 'connections.interface.maxConnections',
      label: 'Limit',
      before: '1',
      after: '2',
    },
  ];
  return { revision, unchanged: revision === agent.current, findings: [], difference, currentRevision: agent.current };
}

function facts(agent: Agent): object {
  const { current } = agent;
  const same = { agentVersion: '1.0.0', protocol: protocolVersion, clientAddress: address, daemonAnswers: true };
  return { ...same, currentRevision: current, runningRevision: agent.candidate?.revision ?? current };
}

function status(agent: Agent, pushId: string | undefined): object {
  const record = pushId === undefined ? undefined : agent.pushes.get(pushId);
  return {
    ...facts(agent),
    config: null,
    listeners: [{ address, port: smtpPort }],
    notices: [],
    connections: { now: agent.applies, limit: null, peak: 0 },
    accepted: 0,
    refused: {},
    messages: { relayed: 0, refused: 0 },
    certificate: null,
    pending: null,
    push: record === undefined ? null : { ...record, pushId, author: 'test', at: new Date().toISOString() },
    startedAt: null,
  };
}

function serve(name: string, channel: ServerChannel): void {
  let text = '';
  channel.on('error', () => undefined);
  channel.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  channel.on('end', () => {
    const reply = answer(agentOf(name), Request.parse(JSON.parse(text)));
    channel.write(`${JSON.stringify(reply)}\n`);
    channel.exit(0);
    channel.end();
  });
}

function startSsh(): Promise<{ port: number; hostKey: object }> {
  const { privateKey } = createFreshKeyPair('simulated');
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error || Array.isArray(parsed)) throw new Error('not one key');
  const server = new ssh2.Server({ hostKeys: [privateKey] }, (client) => {
    let name = '';
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      name = context.username;
      context.accept();
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec) => serve(name, acceptExec()));
    });
  });
  const hostKey = readHostKey(parsed.getPublicSSH());
  return new Promise((resolve) =>
    server.listen(0, address, () => resolve({ port: portOf(server.address()), hostKey })),
  );
}

function startSmtp(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(`${banner}\r\n`);
    createInterface({ input: socket }).on('line', (line) => {
      const isGoodbye = /^quit/i.test(line);
      socket.write(isGoodbye ? '221 Bye\r\n' : '250 simulated.example.test\r\n');
      if (isGoodbye) socket.end();
    });
  });
  return new Promise((resolve) => server.listen(0, address, () => resolve(portOf(server.address()))));
}

function portOf(bound: ReturnType<ReturnType<typeof createServer>['address']>): number {
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

// The test holds the other end of stdin: however it dies, nothing is left behind.
process.stdin.resume().once('end', () => process.exit(0));
smtpPort = await startSmtp();
console.log(JSON.stringify(await startSsh()));
