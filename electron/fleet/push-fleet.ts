// Pushes to many gateways at once, each with its own steps, and records in the fleet folder what was applied.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Revision } from '#contract/files';
import type { Outcome } from '#contract/outcome';
import type { PushResult } from '#contract/push';
import type { EngineServices, NamedResult, PushOptions } from './engine.ts';
import type { GatewayLink } from './gateway-link.ts';
import { probeListener } from './probe-listener.ts';
import { pushGateway, pushedRevision } from './push-gateway.ts';
import type { KnownAgent, PushOrder, PushSteps, PushTarget } from './push-order.ts';
import { createProgress } from './push-progress.ts';
import { unreachableBy } from './push-words.ts';
import { runMany } from './run-many.ts';

/** sshd forks for each; beyond this the desktop's own key exchanges queue up. */
const atOnce = 16;
/** The gateway's default as well: three slow look-ups and a new connection fit in. */
const defaultConfirmSeconds = 60;

export type PusherServices = EngineServices & { openLink(name: string): Promise<Outcome<GatewayLink>> };
export type Pusher = {
  push: (names: readonly string[], options?: PushOptions) => Promise<NamedResult[]>;
  rollback: (name: string, revision: Revision, options?: PushOptions) => Promise<PushResult>;
};

type OnePush = { name: string; order: () => Promise<Outcome<PushOrder>>; options: PushOptions };

/** Remembers what each agent knows, so that a second push of a session needs no hello. */
export function createPusher(services: PusherServices): Pusher {
  const known = new Map<string, KnownAgent>();

  const pushOne = async ({ name, order, options }: OnePush): Promise<PushResult> => {
    const ordered = await order();
    if (!ordered.ok) return unreachableBy(ordered.problem);
    const link = await services.openLink(name);
    if (!link.ok) return unreachableBy(link.problem);
    const target: PushTarget = {
      name,
      order: ordered.value,
      baseRevision: link.value.record.lastPush?.revision ?? null,
      overwriteThere: options.overwriteThere === true,
      known: known.get(keyOf(link.value)) ?? null,
      confirmWithinSeconds: services.confirmWithinSeconds ?? defaultConfirmSeconds,
    };
    const steps = stepsOver(link.value, options, (agent) => known.set(keyOf(link.value), agent));
    const result = await pushGateway(target, steps);
    if (result.kind === 'refused') known.delete(keyOf(link.value));
    return recordResult({ services, target, link: link.value, pushId: steps.pushId }, result);
  };

  return {
    push: (names, options = {}) =>
      runMany(names, atOnce, async (gateway) => {
        const order = () => releaseOrder(services, gateway);
        const result = await pushOne({ name: gateway, order, options });
        options.onResult?.(gateway, result);
        return { gateway, result };
      }),
    rollback: (name, toRevision, options = {}) => {
      const order = () => Promise.resolve({ ok: true as const, value: { kind: 'rollback' as const, toRevision } });
      // Whatever runs there now is what the operator wants to leave.
      return pushOne({ name, order, options: { ...options, overwriteThere: true } });
    },
  };
}

async function releaseOrder(services: PusherServices, name: string): Promise<Outcome<PushOrder>> {
  const release = await services.releases.build(name);
  return release.ok ? { ok: true, value: { kind: 'apply', release: release.value } } : release;
}

/** An agent is known by where it is, not by its name here: the address may be edited meanwhile. */
function keyOf({ name, record }: GatewayLink): string {
  return JSON.stringify([name, record.ssh.host, record.ssh.port, record.hostKeys]);
}

function stepsOver(link: GatewayLink, options: PushOptions, learn: (agent: KnownAgent) => void): PushSteps {
  return {
    pushId: randomUUID(),
    connect: () => link.connect(options.signal),
    ask: async (request, askOptions) => {
      const answer = await link.ask(request, askOptions);
      if (answer.ok && request.verb === 'hello' && 'agentVersion' in answer.value) learn(answer.value);
      return answer;
    },
    askAnew: link.askAnew,
    probe: (applied, remoteAddress) => probeListener(applied, remoteAddress, options.signal),
    progress: createProgress(link.name, options.onProgress ?? (() => undefined)),
    signal: options.signal,
    pause: (milliseconds) => pause(milliseconds),
  };
}

type Ended = { services: PusherServices; target: PushTarget; link: GatewayLink; pushId: string };

/** The base of the next push. A push that changed nothing on either side makes no commit. */
async function recordResult({ services, target, link, pushId }: Ended, result: PushResult): Promise<PushResult> {
  const revision = pushedRevision(target, result);
  if (revision === null) return result;
  if (result.kind === 'unchanged' && link.record.lastPush?.revision === revision) return result;
  const lastPush = { revision, at: new Date().toISOString(), by: services.author, pushId };
  const recorded = await services.folder.recordPush(target.name, lastPush);
  if (recorded.ok || result.kind !== 'applied') return result;
  const finding = {
    severity: 'warning' as const,
    code: 'push-not-recorded',
    message: `The push is applied, but the fleet folder could not record it: ${recorded.problem.message}`,
    hint: 'The next push will see a change there; push once more when the folder can be written.',
  };
  return { ...result, findings: [...result.findings, finding] };
}
