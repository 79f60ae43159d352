// The daemon put together: server, listeners, probe, control, log. Answers the questions of rpc.
import { formatAddress, parseAddress } from '#contract/addresses';
import type { DaemonQuestion } from '#contract/daemon';
import { done, failed } from '#contract/outcome';
import type { Answer, Explanation, StatusReply } from '#contract/replies';
import { Delivery } from '../delivery/delivery.ts';
import { domainOf } from '../delivery/open-way.ts';
import { systemMailResolver, type MailResolver } from '../delivery/find-servers.ts';
import type { Nameserver } from '../delivery/peer-policy/nameservers.ts';
import type { PeerPolicies } from '../delivery/peer-policy/peer-policies.ts';
import type { Policy } from '../policy/build-policy.ts';
import { explainMail } from '../policy/explain-mail.ts';
import type { Queue } from '../queue/queue.ts';
import { admitSocket } from '../smtp/door.ts';
import { GatewayServer } from '../smtp/gateway-server.ts';
import { ListenerSet } from '../smtp/listener-set.ts';
import { isOwnAddress } from '../smtp/session-hooks.ts';
import { readCurrent } from '../store/current.ts';
import type { EventLog } from '../store/event-log.ts';
import type { OriginResolver } from '../smtp/origin-checks.ts';
import { loadRelease } from '../store/release-store.ts';
import { answerQueue, describeQueue } from './answer-queue.ts';
import { buildPeerPolicies } from './build-peer-policies.ts';
import { idleSettings, policyOf } from './build-runtime.ts';
import { Control, type Asker } from './control.ts';
import { Counters } from './counters.ts';
import { SelfProbe } from './probe-listener.ts';
import { PushRecords } from './push-records.ts';
import { Serving } from './serving.ts';

/** What main.ts opens first; `resolvers` are for tests. */
export type DaemonParts = {
  root: string;
  minuteMilliseconds: number;
  log: EventLog;
  queue: Queue;
  resolvers?: Resolvers | undefined;
};
export type Resolvers = {
  mail?: MailResolver;
  origin?: OriginResolver;
  /** Who is asked about MTA-STS and DANE. */
  nameserver?: Nameserver;
  policyPort?: number;
};

/** Everything a running daemon consists of. */
export class GatewayDaemon {
  readonly log: EventLog;
  readonly control: Control;
  readonly server: GatewayServer;
  readonly delivery: Delivery;
  readonly #queue: Queue;
  readonly #root: string;
  readonly #counters: Counters;
  readonly #records: PushRecords;
  readonly #listeners: ListenerSet;
  readonly #serving: Serving;
  readonly #peerPolicies: PeerPolicies;
  readonly #startedAt = new Date().toISOString();

