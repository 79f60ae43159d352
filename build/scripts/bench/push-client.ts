// The methods of the benchmark that are programs of our own, bundled into one file as the command is: bare ssh2, and
// the engine without the confirmation's second connection, once or a second time over connections that stand. Started
// with: METHOD FOLDER (holds job.json).
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { z } from 'zod';
import { HostKey } from '#contract/fleet';
import { done, type Outcome } from '#contract/outcome';
import { findRoute, type RouteSources } from '../../../electron/fleet/find-route.ts';
import { buildLink, type Ask, type GatewayLink } from '../../../electron/fleet/gateway-link.ts';
import { createPusher } from '../../../electron/fleet/push-fleet.ts';
import { releasesOf } from '../../../electron/fleet/ready-release.ts';
import { runMany } from '../../../electron/fleet/run-many.ts';
import { signInFor } from '../../../electron/fleet/sign-in.ts';
import { createConnectionPool } from '../../../electron/ssh/connection-pool.ts';
import { openFleetFolder } from '../../../electron/store/fleet-folder.ts';
import { emptyVault, valueOf } from './empty-vault.ts';

/** What the benchmark writes for this program. */
const Job = z.object({
  fleet: z.string(),
  request: z.string(),
  key: z.string(),
  user: z.string(),
  hostKey: HostKey,
  names: z.array(z.string()),
  ports: z.array(z.int()),
  atOnce: z.int(),
  /** Where it is kept what the agents understand, as the command keeps it. */
  agents: z.string(),
});
type Job = z.infer<typeof Job>;

/** What anybody would write who knows ssh2: one connection, one exec, the request on stdin. */
async function pushBare({ ports, user, key, hostKey, request, atOnce }: Job): Promise<number> {
  const privateKey = await readFile(key);
  const input = await readFile(request);
  const pinned = Buffer.from(hostKey.key, 'base64');
  const ends = await runMany(ports, atOnce, (port) => pushOneBare({ port, user, privateKey, pinned, input }));
  const failed = ends.filter((end) => !end.includes('"ok":true'));
  console.log(failed.slice(0, 3).join('\n'));
  return failed.length;
}

type Bare = { port: number; user: string; privateKey: Buffer; pinned: Buffer; input: Buffer };

function pushOneBare({ port, user, privateKey, pinned, input }: Bare): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('error', reject);
    client.on('ready', () => {
      client.exec('gateway-agent rpc', (error, channel) => {
        if (error) return reject(error);
        let said = '';
        channel.on('data', (chunk: Buffer) => (said += chunk.toString()));
        channel.on('close', () => {
          client.end();
          resolve(said);
        });
        channel.end(input);
      });
    });
    const hostVerifier = (blob: Buffer) => blob.equals(pinned);
    client.connect({ host: '127.0.0.1', port, username: user, privateKey, hostVerifier });
  });
}

type Engine = { push(): Promise<number>; close(): void };

/** The engine as it is, but for `confirm`, which is taken for granted: what its second connection and exec cost. */
async function openEngine({ fleet, names, agents }: Job): Promise<Engine> {
  const folder = valueOf(await openFleetFolder(fleet, { name: 'bench', email: 'bench@example.test' }));
  const pool = createConnectionPool();
  const sources: RouteSources = {
    loadCredential: (name) => folder.loadCredential(name),
    loadJumpHost: (name) => folder.loadJumpHost(name),
    credentialsFor: (request) => signInFor(request, emptyVault),
    sshFiles: { configFiles: [], knownHostsFiles: [] } as never,
  };
  const openLink = async (name: string): Promise<Outcome<GatewayLink>> => {
    const record = valueOf(await folder.load(name));
    const target = valueOf(await findRoute(name, record, sources));
    const link = buildLink({ name, record, target, pool });
    const askAnew = ((request, options) =>
      request.verb === 'confirm'
        ? Promise.resolve({ ok: true, value: { currentRevision: request.revision } })
        : link.askAnew(request, options)) as Ask;
    return done({ ...link, askAnew });
  };
  const pusher = createPusher({
    folder: { ...folder, recordPush: () => Promise.resolve(done({})) },
    vault: emptyVault,
    releases: releasesOf(folder, emptyVault),
    author: 'bench',
    knownAgentsFile: agents,
    openLink,
  });
  const push = async () => {
    const ends = await pusher.push(names);
    const failed = ends.filter(({ result }) => result.kind !== 'applied');
    console.log(JSON.stringify(failed.slice(0, 3)));
    return failed.length;
  };
  return { push, close: () => pool.close() };
}

async function pushUnconfirmed(job: Job): Promise<number> {
  const engine = await openEngine(job);
  const failures = await engine.push();
  engine.close();
  return failures;
}

/** Pushes twice, something new each time, and tells what the second one cost, in which no connection was made. */
async function pushKept(job: Job): Promise<number> {
  const engine = await openEngine(job);
  const before = await engine.push();
  const settings = join(job.fleet, 'fleet.yaml');
  const text = await readFile(settings, 'utf8');
  await writeFile(
    settings,
    text.replace(/(maxConnections: )(\d+)/, (_all, key: string, count: string) => `${key}${Number(count) + 1}`),
  );
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const failures = await engine.push();
  const { user, system } = process.cpuUsage(cpuBefore);
  const seconds = [(performance.now() - startedAt) / 1e3, user / 1e6, system / 1e6];
  console.log(`cost ${seconds.map((each) => each.toFixed(4)).join(' ')}`);
  engine.close();
  return before + failures;
}

const methods: Record<string, (job: Job) => Promise<number>> = {
  ssh2: pushBare,
  'postern-one-connection': pushUnconfirmed,
  'postern-kept': pushKept,
};

async function run(): Promise<void> {
  const [method = '', folder = ''] = process.argv.slice(2);
  const job = Job.parse(JSON.parse(await readFile(join(folder, 'job.json'), 'utf8')));
  const push = methods[method];
  if (push === undefined) throw new Error(`There is no method ${method}.`);
  const failures = await push(job);
  if (failures > 0) console.log(`${failures} of ${job.names.length} did not take it.`);
  process.exitCode = failures === 0 ? 0 : 1;
}

void run(); // bundled as CommonJS, which knows no await at the top: ssh2 needs __dirname
