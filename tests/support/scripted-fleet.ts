// Gateways for rollouts that answer from memory: each push ends as the test says, when the test says.
import type { PushResult } from '../../gateway-agent/contract/push.ts';
import { openRollouts, type Rollouts, type RolloutsParts } from '../../electron/fleet/rollout/rollouts.ts';

export const revision = 'a'.repeat(64);

const proofs = {
  gateway: { result: 'proved', listeners: [] },
  desktop: { result: 'proved' },
} as const;

/** A push that ended as asked. */
export function applied(pushId: string): PushResult {
  return {
    kind: 'applied',
    revision,
    pushId,
    proofs: { gateway: { ...proofs.gateway, listeners: [] }, desktop: proofs.desktop },
    difference: [],
    findings: [],
  };
}

export const refused: PushResult = {
  kind: 'refused',
  problem: { code: 'port-taken', message: 'Port 25 is held by another program.' },
  findings: [],
};

export const wentBack: PushResult = {
  kind: 'rolled-back',
  running: null,
  problem: { code: 'cancelled', message: 'Nobody confirmed it.' },
};

export type ScriptedFleet = {
  /** Opens the rollouts again, as another program would. */
  open(over?: Partial<RolloutsParts>): Rollouts;
  /** Every push in the order of its start. */
  pushed: string[];
  /** Names whose push waits until `release`. */
  hold(...names: string[]): void;
  release(): void;
};

export type Script = {
  ends?: Record<string, PushResult>;
  /** What became of a push that was cut off; default: nothing of it arrived. */
  settles?: Record<string, PushResult | null>;
};

/** A folder for rollouts, and gateways by any name. */
export function scriptFleet(folder: string, { ends = {}, settles = {} }: Script = {}): ScriptedFleet {
  const pushed: string[] = [];
  const held = new Set<string>();
  let release: () => void = () => undefined;
  let isReleased = new Promise<void>((resolve) => (release = resolve));
  const engine: RolloutsParts['engine'] = {
    plan: () => Promise.resolve({ ok: true, value: revision }),
    async pushOne(name, { pushId }) {
      pushed.push(name);
      if (held.has(name)) await isReleased;
      return ends[name] ?? applied(pushId);
    },
    settle: (name) => Promise.resolve(settles[name] ?? null),
  };
  return {
    pushed,
    open: (over = {}) => openRollouts({ folder, fleetFolder: '/fleet', author: 'Anna', engine, ...over }),
    hold: (...names) => names.forEach((name) => held.add(name)),
    release() {
      held.clear();
      release();
      isReleased = new Promise((resolve) => (release = resolve));
    },
  };
}
