// Makes a bare host a gateway of the fleet: installs there, keeps the key here, pushes the first configuration the way
// every push goes, and looks whether it runs. Whatever fails, all that this run made is taken back in reverse order.
import type { EnrolItem, EnrolReport, HostSignIn } from '#contract/enrolment';
import { GatewayRecord } from '#contract/fleet';
import { done, failed, type Outcome, type Problem } from '#contract/outcome';
import type { GatewaySight, PushProgress, PushResult } from '#contract/push';
import type { HelloReply } from '#contract/replies';
import { lookAtHost, type EnrolServices, type LookedAt } from './check-host.ts';
import { createEnrolItems, type EnrolItems } from './enrol-items.ts';
import { recordEnrolment } from './record-enrolment.ts';
import { authorName, createManagementKey, type ManagementKey } from './management-key.ts';

/** The engine's part: a gateway that is enrolled is asked and pushed to like any other. */
export type EngineOfEnrolment = {
  hello(name: string): Promise<Outcome<HelloReply>>;
  refresh(name: string): Promise<Outcome<GatewaySight>>;
  push(
    names: readonly string[],
    options: { signal?: AbortSignal | undefined; onProgress?: (progress: PushProgress) => void },
  ): Promise<{ result: PushResult }[]>;
  forget(name: string): void;
};

export type EnrolmentServices = EnrolServices & {
  engine: EngineOfEnrolment;
  author: string;
  audit: {
    record(fact: { action: string; target: string; outcome: string; words: string }): Promise<Outcome<unknown>>;
  };
};

export type EnrolOrder = {
  runId: string;
  at: HostSignIn;
  name: string;
  group: string | null;
  /** null: as group and fleet have it. */
  smtpPort: number | null;
};

export type EnrolWatch = { signal?: AbortSignal | undefined; onItem?: ((item: EnrolItem) => void) | undefined };

/** Runs it. The report says what was there and what was done; a second run finds everything there. */
export async function enrolHost(
  services: EnrolmentServices,
  order: EnrolOrder,
  watch: EnrolWatch = {},
): Promise<Outcome<EnrolReport>> {
  const vault = await services.vault.state();
  if (vault.state === 'locked' || vault.state === 'new') return failed('vault-locked', vault.words);
  const looked = await lookAtHost(services, order, watch.signal);
  if (!looked.ok && looked.problem.code === 'secret-needed') return looked; // asked for, then tried again
  const outcome = looked.ok ? await enrol(services, order, { looked: looked.value, watch }) : looked;
  if (looked.ok) looked.value.shell.close();
  const words = outcome.ok
    ? `${order.at.host} enrolled by ${order.at.user}: ${outcome.value.system}.`
    : `${order.at.host}: ${outcome.problem.message}`;
  await recordEnrolment(services, { action: 'enrol', target: order.name, outcome, words }, watch);
  return outcome;
}

type Enrolling = { looked: LookedAt; watch: EnrolWatch };

async function enrol(
  services: EnrolmentServices,
  order: EnrolOrder,
  { looked, watch }: Enrolling,
): Promise<Outcome<EnrolReport>> {
  const refusal = await refuse(services, order, looked);
  if (refusal !== null) return { ok: false, problem: refusal };
  const items = createEnrolItems(looked.verdict.report.items, watch.onItem ?? (() => undefined));
  const problem = await new EnrolRun(services, order, { looked, items, signal: watch.signal }).carryOut();
  if (problem !== null) return { ok: false, problem };
  return done({ ...looked.verdict.report, isEnrolled: true, items: items.list() });
}

/** What stands in the way before anything was touched. */
async function refuse(
  services: EnrolServices,
  order: EnrolOrder,
  { verdict, ours }: LookedAt,
): Promise<Problem | null> {
  const obstacle = verdict.report.items.find((item) => item.state === 'obstacle');
  if (obstacle !== undefined || verdict.payload === null) {
    const message = `${order.at.host} cannot become a gateway as it is. ${obstacle?.detail ?? ''}`.trim();
    return { code: 'host-unfit', message, hint: 'Nothing was touched. Remove the obstacle, then try again.' };
  }
  if (ours !== null && ours.name !== order.name) {
    return { code: 'exists', message: `${order.at.host} is a gateway of this fleet already: ${ours.name}.` };
  }
  if (ours !== null) return null;
  const taken = await services.folder.load(order.name);
  if (!taken.ok && taken.problem.code === 'not-found') return null;
  if (!taken.ok) return taken.problem;
  return {
    code: 'exists',
    message: `A gateway of this fleet is called ${order.name} already.`,
    hint: 'Choose another name.',
  };
}

type RunParts = { looked: LookedAt; items: EnrolItems; signal: AbortSignal | undefined };

/** One run and the way back from wherever it stopped. */
class EnrolRun {
  readonly #services: EnrolmentServices;
  readonly #order: EnrolOrder;
  readonly #parts: RunParts;
  readonly #key: ManagementKey;
  readonly #wayBack: (() => Promise<void>)[] = [];

  constructor(services: EnrolmentServices, order: EnrolOrder, parts: RunParts) {
    this.#services = services;
    this.#order = order;
    this.#parts = parts;
    this.#key = parts.looked.ours?.key ?? createManagementKey();
  }

