// One gateway as something that can be asked: its record, its way to sign in, its kept connection.
import type { GatewayRecord } from '#contract/fleet';
import type { Outcome } from '#contract/outcome';
import type { Replies } from '#contract/replies';
import type { Request } from '#contract/requests';
import { askAgent, type AskFailure, type AskOptions, type AskResult } from '../ssh/ask-agent.ts';
import { connectSsh, type SshConnection, type SshTarget } from '../ssh/connect.ts';
import type { ConnectionPool } from '../ssh/connection-pool.ts';
import type { Credentials } from '../ssh/credentials.ts';

/** One question to this gateway. */
export type Ask = <R extends Request>(request: R, options?: AskOptions) => Promise<AskResult<Replies[R['verb']]>>;

export type GatewayLink = {
  readonly name: string;
  readonly record: GatewayRecord;
  /** The kept connection, made where there is none. */
  connect(signal?: AbortSignal): Promise<Outcome<SshConnection>>;
  /** Over the kept connection. */
  ask: Ask;
  /** Over a connection made for this question alone: the old one proves nothing. */
  askAnew: Ask;
};

export type LinkParts = { name: string; record: GatewayRecord; credentials: Credentials; pool: ConnectionPool };

/** Builds the link; nothing is connected yet. */
export function buildLink({ name, record, credentials, pool }: LinkParts): GatewayLink {
  const target: SshTarget = { name, address: record.ssh, hostKeys: record.hostKeys, credentials };
  const connect = (signal?: AbortSignal) => pool.acquire(target, { signal });
  return {
    name,
    record,
    connect,
    async ask(request, options = {}) {
      const connection = await connect(options.signal);
      if (!connection.ok) return notSent(connection);
      const result = await askAgent(connection.value, request, options);
      if (result.ok || result.from !== 'nobody' || connection.value.isOpen()) return result;
      // The kept connection had died (sleep, VPN change): nothing was sent, so a new one may carry it.
      const second = await connect(options.signal);
      return second.ok ? askAgent(second.value, request, options) : notSent(second);
    },
    async askAnew(request, options = {}) {
      const connection = await connectSsh(target, options);
      if (!connection.ok) return notSent(connection);
      const result = await askAgent(connection.value, request, options);
      connection.value.close();
      return result;
    },
  };
}

function notSent(outcome: Extract<Outcome<never>, { ok: false }>): AskFailure {
  return { ok: false, problem: outcome.problem, from: 'nobody' };
}
