// Pushes to many gateways at once, each with its own steps, and records in the fleet folder what was applied.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { shortRevision, type Revision } from '#contract/files';
import { done, failed, type Outcome } from '#contract/outcome';
import type { PushResult } from '#contract/push';
import type { EngineServices, NamedResult, PushOptions } from './engine.ts';
import type { GatewayLink } from './gateway-link.ts';
import { gatherPushes } from './gather-pushes.ts';
import { rememberAgents } from './known-agents.ts';
import { probeListener } from './probe-listener.ts';
import { pushGateway, pushedRevision } from './push-gateway.ts';
import type { KnownAgent, PushOrder, PushSteps, PushTarget } from './push-order.ts';
import { createProgress } from './push-progress.ts';
import { unreachableBy } from './push-words.ts';
import { runMany } from './run-many.ts';
import { settleInterrupted } from './settle-push.ts';

/** sshd forks for each; beyond this the desktop's own key exchanges queue up. */
const atOnce = 16;
/** The gateway's default as well: three slow look-ups and a new connection fit in. */
const defaultConfirmSeconds = 60;

export type PusherServices = EngineServices & { openLink(name: string): Promise<Outcome<GatewayLink>> };
export type Pusher = {
  push: (names: readonly string[], options?: PushOptions) => Promise<NamedResult[]>;
  pushOne: (name: string, identity: PushIdentity, options?: PushOptions) => Promise<PushResult>;
  settle: (name: string, interrupted: InterruptedPush) => Promise<PushResult | null>;
  rollback: (name: string, revision: Revision, options?: PushOptions) => Promise<PushResult>;
};

/** A push that was written down before it starts. */
export type PushIdentity = {
  pushId: string;
  /** What was reviewed; null: whatever is saved. */
  revision: Revision | null;
};

/** A push that a program began before it died. */
export type InterruptedPush = PushIdentity & {
  /** Until then (Date.now) what it sent may still arrive. */
  mayArriveUntil: number;
};

type OnePush = { name: string; order: () => Promise<Outcome<PushOrder>>; options: PushOptions; pushId?: string };

/** Remembers what each agent knows, so that a second push of a session needs no hello. */
export function createPusher(services: PusherServices): Pusher {
  const known = rememberAgents(services.knownAgentsFile ?? null);
  const gathering = gatherPushes();
  let underWay = 0;

  const run = async (push: OnePush): Promise<PushResult> => {
    underWay += 1;
    const result = await gathering.count(() => runNow(push));
    underWay -= 1;
    if (underWay === 0) await known.save(); // once for many
    return result;
  };

  const runNow = async ({ name, order, options, pushId = randomUUID() }: OnePush): Promise<PushResult> => {
    const ordered = await order();
    if (!ordered.ok) return unreachableBy(ordered.problem);
    const link = await services.openLink(name);
    if (!link.ok) return unreachableBy(link.problem);
    const target: PushTarget = {
      ...targetOf(services, link.value, ordered.value),
      overwriteThere: options.overwriteThere === true,
      known: await known.find(keyOf(link.value)),
    };
    const steps = stepsOver(link.value, { ...options, pushId }, (agent) => known.learn(keyOf(link.value), agent));
    const result = await pushGateway(target, steps);
    if (result.kind === 'refused') known.forget(keyOf(link.value));
    options.onSettled?.();
    // Who frees its place for others while it waits can wait for them.
    const meet = options.onSettled === undefined ? undefined : () => gathering.meet();
    return recordResult({ services, target, link: link.value, pushId, meet }, result);
  };

  return {
    push: (names, options = {}) =>
      runMany(names, atOnce, async (gateway) => {
        const order = () => releaseOrder(services, gateway);
        const result = await run({ name: gateway, order, options });
        options.onResult?.(gateway, result);
        return { gateway, result };
      }),
    rollback: (name, toRevision, options = {}) => {
      const order = () => Promise.resolve({ ok: true as const, value: { kind: 'rollback' as const, toRevision } });
      // Whatever runs there now is what the operator wants to leave.
      return run({ name, order, options: { ...options, overwriteThere: true } });
    },
    pushOne: (name, { pushId, revision }, options = {}) =>
      run({ name, order: () => releaseOrder(services, name, revision), options, pushId }),
    settle: (name, interrupted) => settle(services, name, interrupted),
  };
}

