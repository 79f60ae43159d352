// The steps of a push as a test scripts them: what each question is answered, in which order, and a clock that jumps.
import { vi } from 'vitest';
import { defaultConfig } from '../../gateway-agent/contract/config.ts';
import type { Outcome } from '../../gateway-agent/contract/outcome.ts';
import type { DesktopProof, PushProgress } from '../../gateway-agent/contract/push.ts';
import type { ApplyReply, HelloReply, PushRecord, StatusReply } from '../../gateway-agent/contract/replies.ts';
import type { Request } from '../../gateway-agent/contract/requests.ts';
import type { Ask } from '../../electron/fleet/gateway-link.ts';
import { createProgress } from '../../electron/fleet/push-progress.ts';
import type { PushSteps, PushTarget } from '../../electron/fleet/push-order.ts';

export const sent = 'a'.repeat(64);
export const before = 'b'.repeat(64);
export const pushId = '7f8a3b52-6c5e-4d0e-9a53-0d3f7f1f2a11';

export const helloReply: HelloReply = {
  agentVersion: '1.0.0',
  protocol: 1,
  schemaVersion: 1,
  hostName: 'mx1.example.net',
  addresses: ['192.0.2.1'],
  currentRevision: before,
  runningRevision: before,
  daemonAnswers: true,
  files: [],
  author: 'tester',
  clientAddress: '192.0.2.99',
};

export const applyReply: ApplyReply = {
  outcome: 'pending',
  revision: sent,
  findings: [],
  difference: [],
  proof: { result: 'proved', listeners: [] },
  explainsCaller: { address: '192.0.2.99', verdict: 'accept', steps: [] },
  listensOn: [{ address: '0.0.0.0', port: 25 }],
  confirmWithinSeconds: 60,
};

/** A status that tells what became of the push, or that there is no record of it. */
export function statusReply(outcome: PushRecord['outcome'] | null, running: string | null = before): StatusReply {
  const push =
    outcome === null ? null : { pushId, author: 'tester', at: '2026-01-01T00:00:00Z', revision: sent, outcome };
  return {
    daemonAnswers: true,
    currentRevision: before,
    runningRevision: running,
    config: null,
    queue: null,
    listeners: [],
    notices: [],
    connections: { now: 0, limit: null, peak: 0 },
    accepted: 0,
    refused: {},
    messages: { relayed: 0, refused: 0 },
    certificate: null,
    pending: null,
    push,
    startedAt: null,
  };
}

export const linkBroke = {
  ok: false,
  from: 'link',
  problem: { code: 'unreachable', message: 'The link broke.' },
} as const;
export const notSent = {
  ok: false,
  from: 'nobody',
  problem: { code: 'unreachable', message: 'No way there.' },
} as const;

/** The agent says no. */
export function agentSays(code: 'conflict' | 'busy' | 'proof-failed' | 'files-missing' | 'not-pending' | 'port-taken') {
  return { ok: false, from: 'agent', problem: { code, message: `agent: ${code}` } } as const;
}

/** What a verb is answered: one value for every time, or a list for one time after the other (the last one stays). */
export type Script = Partial<Record<Request['verb'], unknown>>;

export type Scripted = { steps: PushSteps; asked: string[]; requests: Request[]; progress: PushProgress[] };

/** Steps that follow the script; a pause moves the clock instead of waiting. */
export function scriptSteps(script: Script, options: Partial<PushSteps> & { look?: DesktopProof } = {}): Scripted {
  vi.useFakeTimers({ toFake: ['Date'] });
  const asked: string[] = [];
  const requests: Request[] = [];
  const progress: PushProgress[] = [];
  const left = new Map(
    Object.entries(script).map(([verb, answers]) => [verb, Array.isArray(answers) ? [...answers] : [answers]]),
  );
  const answer = (request: Request, manner: string) => {
    asked.push(`${request.verb}${manner}`);
    requests.push(request);
    const answers = left.get(request.verb) ?? [];
    const next: unknown = answers.length > 1 ? answers.shift() : answers[0];
    if (next === undefined) throw new Error(`nobody told what ${request.verb} is answered`);
    return Promise.resolve(next);
  };
  const connected: Outcome<{ remoteAddress: string }> = { ok: true, value: { remoteAddress: '192.0.2.1' } };
  const steps: PushSteps = {
    pushId,
    connect: () => Promise.resolve(connected),
    ask: ((request: Request) => answer(request, '')) as Ask,
    askAnew: ((request: Request) => answer(request, ' anew')) as Ask,
    probe: () => Promise.resolve(options.look ?? { result: 'proved' }),
    progress: createProgress('mx1', (each) => progress.push(each)),
    pause: (milliseconds) => {
      vi.setSystemTime(Date.now() + milliseconds);
      return Promise.resolve();
    },
    ...options,
  };
  return { steps, asked, requests, progress };
}

/** A push of a release without files. */
export function targetOf(changes: Partial<PushTarget> = {}): PushTarget {
  return {
    name: 'mx1',
    order: { kind: 'apply', release: { revision: sent, config: defaultConfig, contents: new Map(), missingHere: [] } },
    baseRevision: before,
    overwriteThere: false,
    known: null,
    confirmWithinSeconds: 60,
    ...changes,
  };
}
