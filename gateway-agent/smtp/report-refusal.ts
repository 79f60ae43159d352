// A refusal by a hook: words and reference for the client, rule and entry under that reference for the event log.
import type { SMTPServerSession } from 'smtp-server/lib/types';
import type { GatewayServer } from './gateway-server.ts';
import { newReference, refuse, type HookError, type Reply } from './refuse.ts';

/** Where a hook was called. */
export type Hook = { server: GatewayServer; session: SMTPServerSession };

type Reason = { rule: string; from?: string; to?: string; reason?: string };

const internalTrouble: Reply = { code: 451, enhanced: '4.3.0', text: 'Internal trouble, try again later' };

/** Logs the refusal and gives the error that carries it to the client. */
export function report({ server, session }: Hook, reply: Reply, reason: Reason): HookError {
  const ref = newReference();
  server.reports.record({
    event: 'refused',
    ref,
    peer: session.remoteAddress,
    reply: `${reply.code} ${reply.enhanced}`,
    ...reason,
  });
  return refuse(reply, ref);
}

/** For a bug of ours: smtp-server turns a bare error into a permanent refusal, and the sender would give up. */
export function trouble(hook: Hook, error: unknown): HookError {
  const text = error instanceof Error ? error.message : String(error);
  process.emitWarning(`SMTP session: ${text}`);
  return report(hook, internalTrouble, { rule: 'internal' });
}
