// `npm run bench:smtp`: the agent beside Postfix and Haraka under the same load. What it means: docs/performance.md.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { usualDenyEntries } from './bench/agent-peer.ts';
import { installHaraka } from './bench/haraka-peer.ts';
import { measureIdle } from './bench/idle-sessions.ts';
import { readOptions, usage, type BenchOptions } from './bench/options.ts';
import { compareWithAims, formatTable } from './bench/results.ts';
import { agentBundle, runLoads } from './bench/run-loads.ts';
import { Workshop } from './bench/workshop.ts';
import { ensurePackages } from './system-packages.ts';

const idleSessions = 10_000;
const quickIdleSessions = 500;

function say(line: string): void {
  console.error(`[${(performance.now() / 1000).toFixed(0).padStart(4)} s] ${line}`);
}

async function reportIdle(options: BenchOptions, workshop: Workshop): Promise<void> {
  const count = options.isQuick ? quickIdleSessions : idleSessions;
  const cost = await measureIdle(workshop, agentBundle(options), count);
  console.log(`idle agent: ${cost.idleMiB.toFixed(1)} MiB resident (aim ≤ 80)`);
  console.log(`idle agent with ${usualDenyEntries} denied addresses: ${cost.idleWithListMiB.toFixed(1)} MiB`);
  console.log(`${cost.sessions} idle sessions: ${cost.kibPerSession.toFixed(1)} KiB each (aim ≤ 30)`);
  if (options.jsonFile !== null) await writeFile(options.jsonFile, `${JSON.stringify(cost, null, 2)}\n`);
}

async function reportLoads(options: BenchOptions, workshop: Workshop, signal: AbortSignal): Promise<void> {
  const results = await runLoads({ options, workshop, signal, say });
  console.log(formatTable(results));
  console.log(['', ...compareWithAims(results)].join('\n'));
  if (options.jsonFile !== null) await writeFile(options.jsonFile, `${JSON.stringify(results, null, 2)}\n`);
}

async function bench(options: BenchOptions): Promise<number> {
  if (process.platform !== 'linux') throw new Error('The benchmark reads /proc and needs Linux.');
  if (!existsSync(agentBundle(options))) throw new Error(`There is no ${agentBundle(options)}. Run: npm run build`);
  if (!(await ensurePackages(['postfix']))) return 1;
  if (options.peers.includes('haraka') && !options.isIdle) await installHaraka();
  const workshop = new Workshop();
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupt);
  try {
    if (options.isIdle) await reportIdle(options, workshop);
    else await reportLoads(options, workshop, stop.signal);
  } finally {
    await workshop.close();
  }
  return stop.signal.aborted ? 130 : 0; // as a shell reports a program ended by Ctrl+C
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) console.log(usage);
  process.exitCode = options === null ? 0 : await bench(options);
} catch (error) {
  console.error(`bench:smtp: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
