// `postern demo`: a local gateway, two pushes through the real path, mail from an allowed and from a denied address
// with and without TLS, and a table of what happened and why. Fails if anything is not as it should be.
import { setTimeout as pause } from 'node:timers/promises';
import type { PushProgress } from '#contract/push';
import { done, failed, type Outcome, type Problem } from '#contract/outcome';
import { hostAndPort } from '../fleet/push-words.ts';
import { deliver } from './demo-delivery.ts';
import { demoGatewayName, demoStopped, startDemoGateway, type DemoGateway } from './demo-gateway.ts';
import {
  findDeniedAddress,
  judgeScene,
  offeredScenes,
  referenceOf,
  requiredScenes,
  toDelivery,
  type Scene,
  type SceneResult,
} from './demo-scenes.ts';
import { exitStatus } from './exit-status.ts';
import { endWithProblem, writeDocument } from './results.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { progressLine, pushWords } from './words.ts';

export type DemoParts = {
  terminal: Terminal;
  signal: AbortSignal;
  here: string;
  json: boolean;
  agent: string | undefined;
  /** Milliseconds between messages: a test uses them to break the demo in the middle. */
  pace: number;
};

/** Runs it from start to end and cleans up. */
export async function demoCommand(parts: DemoParts): Promise<number> {
  const { terminal, json } = parts;
  const tell = (words: string) => {
    if (!json) terminal.tell(`${words}\n`);
  };
  const deniedAddress = await findDeniedAddress();
  const started = await startDemoGateway({ ...parts, deniedAddress, onProgress: tell });
  if (!started.ok) return endWithProblem(terminal, started.problem, { command: 'demo', json });
  const gateway = started.value;
  try {
    tell(
      `The agent runs (pid ${gateway.local.pid}), its SSH server is ${hostAndPort('127.0.0.1', gateway.local.ssh.port)}`,
    );
    const played = await play(gateway, parts, { tell, deniedAddress, signal: parts.signal });
    return show(parts, gateway, played);
  } finally {
    await gateway.close();
  }
}

type Stage = { tell: (words: string) => void; deniedAddress: string; signal: AbortSignal };
type Played = { results: SceneResult[]; problem: Problem | null };

async function play(gateway: DemoGateway, parts: DemoParts, stage: Stage): Promise<Played> {
  const results: SceneResult[] = [];
  const acts = [
    { requiresStartTls: false, scenes: offeredScenes(stage.deniedAddress) },
    { requiresStartTls: true, scenes: requiredScenes() },
  ];
  for (const { requiresStartTls, scenes } of acts) {
    stage.tell(requiresStartTls ? '\nPushing: TLS required' : '\nPushing: TLS offered, one address denied');
    const pushed = await push(gateway, requiresStartTls, stage);
    if (!pushed.ok) return { results, problem: pushed.problem };
    for (const scene of scenes) {
      if (parts.signal.aborted) return { results, problem: demoStopped.problem };
      const result = await playScene(gateway, scene);
      results.push(result);
      stage.tell(`  ${result.complaint === null ? 'as expected' : 'NOT AS EXPECTED'}  ${result.delivered.reply}`);
      await pause(parts.pace);
    }
  }
  return { results, problem: await checkSink(gateway, results) };
}

async function push(gateway: DemoGateway, requiresStartTls: boolean, { tell, signal }: Stage): Promise<Outcome<void>> {
  const saved = await gateway.save(requiresStartTls);
  if (!saved.ok) return saved;
  const onProgress = (progress: PushProgress) => {
    const line = progressLine(progress);
    if (line !== null) tell(`  ${line}`);
  };
  const [pushed] = await gateway.engine.push([demoGatewayName], { signal, onProgress });
  if (pushed === undefined) return failed('internal', 'The push had no end.');
  const { result } = pushed;
  if (result.kind !== 'applied')
    return failed('proof-failed', `The push ended as ${result.kind}: ${pushWords(result)}`);
  const { gateway: there, desktop } = result.proofs;
  if (there.result === 'proved' && desktop.result === 'proved') return done(undefined);
  return failed('proof-failed', `The push was applied without both proofs: ${there.result}, ${desktop.result}.`);
}

async function playScene(gateway: DemoGateway, scene: Scene): Promise<SceneResult> {
  const delivered = await deliver(toDelivery(scene, gateway.local.smtpPort));
  const reference = referenceOf(delivered.reply);
  const logged = reference === null ? { rule: null, entry: null } : await gateway.findLogged(reference);
  return judgeScene(scene, { delivered, logged, fingerprint: gateway.fingerprint });
}

/** From the reply to the arrival it takes milliseconds; a loaded machine gets this long. */
const arrivalMilliseconds = 5_000;
const lookMilliseconds = 20;

/** What was answered 250 must arrive, and nothing else. */
async function checkSink({ local }: DemoGateway, results: readonly SceneResult[]): Promise<Problem | null> {
  const taken = results.filter(({ delivered }) => delivered.code === 250).length;
  const deadline = performance.now() + arrivalMilliseconds;
  while (local.sink.count() < taken && performance.now() < deadline) await pause(lookMilliseconds);
  const arrived = local.sink.count();
  if (taken === arrived) return null;
  return failed('internal', `${taken} messages were taken, and ${arrived} arrived at the next hop.`).problem;
}

function show(parts: DemoParts, gateway: DemoGateway, { results, problem }: Played): number {
  const complaints = results.filter(({ complaint }) => complaint !== null).length;
  const ok = problem === null && complaints === 0 && results.length > 0;
  if (parts.json) {
    writeDocument(parts.terminal, { command: 'demo', ok, results, problem });
    return statusOf(ok, problem);
  }
  parts.terminal.out(`\n${resultTable(results)}`);
  const arrived = gateway.local.sink.count();
  if (ok) {
    parts.terminal.out(`\nAll ${results.length} as they should be; ${arrived} messages arrived at the next hop.\n`);
  } else {
    const words = problem === null ? `${complaints} of ${results.length} not as they should be.` : problem.message;
    parts.terminal.out(`\nNot as it should be: ${words}\n`);
  }
  return statusOf(ok, problem);
}

function statusOf(ok: boolean, problem: Problem | null): number {
  if (ok) return exitStatus.done;
  return problem?.code === 'cancelled' ? exitStatus.cancelled : exitStatus.failed;
}

function resultTable(results: readonly SceneResult[]): string {
  const rows = results.map(({ scene, delivered, reference, why, complaint }) => [
    complaint === null ? 'ok' : 'FAILED',
    scene.words,
    scene.from,
    scene.usesTls ? 'TLS' : 'clear',
    scene.recipient,
    delivered.stage,
    complaint === null ? delivered.reply.replace(/ \([A-Z2-9]{8}\)$/, '') : `${delivered.reply}\n${complaint}`,
    reference ?? '',
    why,
  ]);
  return formatTable(['', 'client', 'from', 'tls', 'to', 'decided at', 'reply', 'reference', 'why'], rows);
}
