// `npm run bench:push`: one push to many gateways, by Postern, Ansible, pssh and bare ssh2. What it means:
// docs/performance.md.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { startEndpoints } from './bench/push-endpoints.ts';
import { makeFleet } from './bench/push-fleet.ts';
import { methodNames, runMethod, type Ground, type MethodName } from './bench/push-methods.ts';
import { compareWithAims, formatRows, toRow, type Cost, type PushResultRow } from './bench/push-results.ts';
import { Workshop } from './bench/workshop.ts';
import { leanZod } from './lean-zod.ts';
import { inProject } from './project.ts';
import { ensurePackages } from './system-packages.ts';

const usage = `npm run bench:push -- [options]

Pushes three small files and a configuration to OpenSSH servers on loopback, in turns, and prints medians.

  --gateways LIST    how many, such as 50,200 (default 50)
  --methods LIST     of ${methodNames.join(',')} (default all)
  --rounds N         for each method (default 3; of Ansible's methods 1 and 2)
  --postern FILE     another command than dist/electron/postern.cjs
  --json FILE        writes [{ method, gateways, wallMsPerGateway, clientCpuMsPerGateway }]
  --help
`;

/** Three copies take more than two minutes a round, one task half a minute. */
const mostRounds: Partial<Record<MethodName, number>> = { 'ansible-copy-3': 1, 'ansible-command': 2 };
/** Ansible forks a Python for each gateway; at 2.7 s for each, three copies to 200 would take nine minutes a round. */
const mostForAnsible = 100;

/** `methods` null: all that make sense for so many. */
type Options = {
  gateways: number[];
  methods: MethodName[] | null;
  rounds: number;
  postern: string;
  json: string | null;
};

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      gateways: { type: 'string', default: '50' },
      methods: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      postern: { type: 'string', default: inProject('dist/electron/postern.cjs') },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const wanted = new Set(values.methods?.split(','));
  const named = methodNames.filter((name) => wanted.delete(name));
  const methods = values.methods === undefined ? null : named;
  if (wanted.size > 0) throw new Error(`--methods knows ${methodNames.join(', ')}, not ${[...wanted].join(', ')}.`);
  const gateways = values.gateways.split(',').map(Number);
  const rounds = Number(values.rounds);
  if (![...gateways, rounds].every((number) => Number.isInteger(number) && number > 0 && number <= 500)) {
    throw new Error('--gateways and --rounds take whole numbers from 1 to 500.');
  }
  return { gateways, methods, rounds, postern: resolve(values.postern), json: values.json ?? null };
}

function say(line: string): void {
  console.error(`[${(performance.now() / 1000).toFixed(0).padStart(4)} s] ${line}`);
}

function methodsFor(count: number, { methods }: Options): MethodName[] {
  if (methods !== null) return methods;
  const all = [...methodNames];
  if (count <= mostForAnsible) return all;
  say(`${count} gateways: Ansible is left out, a round would take ten minutes; --methods names it all the same`);
  return all.filter((name) => !name.startsWith('ansible'));
}

/** All methods take turns, another one first in each round. */
async function measure(workshop: Workshop, count: number, options: Options): Promise<PushResultRow[]> {
  const endpoints = await startEndpoints(workshop, count, inProject('dist/gateway-agent/gateway-agent.cjs'));
  const fleet = await makeFleet(workshop.folder, endpoints);
  const client = await bundleClient(workshop.folder);
  say(`${count} endpoints are up`);
  const methods = methodsFor(count, options);
  const costs = new Map<MethodName, Cost[]>(methods.map((name) => [name, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    const turn = round % methods.length;
    for (const name of [...methods.slice(turn), ...methods.slice(0, turn)]) {
      if (round >= (mostRounds[name] ?? options.rounds)) continue;
      await fleet.change();
      const folder = join(workshop.folder, `${name}-${round}`);
      const ground: Ground = {
        endpoints,
        folder,
        request: join(folder, 'request.json'),
        fleet: fleet.path,
        postern: options.postern,
        client,
      };
      await mkdir(folder, { recursive: true });
      await fleet.writeRequest(ground.request);
      await writeJob(ground);
      const cost = await runMethod(name, ground).catch((error: unknown) => tellPeer(name, error));
      if (cost === null) continue;
      costs.get(name)?.push(cost);
      say(`${name}: ${(cost.wallMs / count).toFixed(1)} ms, CPU ${(cost.cpuMs / count).toFixed(1)} ms a gateway`);
    }
  }
  return [...costs].filter(([, each]) => each.length > 0).map(([name, each]) => toRow(name, count, each));
}

/** A round in which a peer failed is told and not counted; what is our own, or has our agent alone behind it, must not. */
function tellPeer(name: MethodName, error: unknown): null {
  if (!name.startsWith('ansible') && name !== 'pssh') throw error;
  say(`${name}: this round does not count. ${error instanceof Error ? error.message : ''}`);
  return null;
}

/** Pushes under way at once: as many as Postern's own. */
const atOnce = 16;

async function writeJob({ endpoints, folder, fleet, request }: Ground): Promise<void> {
  const { all, user, hostKey, managementKey } = endpoints;
  const names = all.map(({ name }) => name);
  const ports = all.map(({ port }) => port);
  const job = {
    fleet,
    request,
    key: managementKey,
    user,
    hostKey,
    names,
    ports,
    atOnce,
    agents: join(folder, '../known-agents.json'),
  };
  await writeFile(join(folder, 'job.json'), JSON.stringify(job));
}

/** As the build bundles the command: what is read at every start counts for each gateway. */
async function bundleClient(folder: string): Promise<string> {
  const outfile = join(folder, 'push-client.cjs');
  await build({
    absWorkingDir: inProject(),
    entryPoints: ['build/scripts/bench/push-client.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
    define: { CompressionStream: 'undefined', DecompressionStream: 'undefined' },
    plugins: [leanZod],
    external: ['@github/keytar', 'cpu-features', '*.node'],
  });
  return outfile;
}

async function bench(options: Options): Promise<number> {
  if (process.platform !== 'linux') throw new Error('The benchmark starts OpenSSH servers as Linux has them.');
  if (!existsSync(options.postern)) throw new Error(`There is no ${options.postern}. Run: npm run build`);
  if (!(await ensurePackages(['openssh-server', 'openssh-client', 'ansible-core', 'pssh']))) return 1;
  const rows: PushResultRow[] = [];
  let isStopped = false;
  for (const count of options.gateways) {
    const workshop = new Workshop();
    const interrupt = () => {
      isStopped = true;
      void workshop.close().then(() => process.exit(130)); // as a shell reports a program ended by Ctrl+C
    };
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, interrupt);
    try {
      rows.push(...(await measure(workshop, count, options)));
    } finally {
      if (!isStopped) await workshop.close();
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, interrupt);
    }
    if (options.json !== null) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
  }
  console.log([formatRows(rows), '', ...compareWithAims(rows)].join('\n'));
  return 0;
}

try {
  const options = readOptions();
  if (options === null) console.log(usage);
  process.exitCode = options === null ? 0 : await bench(options);
} catch (error) {
  console.error(`bench:push: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
