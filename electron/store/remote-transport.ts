// What a way to a git remote can do: tell its branches, fetch one, push one.
import type { Outcome } from '#contract/outcome';
import type { Repository } from './git-repository.ts';
import type { RemoteAddress } from './remote-address.ts';
import type { RemoteRun } from './remote-git-program.ts';

/** `branches` by name; `main`: the one that the remote shows first. */
export type RemoteHeads = { branches: Map<string, string>; main: string | null };

export type Transport = {
  heads(): Promise<Outcome<RemoteHeads>>;
  /** Brings the branch's commits here, and notes it as the remote's. */
  fetch(branch: string): Promise<Outcome<void>>;
  /** `raced`: somebody was quicker; fetch again. */
  push(branch: string, commit: string): Promise<Outcome<'pushed' | 'raced'>>;
};

export type TransportParts = {
  repository: Repository;
  address: RemoteAddress;
  run: RemoteRun;
  /** Asked only when the remote asks; null: there is none. */
  token: () => Promise<Outcome<string | null>>;
};

/** Where git keeps what the remote's branch was when it was last seen. */
export function trackingRef(branch: string): string {
  return `refs/remotes/origin/${branch}`;
}
