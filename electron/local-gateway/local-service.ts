// "Try it on this computer" as one act: starts the local gateway once, makes it an entry of the fleet, and pushes its
// first settings the way every push goes.
import { done, failed, type Outcome } from '#contract/outcome';
import type { GatewayRecord } from '#contract/fleet';
import type { PushResult } from '#contract/push';
import type { LocalGateway } from './local-gateway.ts';
import { localRecord, withLocalPorts } from './local-record.ts';

/** Its name in the fleet. */
export const localGatewayName = 'this-computer';

export type LocalServiceParts = {
  startGateway(onProgress: (words: string) => void): Promise<Outcome<LocalGateway>>;
  /** Read at each call: another fleet folder may be open by then. */
  fleet(): {
    load(name: string): Promise<Outcome<GatewayRecord>>;
    save(name: string, record: GatewayRecord, words: string): Promise<Outcome<unknown>>;
    push(name: string): Promise<PushResult>;
  };
};

export type LocalService = {
  start(onProgress: (words: string) => void): Promise<Outcome<{ name: string }>>;
  close(): Promise<void>;
};

/** One local gateway for each program; a second start finds the first. */
export function createLocalService(parts: LocalServiceParts): LocalService {
  let running: LocalGateway | null = null;
  let starting: Promise<Outcome<{ name: string }>> | null = null;

  const startOnce = async (onProgress: (words: string) => void): Promise<Outcome<{ name: string }>> => {
    const fleet = parts.fleet();
    if (running === null) {
      const started = await parts.startGateway(onProgress);
      if (!started.ok) return started;
      const gateway = started.value;
      running = gateway;
      void gateway.ended.then(() => {
        if (running === gateway) running = null;
        return gateway.close();
      });
    }
    onProgress('Adding it to the fleet');
    const saved = await enrol(fleet, running);
    if (!saved.ok) return saved;
    onProgress('Pushing its first settings');
    return readResult(await fleet.push(localGatewayName));
  };

  return {
    start: (onProgress) => {
      starting ??= startOnce(onProgress).finally(() => (starting = null));
      return starting;
    },
    close: async () => {
      const gateway = running;
      running = null;
      await gateway?.close();
    },
  };
}

/** Keys, ports and the agent's memory are new with each start; what the operator set in an earlier one stays. */
async function enrol(fleet: ReturnType<LocalServiceParts['fleet']>, local: LocalGateway): Promise<Outcome<unknown>> {
  const before = await fleet.load(localGatewayName);
  const fresh = localRecord(local);
  if (!before.ok) {
    if (before.problem.code !== 'not-found') return before;
    return fleet.save(localGatewayName, fresh, 'Try it on this computer');
  }
  if (!before.value.isLocal) return failed('exists', `A gateway of the fleet is called ${localGatewayName} already.`);
  const isSame = before.value.ssh.port === fresh.ssh.port && before.value.hostKeys[0]?.key === local.hostKey.key;
  if (isSame) return done(undefined);
  const { group, tags, settings } = before.value;
  const kept = { ...fresh, group, tags, settings: withLocalPorts(settings, local) };
  return fleet.save(localGatewayName, kept, 'Start the local gateway again');
}

function readResult(result: PushResult): Outcome<{ name: string }> {
  if (result.kind === 'applied' || result.kind === 'unchanged') return done({ name: localGatewayName });
  const { code, message, hint } = result.problem;
  return failed(code, message, hint);
}
