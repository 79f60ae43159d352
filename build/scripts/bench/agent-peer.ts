// The agent as a user runs it: its bundle, a root folder of its own, configured by `apply` and `confirm` through rpc.
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { maxConnectionsToSink, recipientDomain, type Peer } from './peer.ts';
import { findFreePort, waitForGreeting, type Server, type Workshop } from './workshop.ts';

export type AgentWish = { bundle: string; sinkPort: number; profileFolder?: string | null; denyEntries?: number };

const Answer = z.union([
  z.object({ ok: z.literal(true), value: z.object({ revision: z.string().optional() }) }),
  z.object({ ok: z.literal(false), problem: z.object({ message: z.string() }) }),
]);

/** Under load every connection is looked up in a deny list of this size: a gateway in use has one. */
export const usualDenyEntries = 10_000;

let started = 0;

/** Starts the daemon and pushes a configuration; the bundle is copied first, so that a build beside it does no harm. */
export async function startAgent(workshop: Workshop, wish: AgentWish): Promise<Peer> {
  started += 1;
  const root = join(workshop.folder, `agent-${started}`);
  const bundle = join(root, 'gateway-agent.cjs');
  await mkdir(join(root, 'releases'), { recursive: true });
  await copyFile(wish.bundle, bundle);
  const profile = wish.profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${wish.profileFolder}`] : [];
  const command = [process.execPath, ...profile, bundle, 'daemon', '--root', root];
  const server = workshop.start(`agent-${started}`, command);
  await waitForSocket(join(root, 'run/agent.sock'), server);
  const port = await findFreePort();
  await push({ bundle, root, port, sinkPort: wish.sinkPort, denyEntries: wish.denyEntries ?? usualDenyEntries });
  await waitForGreeting(port, server);
  return { name: 'agent', port, pid: server.pid, end: () => server.end() };
}

async function waitForSocket(path: string, server: Server): Promise<void> {
  for (let wait = 0; wait < 300 && !server.hasEnded(); wait += 1) {
    const found = await stat(path).catch(() => null);
    if (found) return;
    await delay(50);
  }
  throw new Error('the daemon did not open its socket');
}

type Target = { bundle: string; root: string; port: number; sinkPort: number; denyEntries: number };

async function push(target: Target): Promise<void> {
  const pushId = randomUUID();
  const fields = { protocol: 1, pushId };
  const release = buildRelease(target);
  const revision = await ask(target, {
    verb: 'apply',
    ...fields,
    release,
    baseRevision: null,
    confirmWithinSeconds: 60,
  });
  await ask(target, { verb: 'confirm', ...fields, revision });
}

function buildRelease({ port, sinkPort, denyEntries }: Target): object {
  const networks = Array.from({ length: denyEntries }, (_, at) => `198.18.${at >> 8}.${at & 255}`);
  const list = Buffer.from(`${networks.join('\n')}\n`);
  const sha256 = createHash('sha256').update(list).digest('hex');
  return {
    config: {
      schemaVersion: 1,
      connections: {
        interface: { listenOn: { kind: 'selected', addresses: ['127.0.0.1'] }, port },
        control: { mode: 'accept-except', denyList: { path: 'lists/deny.txt', sha256 } },
      },
      messageRule: { relayDomains: [recipientDomain] },
      messageDelivery: {
        nextHop: { host: '127.0.0.1', port: sinkPort },
        maxConnectionsPerDestination: maxConnectionsToSink,
      },
    },
    files: { [sha256]: { encoding: 'base64', data: list.toString('base64') } },
  };
}

/** One request to `gateway-agent rpc`; gives the revision that `apply` answers with. */
function ask({ bundle, root }: Target, request: object): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const args = [bundle, 'rpc', '--root', root, '--as', 'bench'];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], timeout: 60_000 });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => {
      const last = output.trimEnd().split('\n').at(-1) ?? '';
      const answer = Answer.safeParse(last === '' ? null : JSON.parse(last));
      if (answer.success && answer.data.ok) resolve(answer.data.value.revision);
      else if (answer.success && !answer.data.ok) reject(new Error(answer.data.problem.message));
      else reject(new Error(`rpc answered: ${output}`));
    });
    child.stdin.end(JSON.stringify(request));
  });
}