  async carryOut(): Promise<Problem | null> {
    const steps = [() => this.#install(), () => this.#keepKey(), () => this.#addRecord(), () => this.#configure()];
    for (const step of steps) {
      const outcome = this.#parts.signal?.aborted
        ? failed('cancelled', `The enrolment of ${this.#order.at.host} was stopped.`)
        : await step();
      if (outcome.ok) continue;
      for (const undo of this.#wayBack.splice(0).toReversed()) await undo();
      return outcome.problem;
    }
    return null;
  }

  async #install(): Promise<Outcome<unknown>> {
    const { looked, items, signal } = this.#parts;
    const { payload } = looked.verdict;
    if (payload === null) throw new Error('an unfit host is refused before');
    const agent = payload.isThere ? null : await looked.kit.load(payload.kind);
    if (agent !== null) items.set('agent', 'doing', `${Math.ceil(agent.gzipped.length / 1e6)} MB on the way`);
    this.#wayBack.push(() => this.#undoOnHost());
    const lines = await looked.shell.run({
      values: {
        task: 'install',
        run: this.#order.runId,
        author: authorName(this.#services.author),
        public_key: this.#key.publicKey,
        node: payload.node,
        agent_sha256: agent?.sha256 ?? looked.facts.enrolment?.agentSource ?? '',
        unit_text: Buffer.from(looked.kit.unit).toString('base64'),
      },
      payload: agent?.gzipped,
      onLine: (line) => items.take(line),
      signal,
    });
    if (!lines.ok) return lines;
    const result = lines.value.at(-1);
    if (result?.[1] === 'done') return done(null);
    return failed(
      'host-unfit',
      `${this.#order.at.host} could not be set up: ${result?.[2] || 'no reason given'}.`,
      'What this run made there is removed again.',
    );
  }

  async #undoOnHost(): Promise<void> {
    const { looked, items } = this.#parts;
    this.#services.engine.forget(this.#order.name); // its session would keep the user busy
    const lines = await looked.shell.run({
      values: { task: 'undo', run: this.#order.runId },
      onLine: (line) => items.take(line),
    });
    const result = lines.ok ? lines.value.at(-1) : undefined;
    if (result?.[1] !== 'done') {
      items.set('undo', 'failed', lines.ok ? result?.[2] : lines.problem.message);
    }
  }

  async #keepKey(): Promise<Outcome<unknown>> {
    if (this.#key === this.#parts.looked.ours?.key) return done(null);
    this.#wayBack.push(async () => void (await this.#services.vault.removeSecret(this.#order.name)));
    return this.#services.vault.storeSecret(this.#order.name, 'private-key', this.#key.privateKey);
  }

  async #addRecord(): Promise<Outcome<unknown>> {
    const { items, looked } = this.#parts;
    if (looked.ours !== null) return done(null);
    const { at, name, group, smtpPort } = this.#order;
    const record = GatewayRecord.parse({
      ssh: { host: at.host, port: at.port, user: 'postern-deploy', signIn: { kind: 'stored-key' } },
      hostKeys: at.hostKeys,
      group,
      settings: smtpPort === null ? {} : { connections: { interface: { port: smtpPort } } },
    });
    const added = await this.#services.folder.add(name, record);
    if (!added.ok) return added;
    items.set('record', 'done', name);
    this.#wayBack.push(async () => {
      const removed = await this.#services.folder.remove(name);
      items.set('record', removed.ok ? 'undone' : 'failed', removed.ok ? undefined : removed.problem.message);
    });
    return added;
  }

  /** A gateway that another computer enrolled keeps what it runs: that is taken over or pushed over later, knowingly. */
  async #configure(): Promise<Outcome<unknown>> {
    const { items, looked, signal } = this.#parts;
    const { name } = this.#order;
    items.set('configuration', 'doing');
    const hello = await this.#services.engine.hello(name);
    if (!hello.ok) return this.#failed('configuration', hello.problem);
    if (hello.value.currentRevision !== null && (looked.ours?.record.lastPush ?? null) === null) {
      items.set('configuration', 'there', 'it keeps the configuration that it runs');
    } else {
      const onProgress = ({ step, state }: PushProgress) => {
        if (state === 'running') items.set('configuration', 'doing', step);
      };
      const [pushed] = await this.#services.engine.push([name], { signal, onProgress });
      const result = pushed?.result;
      if (result?.kind !== 'applied' && result?.kind !== 'unchanged') {
        return this.#failed('configuration', result?.problem ?? { code: 'internal', message: 'Nothing was pushed.' });
      }
      items.set('configuration', result.kind === 'applied' ? 'done' : 'there');
    }
    return this.#prove(hello.value);
  }

  async #prove({ hostName, agentVersion }: HelloReply): Promise<Outcome<unknown>> {
    const sight = await this.#services.engine.refresh(this.#order.name);
    if (!sight.ok) return this.#failed('proof', sight.problem);
    const { status, problem } = sight.value;
    if (status === null || !status.daemonAnswers) {
      const silent = { code: 'daemon-down' as const, message: 'The SMTP daemon does not answer.' };
      return this.#failed('proof', problem ?? silent);
    }
    const listens = status.listeners.map(({ address, port }) => `${address} port ${port}`).join(', ');
    this.#parts.items.set(
      'proof',
      'done',
      `${hostName}, gateway-agent ${agentVersion}, listens on ${listens || 'nothing'}`,
    );
    return done(null);
  }

  #failed(id: string, { code, message, hint }: Pick<Problem, 'code' | 'message'> & { hint?: string | undefined }) {
    this.#parts.items.set(id, 'failed', message);
    return failed(code, message, hint);
  }
}
