// Three real gateways, and an app that is killed in the middle of a rollout over them.
import { join } from 'node:path';
import { expect } from 'vitest';
import type { PushProgress } from '../../gateway-agent/contract/push.ts';
import type { Rollout } from '../../gateway-agent/contract/rollout.ts';
import { type AppProcess, startAppProcess } from './app-process.ts';
import { type SshdFleet, makeSshdFleet } from './fleet-of-sshd.ts';
import { askOverSsh } from './ssh-client.ts';
import { startSshdGateway, type SshdGateway } from './sshd-gateway.ts';
import { temporaryFolder, valueOf } from './temporary-fleet.ts';

const names = ['mx1', 'mx2', 'mx3'];

export type KilledApp = {
  /** Kills the app when a gateway after the canary is at this step, starts it again, and goes on with the rollout. */
  killAndGoOn(moment: string): Promise<{ listed: unknown; interrupted: Rollout; rollout: Rollout; broken: unknown[] }>;
  /** Every gateway runs what the rollout says, and nothing waits there; who had ended was not pushed again. */
  expectTruth(interrupted: Rollout, rollout: Rollout): Promise<void>;
  stop(): Promise<void>;
};

/** Starts the gateways; the fleet is in sync. */
export async function startFleetForKills(): Promise<KilledApp> {
  const gateways = new Map(await Promise.all(names.map(async (name) => [name, await startSshdGateway()] as const)));
  const fleet = await makeSshdFleet();
  let maxConnections = 100;
  for (const [name, gateway] of gateways) {
    await fleet.add(name, gateway);
    await fleet.edit(name, { port: gateway.smtpPort, maxConnections });
  }
  const first = await fleet.engine.push(names);
  expect(first.map(({ result }) => result.kind)).toEqual(['applied', 'applied', 'applied']);
  return {
    async killAndGoOn(moment) {
      maxConnections += 1;
      for (const name of names) await fleet.edit(name, { maxConnections });
      const userData = join(await temporaryFolder(), 'app');
      const id = await killAt({ userData, fleet, moment });
      const app = await startAppProcess(userData, fleet.path);
      const [listed] = valueOf(await app.call('rollout:list', {}));
      const interrupted = valueOf(await app.call('rollout:get', { id }));
      valueOf(await app.call('rollout:resume', { id }));
      const rollout = await endOf(app, id);
      const { broken } = valueOf(await app.call('audit:verify', {}));
      await app.close();
      return { listed, interrupted, rollout, broken };
    },
    async expectTruth(interrupted, rollout) {
      for (const { gateway, revision, pushId, result } of rollout.members) {
        const { runningRevision, pending } = await askGateway(gateways.get(gateway));
        expect([gateway, runningRevision, pending]).toEqual([gateway, revision, null]);
        expect(['applied', 'unchanged']).toContain(result?.kind);
        const earlier = interrupted.members.find((member) => member.gateway === gateway);
        if (earlier?.state === 'ended') expect(pushId).toBe(earlier.pushId);
      }
    },
    async stop() {
      await fleet.close();
      await Promise.all([...gateways.values()].map((gateway) => gateway.stop()));
    },
  };
}

/** What a gateway says itself. */
async function askGateway(gateway: SshdGateway | undefined): Promise<{ runningRevision: string; pending: unknown }> {
  const last = gateway === undefined ? undefined : (await askOverSsh(gateway, { verb: 'status', protocol: 1 })).at(-1);
  if (last === undefined || !('value' in last)) throw new Error('a gateway does not answer');
  return last.value as { runningRevision: string; pending: unknown };
}

async function endOf(app: AppProcess, id: string): Promise<Rollout> {
  for (let left = 300; left > 0; left--) {
    const rollout = valueOf(await app.call('rollout:get', { id }));
    if (rollout.state !== 'running') return rollout;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the rollout does not end');
}

type Killing = { userData: string; fleet: SshdFleet; moment: string };

async function killAt({ userData, fleet, moment }: Killing): Promise<string> {
  const app = await startAppProcess(userData, fleet.path);
  const killed = new Promise<void>((resolve) => {
    app.on('push:progress', ({ progress }) => {
      if (progress.gateway !== 'mx1' && momentOf(progress) === moment) void app.kill().then(resolve);
    });
  });
  const { id } = valueOf(await app.call('rollout:start', { names, canary: 1, batch: 2 }));
  await killed;
  return id;
}

const momentOf = ({ step, state }: PushProgress): string => `${step} ${state}`;
