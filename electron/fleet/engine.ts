// The engine that the app and the `postern` command share: everything that can be asked of gateways and done to them.
import type { GatewayRecord, HostKey, LastPush, SshAddress } from '#contract/fleet';
import type { Revision } from '#contract/files';
import type { Outcome } from '#contract/outcome';
import type { GatewayReview, GatewaySight, PushProgress, PushResult } from '#contract/push';
import type { Explanation, HelloReply, Replies } from '#contract/replies';
import type { Credentials } from '../ssh/credentials.ts';
import type { ReleaseSource } from './ready-release.ts';

/** What the engine needs of the fleet folder, the vault and the caller. */
export type EngineServices<Draft> = {
  folder: {
    load(name: string): Promise<Outcome<GatewayRecord>>;
    recordPush(name: string, lastPush: LastPush): Promise<Outcome<unknown>>;
  };
  vault: { loadSecret(name: string): Promise<Outcome<string | null>> };
  releases: ReleaseSource<Draft>;
  /** Who pushes, as the records of the fleet folder call them. */
  author: string;
  /** Signs in another way than the record says: the command's --identity. */
  credentialsFor?: ((name: string, record: GatewayRecord) => Promise<Outcome<Credentials>>) | undefined;
  /** How long a gateway waits for the confirmation before it goes back. */
  confirmWithinSeconds?: number | undefined;
};

export type PushOptions = {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: PushProgress) => void) | undefined;
  /** As soon as one gateway ended, while others go on. */
  onResult?: ((gateway: string, result: PushResult) => void) | undefined;
  overwriteThere?: boolean | undefined;
};

export type NamedResult = { gateway: string; result: PushResult };
export type SignInTrial = { name: string; ssh: SshAddress; hostKeys: HostKey[]; secret?: string | undefined };

export type Engine<Draft> = {
  /** Many gateways at once, each on its own: one that fails stops no other. In the order of the names. */
  push(names: readonly string[], options?: PushOptions): Promise<NamedResult[]>;
  /** To any release that the gateway keeps; a push like any other. */
  rollback(name: string, revision: Revision, options?: PushOptions): Promise<PushResult>;
  /** What a push of the saved settings, or of a draft, would do. */
  review(name: string, draft?: Draft): Promise<Outcome<GatewayReview>>;
  refresh(name: string): Promise<GatewaySight>;
  hello(name: string): Promise<Outcome<HelloReply>>;
  explain(name: string, address: string): Promise<Outcome<Explanation>>;
  releases(name: string): Promise<Outcome<Replies['releases']>>;
  scanHostKey(at: { host: string; port: number }, signal?: AbortSignal): Promise<Outcome<HostKey>>;
  /** Signs in with what the operator typed; nothing is kept. */
  trySignIn(trial: SignInTrial): Promise<Outcome<HelloReply>>;
  /** The record or secret changed: the next question connects anew. */
  forget(name: string): void;
  close(): void;
};
