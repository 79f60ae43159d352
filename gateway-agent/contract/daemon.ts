// What `rpc` asks the daemon over run/agent.sock: JSON lines both ways, one answer (an Outcome) for each question.
// A connection that took the lease holds it until it closes. Both ends are the same bundle, so both are strict.
import { z } from 'zod';
import { SmtpInterface } from './config.ts';
import { Revision } from './files.ts';
import { PushId, QueueTask } from './requests.ts';
import { GatewayProof, PushRecord } from './replies.ts';

export const DaemonQuestion = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('status'), pushId: PushId.optional() }),
  z.strictObject({
    ask: z.literal('explain'),
    address: z.string(),
    sender: z.string().optional(),
    recipient: z.string().optional(),
    revision: Revision.optional(),
  }),
  z.strictObject({ ask: z.literal('queue'), task: QueueTask }),
  /** Could the daemon listen there? Tries, and lets go at once; what it serves already counts as free. */
  z.strictObject({ ask: z.literal('can-listen'), interface: SmtpInterface }),
  /** One apply at a time: refused as `busy` while another has it or a candidate is pending. */
  z.strictObject({ ask: z.literal('lease'), pushId: PushId, author: z.string() }),
  /** Needs the lease. Switches, proves, and starts the timer; a failed proof goes back and answers proof-failed. */
  z.strictObject({
    ask: z.literal('serve-candidate'),
    pushId: PushId,
    revision: Revision,
    author: z.string(),
    confirmWithinSeconds: z.number(),
  }),
  /** Proves what runs, without a switch: the answer to a push of what is already there. */
  z.strictObject({ ask: z.literal('prove') }),
  /** Stops the timer while rpc writes `current`. Ends with `obey`, or when the connection closes. */
  z.strictObject({ ask: z.literal('hold'), pushId: PushId, revision: Revision }),
  /** `current` is written: read it and serve what it says. */
  z.strictObject({ ask: z.literal('obey') }),
  z.strictObject({ ask: z.literal('abandon'), pushId: PushId }),
  /** A push that never reached a candidate still belongs in the event log. */
  z.strictObject({ ask: z.literal('record'), push: PushRecord }),
]);
export type DaemonQuestion = z.infer<typeof DaemonQuestion>;

/** Answer to `serve-candidate` and `prove`. */
export const Served = z.object({
  proof: GatewayProof,
  listensOn: z.array(z.object({ address: z.string(), port: z.int() })),
});
export type Served = z.infer<typeof Served>;