  constructor({ root, minuteMilliseconds, log, queue, resolvers }: DaemonParts) {
    this.#root = root;
    this.log = log;
    this.#queue = queue;
    this.#counters = new Counters(this.log);
    this.#records = new PushRecords(this.log);
    const probe = new SelfProbe();
    const server = new GatewayServer(idleSettings(minuteMilliseconds), {
      reports: this.#counters,
      intake: queue,
      ...(resolvers?.origin === undefined ? {} : { resolver: resolvers.origin }),
    });
    this.delivery = new Delivery(queue, this.#counters);
    this.server = server;
    this.#listeners = new ListenerSet((socket) => admitSocket(socket, server, (...end) => probe.isOwn(...end)));
    const notice = (words: string) => this.log.record({ event: 'notice', words });
    this.#peerPolicies = buildPeerPolicies({
      root,
      minuteMilliseconds,
      notice,
      nameserver: resolvers?.nameserver,
      policyPort: resolvers?.policyPort,
      report: (event) => this.#counters.record(event),
    });
    this.#serving = new Serving({
      server,
      probe,
      minuteMilliseconds,
      notice,
      delivery: this.delivery,
      resolver: resolvers?.mail ?? systemMailResolver(),
      listeners: this.#listeners,
      peerPolicies: this.#peerPolicies,
    });
    this.control = new Control({ root, serving: this.#serving, records: this.#records });
  }

  /** Answers one question of rpc. */
  async answer(asker: Asker, question: DaemonQuestion): Promise<Answer<unknown>> {
    switch (question.ask) {
      case 'status':
        return done(await this.#describe(question.pushId));
      case 'explain':
        return this.#explain(question);
      case 'can-listen':
        return this.control.betweenSwitches(() => this.#serving.canListen(question.interface));
      case 'lease':
        return this.control.lease(asker, question);
      case 'serve-candidate':
        return this.control.serveCandidate(asker, question);
      case 'prove':
        return this.control.betweenSwitches(() => this.#serving.prove());
      case 'hold':
        return this.control.hold(asker, question);
      case 'obey':
        return this.control.obey();
      case 'abandon':
        return this.control.abandon(question);
      case 'queue':
        return answerQueue({ queue: this.#queue, delivery: this.delivery }, question.task);
      case 'record':
        await this.#records.record(question.push);
        return done(null);
    }
  }

  leave(asker: Asker): void {
    this.control.leave(asker);
  }

  /** Takes no new connections; sessions between messages end now, the others after theirs. */
  drain(): void {
    this.control.stop();
    this.#listeners.close();
    this.server.dismiss(false);
  }

  async #describe(pushId: string | undefined): Promise<StatusReply> {
    const { running } = this.#serving;
    const limit = running?.release.config.connections.interface.maxConnections ?? null;
    return {
      daemonAnswers: true,
      currentRevision: await readCurrent(this.#root),
      runningRevision: running?.revision ?? null,
      config: running?.release.config ?? null,
      listeners: this.#listeners.endpoints,
      notices: await this.#notices(),
      connections: { now: this.server.connectionCount, limit, peak: this.server.peakConnections },
      accepted: this.#counters.accepted,
      refused: { ...this.#counters.refused },
      messages: { ...this.#counters.messages },
      queue: describeQueue(this.#queue),
      peerPolicies: { ...this.#counters.peerPolicies },
      certificate: this.#serving.certificate,
      pending: this.control.candidate?.pending ?? null,
      push: pushId === undefined ? null : await this.#records.find(pushId),
      startedAt: this.#startedAt,
    };
  }

  async #notices(): Promise<string[]> {
    const { trouble } = this.control;
    const { running } = this.#serving;
    const asksForPolicies = running !== null && running.runtime.delivery.peerPolicies !== null;
    const whyNoDane = asksForPolicies ? await this.#peerPolicies.whyNoDane() : null;
    const notices = whyNoDane === null ? [] : [`DANE cannot be checked on this gateway: ${whyNoDane}.`];
    if (trouble !== null) return [trouble, ...(running?.notices ?? []), ...notices];
    if (running) return [...running.notices, ...notices];
    return ['No configuration is confirmed yet: nothing is listened on.'];
  }

  async #explain({
    address,
    revision,
    sender,
    recipient,
  }: Extract<DaemonQuestion, { ask: 'explain' }>): Promise<Answer<Explanation>> {
    const peer = parseAddress(address);
    if ('reason' in peer) return failed('bad-request', `${address}: ${peer.reason}`);
    const policy = await this.#policyOf(revision);
    if (!policy)
      return failed('no-such-release', 'Nothing runs that could be explained.', 'Push a configuration first.');
    const openConnections = this.server.connectionCount;
    const isGatewayItself = isOwnAddress(formatAddress(peer));
    const peerPolicy = await this.#peerPolicyOf(policy, recipient);
    return done(explainMail(policy, { peer, isGatewayItself, openConnections, sender, recipient, peerPolicy }));
  }

  /** What MTA-STS and DANE say of the recipient's way, where they are asked. */
  async #peerPolicyOf({ peerPolicies, routes }: Policy, recipient: string | undefined): Promise<string | undefined> {
    if (peerPolicies === 'off' || recipient === undefined) return undefined;
    const { destination } = routes.choose(recipient);
    if (destination.kind !== 'mx') return undefined;
    return this.#peerPolicies.describe(destination.name ?? domainOf(recipient), destination.port);
  }

  async #policyOf(revision: string | undefined): Promise<Policy | null> {
    const { running } = this.#serving;
    if (revision === undefined || running?.revision === revision) return running?.runtime.settings.policy ?? null;
    const release = await loadRelease(this.#root, revision);
    return release.ok ? policyOf(release.value) : null;
  }
}
