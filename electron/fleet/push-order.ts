// What one push is made of: the order itself and the steps it may take, passed in so that tests can break each one.
import type { Revision, Sha256 } from '#contract/files';
import type { Outcome } from '#contract/outcome';
import type { DesktopProof } from '#contract/push';
import type { ApplyReply } from '#contract/replies';
import type { Ask } from './gateway-link.ts';
import type { ProgressReport } from './push-progress.ts';
import type { ReadyRelease } from './ready-release.ts';

/** A new release, or one that the gateway still keeps. */
export type PushOrder = { kind: 'apply'; release: ReadyRelease } | { kind: 'rollback'; toRevision: Revision };

/** What an earlier hello told. */
export type KnownAgent = { protocol: number; schemaVersion: number; files: readonly Sha256[] };

export type PushTarget = {
  name: string;
  order: PushOrder;
  /** The revision that this push was made for; another one there is a conflict. */
  baseRevision: Revision | null;
  /** Takes whatever the gateway runs as the base: the operator has seen it and wants it gone. */
  overwriteThere: boolean;
  known: KnownAgent | null;
  confirmWithinSeconds: number;
};

export type PushSteps = {
  pushId: string;
  connect(): Promise<Outcome<{ remoteAddress: string }>>;
  ask: Ask;
  /** Over a new connection: the old one proves nothing. */
  askAnew: Ask;
  probe(applied: ApplyReply, remoteAddress: string): Promise<DesktopProof>;
  progress: ProgressReport;
  signal?: AbortSignal | undefined;
  pause(milliseconds: number): Promise<void>;
};

/** The revision that the gateway runs after this push. */
export function orderedRevision(order: PushOrder): Revision {
  return order.kind === 'apply' ? order.release.revision : order.toRevision;
}
