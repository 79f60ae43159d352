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

type Started = Outcome<{ name: string }>;

/** The port was free when it was chosen; another program, or another Postern, may be quicker. Each start chooses anew. */
const startsTried = 3;

/** One local gateway for each program; a second start finds the first. */
export function createLocalService(parts: LocalServiceParts): LocalService {
  let running: LocalGateway | null = null;
  let starting: Promise<Started> | null = null;

  const startGateway = async (onProgress: (words: string) => void): Promise<Outcome<LocalGateway>> => {
    const started = await parts.startGateway(onProgress);
    if (!started.ok) return started;
    const gateway = started.value;
    running = gateway;
    void gateway.ended.then(() => {
      if (running === gateway) running = null;
      return gateway.close();
    });
    return started;
  };

  const startOnce = async (onProgress: (words: string) => void, left = startsTried): Promise<Started> => {
    const fleet = parts.fleet();
    const isFresh = running === null;
    const gateway = running === null ? await startGateway(onProgress) : done(running);
    if (!gateway.ok) return gateway;
    onProgress('Adding it to the fleet');
    const saved = await enrol(fleet, gateway.value);
    if (!saved.ok) return saved;
    onProgress('Pushing its first settings');
    const pushed = readResult(await fleet.push(localGatewayName));
    if (pushed.ok || pushed.problem.code !== 'port-taken' || !isFresh || left <= 1) return pushed;
    running = null; // so that its end is not taken for an accident
    await gateway.value.close();
    return startOnce(onProgress, left - 1);
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
