// The engine that the app and the `postern` command share: everything that can be asked of gateways and done to them.
import type { Credential, GatewayRecord, HostKey, JumpHost, LastPush, SshAddress } from '#contract/fleet';
import type { Revision } from '#contract/files';
import { done, type Outcome } from '#contract/outcome';
import { protocolVersion } from '#contract/protocol';
import type { GatewayReview, GatewaySight, PushProgress, PushResult } from '#contract/push';
import type { Explanation, HelloReply, Replies } from '#contract/replies';
import type { QueueTask, Request } from '#contract/requests';
import { asOutcome } from '../ssh/ask-agent.ts';
import { createConnectionPool } from '../ssh/connection-pool.ts';
import type { Credentials } from '../ssh/credentials.ts';
import { ownSshFiles, type SshFiles } from '../ssh/openssh/load-config.ts';
import type { Unsaved } from '../store/scope-view.ts';
import { findRoute, type RouteSources } from './find-route.ts';
import { createFirstContact, type FirstContact } from './first-contact.ts';
import { findDrift, type Drift } from './find-drift.ts';
import { buildLink, type GatewayLink } from './gateway-link.ts';
import { createPusher, type InterruptedPush, type PushIdentity } from './push-fleet.ts';
import type { ReleaseSource } from './ready-release.ts';
import { refreshGateway, unreachableSight } from './refresh-gateway.ts';
import { reviewGateway, reviewHere } from './review-gateway.ts';
import { signInFor, type SecretSource, type SignInRequest } from './sign-in.ts';

/** What the engine needs of the fleet folder, the vault and the caller. */
export type EngineServices = {
  folder: {
    load(name: string): Promise<Outcome<GatewayRecord>>;
    recordPush(name: string, lastPush: LastPush): Promise<Outcome<unknown>>;
    loadCredential(name: string): Promise<Outcome<Credential>>;
    loadJumpHost(name: string): Promise<Outcome<JumpHost>>;
  };
  vault: SecretSource;
  releases: ReleaseSource;
  /** Who pushes, as the records of the fleet folder call them. */
  author: string;
  /** Signs in another way than the record says: the command's --identity. */
  credentialsFor?: ((request: SignInRequest) => Promise<Outcome<Credentials>>) | undefined;
  /** OpenSSH's files of somebody else than the one who runs this: a test's. */
  sshFiles?: SshFiles | undefined;
  /** Where it is kept between runs what each agent understands; null: nowhere. */
  knownAgentsFile?: string | null | undefined;
  /** How long a gateway waits for the confirmation before it goes back. */
  confirmWithinSeconds?: number | undefined;
};

export type PushOptions = {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: PushProgress) => void) | undefined;
  /** As soon as one gateway ended, while others go on. */
  onResult?: ((gateway: string, result: PushResult) => void) | undefined;
  /** It ended on the gateway; recording it may take two seconds more, in which others may begin. */
  onSettled?: (() => void) | undefined;
  overwriteThere?: boolean | undefined;
};

export type NamedResult = { gateway: string; result: PushResult };

export type ExplainedMail = { sender?: string | undefined; recipient?: string | undefined };

export type Engine = Pick<FirstContact, 'trySignIn'> & {
  /** Many gateways at once, each on its own: one that fails stops no other. In the order of the names. */
  push(names: readonly string[], options?: PushOptions): Promise<NamedResult[]>;
  /** One gateway, under a pushId that was written down before: what a rollout does. */
  pushOne(name: string, identity: PushIdentity, options?: PushOptions): Promise<PushResult>;
  /** What became of a push whose program died; null: it never arrived. Goes back where it still waits. */
  settle(name: string, interrupted: InterruptedPush): Promise<PushResult | null>;
  /** The revision that a push of the saved settings would bring. */
  plan(name: string): Promise<Outcome<Revision>>;
  /** To any release that the gateway keeps; a push like any other. */
  rollback(name: string, revision: Revision, options?: PushOptions): Promise<PushResult>;
  /** What a push of the saved settings would do, or of those that a draft of one scope would make of them. */
  review(name: string, unsaved?: Unsaved): Promise<Outcome<GatewayReview>>;
  refresh(name: string): Promise<Outcome<GatewaySight>>;
  hello(name: string): Promise<Outcome<HelloReply>>;
  /** With sender and recipient the ladder goes on to the message. */
  explain(name: string, address: string, mail?: ExplainedMail): Promise<Outcome<Explanation>>;
  /** Looks at the queue or acts on messages in it. */
  queue(name: string, task: QueueTask): Promise<Outcome<Replies['queue']>>;
  releases(name: string): Promise<Outcome<Replies['releases']>>;
  /** What runs there and was not pushed from here. */
  findDrift(name: string): Promise<Outcome<Drift>>;
  /** The key of a server that is not known yet, read through the jump hosts of the address. */
  scanHostKey(ssh: SshAddress, signal?: AbortSignal): Promise<Outcome<HostKey>>;
  /** The record or secret changed: the next question connects anew. */
  forget(name: string): void;
  close(): void;
};

