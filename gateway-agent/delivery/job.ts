// One message for the recipients that share a destination, and what became of each of them.
import type { DueMessage, DueRecipient } from './delivery-queue.ts';
import type { Verdict } from './verdict.ts';

/** Work for one lane. */
export type Job = { message: DueMessage; recipients: DueRecipient[] };

/** How an attempt ended for one recipient. */
export type Ending = {
  recipient: DueRecipient;
  verdict: Verdict;
  server: string | null;
  tls: string | null;
  /** The server took DSN parameters: telling of success is its turn. */
  passedOnDsn: boolean;
};

/** The same ending for everybody, where no server was reached. */
export function endAll(recipients: readonly DueRecipient[], verdict: Verdict): Ending[] {
  return recipients.map((recipient) => ({ recipient, verdict, server: null, tls: null, passedOnDsn: false }));
}
