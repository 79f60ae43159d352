// What the daemon serves: one release at a time. A switch builds everything first, opens new listeners beside the old,
// swaps the settings in one step, proves them, and only then lets the old listeners go. A failure changes nothing.
import type { Revision } from '#contract/files';
import { done, failed, type Outcome } from '#contract/outcome';
import type { CertificateFacts, GatewayProof } from '#contract/replies';
import type { Served } from '#contract/daemon';
import type { SmtpInterface } from '#contract/config';
import type { Delivery } from '../delivery/delivery.ts';
import type { MailResolver } from '../delivery/find-servers.ts';
import type { PeerPolicies } from '../delivery/peer-policy/peer-policies.ts';
import { isOwnAddress } from '../smtp/session-hooks.ts';
import type { GatewayServer } from '../smtp/gateway-server.ts';
import type { ListenerSet, PreparedChange } from '../smtp/listener-set.ts';
import type { SmtpSettings } from '../smtp/smtp-settings.ts';
import type { LoadedRelease } from '../store/release-store.ts';
import { buildRuntime, type Runtime } from './build-runtime.ts';
import { findPortHolder } from './find-port-holder.ts';
import type { SelfProbe } from './probe-listener.ts';

/** A release at work. */
export type Running = { revision: Revision; release: LoadedRelease; runtime: Runtime; notices: string[] };

export type ServingParts = {
  server: GatewayServer;
  delivery: Delivery;
  resolver: MailResolver;
  peerPolicies: PeerPolicies;
  listeners: ListenerSet;
  probe: SelfProbe;
  minuteMilliseconds: number;
  notice: (words: string) => void;
};

/** Switches between releases. Calls must not overlap; the control side queues them. */
export class Serving {
  running: Running | null = null;
  readonly #parts: ServingParts;

  constructor(parts: ServingParts) {
    this.#parts = parts;
  }

  get certificate(): CertificateFacts | null {
    return this.running?.runtime.certificate ?? null;
  }

  /** Serves this release. With `mustProve` a failed proof brings back what ran before. */
  async serve(release: LoadedRelease, mustProve: boolean): Promise<Outcome<Served>> {
    const { server, listeners, minuteMilliseconds, notice, resolver, peerPolicies } = this.#parts;
    const isOurselves = (address: string, port: number) => this.#isOurs(address, port);
    const around = { minuteMilliseconds, notice, isOurselves, resolver, peerPolicies };
    const runtime = buildRuntime(release, { isCandidate: mustProve, ...around });
    if (!runtime.ok) return runtime;
    const prepared = await listeners.prepare(release.config.connections.interface);
    if (!prepared.ok) return this.#nameHolder(prepared.problem, release.config.connections.interface.port);
    const before = { running: this.running, settings: server.settings };
    server.obey(runtime.value.settings);
    this.#parts.delivery.obey(runtime.value.delivery);
    const { notices } = prepared.value;
    this.running = { revision: release.revision, release, runtime: runtime.value, notices };
    if (!mustProve)
      return this.#finish(prepared.value, { result: 'not-possible', reason: 'Not asked for.', listeners: [] });
    const proof = await this.#prove(prepared.value);
    if (proof.result === 'proved') return this.#finish(prepared.value, proof);
    await this.#goBack(prepared.value, before);
    return failed('proof-failed', `The new listener did not show what was configured: ${proof.reason ?? 'no reason'}`);
  }

  #finish(prepared: PreparedChange, proof: GatewayProof): Outcome<Served> {
    prepared.commit();
    prepared.notices.forEach((words) => this.#parts.notice(words));
    return done({ proof, listensOn: prepared.listensOn });
  }

  async #goBack(prepared: PreparedChange, before: { running: Running | null; settings: SmtpSettings }): Promise<void> {
    this.#parts.server.obey(before.settings);
    this.#parts.delivery.obey(before.running?.runtime.delivery ?? null);
    this.running = before.running;
    await prepared.revert();
  }

  /** Proves what runs now, without a switch. */
  async prove(): Promise<Outcome<Served>> {
    const listensOn = this.#parts.listeners.endpoints;
    const proof = await this.#prove({ listensOn });
    return done({ proof, listensOn });
  }

  #prove({ listensOn }: Pick<PreparedChange, 'listensOn'>): Promise<GatewayProof> {
    return this.#parts.probe.prove(listensOn, { fingerprint: this.certificate?.fingerprint ?? null });
  }

  /** Nothing is confirmed: nothing is listened on, open sessions end after their message, the queue waits. */
  stop(): void {
    this.#parts.delivery.obey(null);
    this.#parts.listeners.close();
    this.#parts.server.dismiss(false);
    this.running = null;
  }

  /** Could this be listened on? Opens and lets go at once. */
  async canListen(wanted: SmtpInterface): Promise<Outcome<{ notices: string[] }>> {
    const prepared = await this.#parts.listeners.prepare(wanted);
    if (!prepared.ok) return this.#nameHolder(prepared.problem, wanted.port);
    await prepared.value.revert();
    return done({ notices: prepared.value.notices });
  }

  async #nameHolder(problem: { code: string; message: string; hint?: string }, port: number): Promise<Outcome<never>> {
    const { message, hint } = problem;
    if (problem.code !== 'port-taken') return failed('address-missing', message, hint);
    const holder = await findPortHolder(port);
    if (holder === null) return failed('port-taken', message, hint);
    return failed('port-taken', `Port ${port} is held by ${holder}.`, 'Stop it or choose another port.');
  }

  #isOurs(address: string, port: number): boolean {
    const wildcard = address.includes(':') ? '::' : '0.0.0.0';
    const isOwnHost = address === '::1' || address.startsWith('127.') || isOwnAddress(address);
    return this.#parts.listeners.endpoints.some(
      (ours) => ours.port === port && (ours.address === address || (ours.address === wildcard && isOwnHost)),
    );
  }
}