/** Builds it; nothing is connected before the first question. */
export function createEngine(services: EngineServices): Engine {
  const pool = createConnectionPool();
  const { folder, vault } = services;
  const sources: RouteSources = {
    loadCredential: (name) => folder.loadCredential(name),
    loadJumpHost: (name) => folder.loadJumpHost(name),
    credentialsFor: services.credentialsFor ?? ((request) => signInFor(request, vault)),
    sshFiles: services.sshFiles ?? ownSshFiles(),
  };
  const first = createFirstContact(sources, pool);

  const openLink = async (name: string): Promise<Outcome<GatewayLink>> => {
    const record = await services.folder.load(name);
    if (!record.ok) return record;
    const target = await findRoute(name, record.value, sources);
    return target.ok ? done(buildLink({ name, record: record.value, target: target.value, pool })) : target;
  };

  const ask = async <R extends Request>(name: string, request: R): Promise<Outcome<Replies[R['verb']]>> => {
    const link = await openLink(name);
    return link.ok ? asOutcome(await link.value.ask(request)) : link;
  };

  const pusher = createPusher({ ...services, openLink });

  return {
    ...pusher,
    async plan(name) {
      const release = await services.releases.build(name);
      return release.ok ? done(release.value.revision) : release;
    },
    review: (name, unsaved) => review(services, openLink, { name, unsaved }),
    refresh: (name) => refresh(services, openLink, name),
    hello: (name) => ask(name, { verb: 'hello', protocol: protocolVersion }),
    explain: (name, address, mail) => ask(name, { verb: 'explain', protocol: protocolVersion, address, ...mail }),
    queue: (name, task) => ask(name, { verb: 'queue', protocol: protocolVersion, task }),
    releases: (name) => ask(name, { verb: 'releases', protocol: protocolVersion }),
    findDrift: async (name) => {
      const ours = await services.releases.build(name);
      if (!ours.ok) return ours;
      const link = await openLink(name);
      return link.ok ? findDrift(link.value, ours.value) : link;
    },
    scanHostKey: (ssh, signal) => first.scan(ssh, signal),
    trySignIn: (trial) => first.trySignIn(trial),
    forget: (name) => pool.forget(name),
    close: () => pool.close(),
  };
}

type OpenLink = (name: string) => Promise<Outcome<GatewayLink>>;
type Reviewed = { name: string; unsaved: Unsaved | undefined };

async function review(
  services: EngineServices,
  openLink: OpenLink,
  { name, unsaved }: Reviewed,
): Promise<Outcome<GatewayReview>> {
  const { releases, folder } = services;
  const release = await releases.build(name, unsaved);
  if (!release.ok) return release;
  const link = await openLink(name);
  if (link.ok) return done(await reviewGateway(link.value, release.value));
  const record = await folder.load(name);
  if (!record.ok) return record;
  const base = record.value.lastPush?.revision ?? null;
  return done(reviewHere({ name, base, release: release.value, problem: link.problem }));
}

async function refresh(services: EngineServices, openLink: OpenLink, name: string): Promise<Outcome<GatewaySight>> {
  const release = await services.releases.build(name);
  if (!release.ok) return release;
  const link = await openLink(name);
  if (link.ok) return done(await refreshGateway(link.value, release.value.revision));
  return link.problem.code === 'not-found' ? link : done(unreachableSight(link.problem));
}
