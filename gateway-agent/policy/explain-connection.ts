// The first three rungs of the ladder in words: connection control, simultaneous connections, TLS.
import type { Policy } from './build-policy.ts';
import { decideConnection, decideRoom } from './decide-connection.ts';
import type { MailFacts, Step } from './explain-mail.ts';

/** Which list was read, and which of its entries decided. */
export function explainControl({ control }: Policy, { peer }: MailFacts): Step {
  const decision = decideConnection(control, peer);
  const list = control.mode === 'accept-except' ? 'Deny list' : 'Permit list';
  const reply = decision.accept ? {} : { reply: '554 5.7.1' };
  const outcome = decision.accept ? 'pass' : 'refuse';
  if (decision.entry === undefined) {
    const words = decision.accept
      ? 'No entry of the deny list holds this address.'
      : `No entry of the permit list holds this address${control.list.size === 0 ? ': the list is empty' : ''}.`;
    return { outcome, words, ...reply };
  }
  const note = decision.note === undefined ? '' : ` (${decision.note})`;
  const verb = decision.accept ? 'permits' : 'refuses';
  const words = `${list} entry ${decision.entry}${note} ${verb} this address.`;
  return { outcome, words, entry: decision.entry, ...reply };
}

/** How much room there is at this moment. */
export function explainRoom({ maxConnections }: Policy, { openConnections }: MailFacts): Step {
  if (maxConnections === null) return { outcome: 'pass', words: `No limit; ${openConnections} connections are open.` };
  const words = `${openConnections} of ${maxConnections} connections are open.`;
  if (decideRoom(maxConnections, openConnections).accept) return { outcome: 'pass', words };
  return { outcome: 'refuse', words: `${words} A new one is asked to try later.`, reply: '421 4.3.2' };
}

/** What the client must do before MAIL. */
export function explainTls({ tls }: Policy): Step {
  if (tls.requiresStartTls) {
    return { outcome: 'condition', words: 'Mail is taken only after STARTTLS.', reply: '530 5.7.0' };
  }
  const words = tls.offersStartTls
    ? 'STARTTLS is offered, not required.'
    : 'STARTTLS is not offered: mail comes in clear.';
  return { outcome: 'pass', words };
}