async function settle(
  services: PusherServices,
  name: string,
  { pushId, revision, mayArriveUntil }: InterruptedPush,
): Promise<PushResult | null> {
  const link = await services.openLink(name);
  if (!link.ok) return { kind: 'unknown', pushId, problem: link.problem };
  const order: PushOrder = { kind: 'rollback', toRevision: revision ?? '' }; // nothing is sent: only its revision counts
  const target = targetOf(services, link.value, order);
  const steps = stepsOver(link.value, { pushId }, () => undefined);
  const result = await settleInterrupted(target, steps, mayArriveUntil);
  return result === null ? null : recordResult({ services, target, link: link.value, pushId }, result);
}

function targetOf(services: PusherServices, link: GatewayLink, order: PushOrder): PushTarget {
  return {
    name: link.name,
    order,
    baseRevision: link.record.lastPush?.revision ?? null,
    overwriteThere: false,
    known: null,
    confirmWithinSeconds: services.confirmWithinSeconds ?? defaultConfirmSeconds,
  };
}

/**
 * What is sent is what was reviewed. Settings that were saved since are not pushed by a rollout that nobody reviewed
 * them for, and the reviewed ones exist no more: the member says so, and a new rollout brings them.
 */
async function releaseOrder(
  services: PusherServices,
  name: string,
  reviewed: Revision | null = null,
): Promise<Outcome<PushOrder>> {
  const release = await services.releases.build(name);
  if (!release.ok) return release;
  const { revision } = release.value;
  if (reviewed !== null && revision !== reviewed) {
    return failed(
      'config-rejected',
      `The settings of ${name} were changed after this rollout was started: r ${shortRevision(reviewed)} was to be ` +
        `pushed, r ${shortRevision(revision)} is saved. Nothing was sent.`,
      'Look at what a push would change now, then start a new rollout.',
    );
  }
  return done({ kind: 'apply', release: release.value });
}

/** An agent is known by where it is, not by its name here: the address may be edited meanwhile. */
function keyOf({ name, record }: GatewayLink): string {
  return JSON.stringify([name, record.ssh.host, record.ssh.port, record.hostKeys]);
}

type StepOptions = PushOptions & { pushId: string };

function stepsOver(link: GatewayLink, options: StepOptions, learn: (agent: KnownAgent) => void): PushSteps {
  return {
    pushId: options.pushId,
    connect: () => link.connect(options.signal),
    ask: async (request, askOptions) => {
      const answer = await link.ask(request, askOptions);
      if (answer.ok && request.verb === 'hello' && 'protocol' in answer.value) learn(answer.value);
      return answer;
    },
    askAnew: link.askAnew,
    probe: (applied, remoteAddress) =>
      probeListener(applied, remoteAddress, { open: link.openStream, signal: options.signal }),
    progress: createProgress(link.name, options.onProgress ?? (() => undefined)),
    signal: options.signal,
    pause: (milliseconds) => pause(milliseconds),
  };
}

type Ended = {
  services: PusherServices;
  target: PushTarget;
  link: GatewayLink;
  pushId: string;
  /** Waits for others that end soon. */
  meet?: (() => Promise<void>) | undefined;
};

/** The base of the next push. A push that changed nothing on either side makes no commit. */
async function recordResult({ services, target, link, pushId, meet }: Ended, result: PushResult): Promise<PushResult> {
  const revision = pushedRevision(target, result);
  if (revision === null) return result;
  if (result.kind === 'unchanged' && link.record.lastPush?.revision === revision) return result;
  const lastPush = { revision, at: new Date().toISOString(), by: services.author, pushId };
  await meet?.();
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
