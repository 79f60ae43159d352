// All loads for all peers: fresh servers for each load, a warm-up, then round by round in turns.
import { inProject } from '../project.ts';
import { startAgent, type AgentWish } from './agent-peer.ts';
import { startHaraka } from './haraka-peer.ts';
import { chooseCases, type LoadCase } from './load-case.ts';
import { measureLoad } from './measure-load.ts';
import type { BenchOptions, PeerName } from './options.ts';
import type { Peer } from './peer.ts';
import { startPostfix } from './postfix-peer.ts';
import { summarize, type Result, type Sample } from './results.ts';
import { startSink, type Sink } from './sink.ts';
import type { Workshop } from './workshop.ts';

/** The same for every peer, not counted: a compiler at work is most of what a fresh Node program costs. */
const warmUpMilliseconds = 8000;
const warmUpShare = 1 / 3;

type Lane = { peer: Peer; sink: Sink; samples: Sample[] };
type Run = { options: BenchOptions; workshop: Workshop; signal: AbortSignal; say: (line: string) => void };

/** Where the agent's bundle is. */
export function agentBundle(options: BenchOptions): string {
  return options.agentBundle ?? inProject('dist/gateway-agent/gateway-agent.cjs');
}

/** Medians of every load and peer. What failed is said and left out. */
export async function runLoads(run: Run): Promise<Result[]> {
  const results: Result[] = [];
  for (const load of chooseCases(run.options.cases, run.options.isQuick)) {
    if (run.signal.aborted) break;
    const lanes = await openLanes(run, load);
    try {
      for (let round = 0; round < run.options.rounds; round += 1) await runRound(run, load, inTurn(lanes, round));
    } finally {
      await Promise.all(lanes.flatMap(({ peer, sink }) => [peer.end(), sink.end()]));
    }
    const measured = lanes.filter(({ samples }) => samples.length > 0);
    results.push(...measured.map(({ peer, samples }) => summarize(peer.name, load, samples)));
  }
  return results;
}

async function openLanes({ options, workshop, signal, say }: Run, load: LoadCase): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (const name of options.peers) {
    if (signal.aborted) break;
    const sink = await startSink(workshop, name);
    const { profileFolder } = options;
    const peer = await startPeer(name, workshop, { sinkPort: sink.port, bundle: agentBundle(options), profileFolder });
    const lane = { peer, sink, samples: [] };
    lanes.push(lane);
    await warmUp({ options, workshop, signal, say }, load, lane);
  }
  return lanes;
}

async function warmUp({ options, signal, say }: Run, load: LoadCase, { peer, sink }: Lane): Promise<void> {
  const messages = Math.max(load.sessions, Math.ceil(load.messages * warmUpShare));
  const end = performance.now() + (options.isQuick ? 0 : warmUpMilliseconds);
  try {
    do await measureLoad({ peer, sink, load: { ...load, messages }, signal });
    while (performance.now() < end && !signal.aborted);
  } catch (error) {
    if (!signal.aborted) say(`${load.name} ${peer.name}: warm-up failed: ${reasonOf(error)}`);
  }
}

function startPeer(name: PeerName, workshop: Workshop, wish: AgentWish): Promise<Peer> {
  switch (name) {
    case 'agent':
      return startAgent(workshop, wish);
    case 'postfix':
      return startPostfix(workshop, wish);
    case 'haraka':
      return startHaraka(workshop, wish);
  }
}

/** Another one begins each round, so that nobody always follows the same neighbour. */
function inTurn(lanes: readonly Lane[], round: number): Lane[] {
  const first = round % Math.max(1, lanes.length);
  return [...lanes.slice(first), ...lanes.slice(0, first)];
}

async function runRound({ signal, say }: Run, load: LoadCase, lanes: readonly Lane[]): Promise<void> {
  for (const { peer, sink, samples } of lanes) {
    if (signal.aborted) return;
    try {
      const sample = await measureLoad({ peer, sink, load, signal });
      samples.push(sample);
      say(`${load.name} ${peer.name}: ${describe(sample)}`);
    } catch (error) {
      if (!signal.aborted) say(`${load.name} ${peer.name}: failed: ${reasonOf(error)}`);
    }
  }
}

function describe(sample: Sample): string {
  const rates = `${sample.acceptedPerSecond.toFixed(0)} accepted/s, ${sample.deliveredPerSecond.toFixed(0)} delivered/s`;
  return `${rates}, ${sample.cpuMsPerMessage.toFixed(2)} ms, ${sample.rssMiB.toFixed(0)} MiB`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
