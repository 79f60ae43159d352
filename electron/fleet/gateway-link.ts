// One gateway as something that can be asked: its record, the way to it, its kept connection.
import type { GatewayRecord } from '#contract/fleet';
import { failed, type Outcome } from '#contract/outcome';
import type { Replies } from '#contract/replies';
import type { Request, Verb } from '#contract/requests';
import { askAgent, type AskFailure, type AskOptions, type AskResult } from '../ssh/ask-agent.ts';
import type { SshConnection, SshTarget } from '../ssh/connect.ts';
import type { ConnectionPool } from '../ssh/connection-pool.ts';
import { openSocket } from '../ssh/open-socket.ts';
import type { OpenStream } from './smtp-look.ts';

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
  /** Connects to a port of the gateway: from here, or from the last jump host where SSH goes that way. */
  openStream: OpenStream;
};

export type LinkParts = { name: string; record: GatewayRecord; target: SshTarget; pool: ConnectionPool };

/** Two jump hosts that answer slowly (25 s each at most), and a status. Postern's own limit for a whole question. */
const questionMilliseconds = 60_000;

/** Questions that change nothing and cost the agent nothing; an apply waits as long as its own steps take. */
const shortQuestions = new Set<Verb>(['hello', 'status', 'releases', 'explain', 'queue']);

/** Builds the link; nothing is connected yet. */
export function buildLink({ name, record, target, pool }: LinkParts): GatewayLink {
  const { jumps = [] } = target;
  const connect = (signal?: AbortSignal) => pool.acquire(target, { signal });
  const askOver = async <R extends Request>(
    request: R,
    options: AskOptions,
  ): Promise<AskResult<Replies[R['verb']]>> => {
    const connection = await connect(options.signal);
    if (!connection.ok) return notSent(connection);
    const result = await askAgent(connection.value, request, options);
    if (result.ok || result.from !== 'nobody' || connection.value.isOpen()) return result;
    // The kept connection had died (sleep, VPN change): nothing was sent, so a new one may carry it.
    const second = await connect(options.signal);
    return second.ok ? askAgent(second.value, request, options) : notSent(second);
  };
  return {
    name,
    record,
    connect,
    ask: (request, options = {}) => withDeadline({ name, request, options }, askOver),
    askAnew: (request, options = {}) =>
      withDeadline({ name, request, options }, async (asked, within) => {
        const connection = await pool.connectAnew(target, within);
        if (!connection.ok) return notSent(connection);
        const result = await askAgent(connection.value, asked, within);
        connection.value.close();
        return result;
      }),
    openStream: (host, port, options) =>
      jumps.length === 0 ? openSocket(host, port, options) : pool.openBehind(jumps, { host, port }, options),
  };
}

/** However many waits a question is made of, it ends in time, and says so as the network's fault. */
async function withDeadline<R extends Request>(
  { name, request, options }: { name: string; request: R; options: AskOptions },
  ask: (request: R, options: AskOptions) => Promise<AskResult<Replies[R['verb']]>>,
): Promise<AskResult<Replies[R['verb']]>> {
  if (!shortQuestions.has(request.verb)) return ask(request, options);
  const deadline = AbortSignal.timeout(options.milliseconds ?? questionMilliseconds);
  const signal = options.signal === undefined ? deadline : eitherOf(options.signal, deadline);
  const result = await ask(request, { ...options, signal });
  if (result.ok || result.from === 'agent' || !deadline.aborted || options.signal?.aborted === true) return result;
  const seconds = Math.round((options.milliseconds ?? questionMilliseconds) / 1000);
  const late = failed('unreachable', `${name} did not answer within ${seconds} s, connecting included.`);
  return { ...result, problem: late.problem };
}

/** Aborts with the first of two. AbortSignal.any needs Node 20; the development runtime of the app has 18. */
function eitherOf(first: AbortSignal, second: AbortSignal): AbortSignal {
  const either = new AbortController();
  for (const signal of [first, second]) {
    const abort = (): void => either.abort(signal.reason);
    if (signal.aborted) abort();
    // Listens no longer than the other lets it: a push's signal outlives many questions.
    else signal.addEventListener('abort', abort, { once: true, signal: either.signal });
  }
  return either.signal;
}

function notSent(outcome: Extract<Outcome<never>, { ok: false }>): AskFailure {
  return { ok: false, problem: outcome.problem, from: 'nobody' };
}
