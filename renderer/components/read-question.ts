// What is asked of `explain`, from the fields as they were typed or pasted.
import { parseAddress } from '#contract/addresses';

/** `sender: ''` is the empty sender of notices; without one, any. */
export type Question = { address: string; sender?: string; recipient?: string };

/** What is wrong, by field. */
export type WrongQuestion = { address?: string; sender?: string; recipient?: string };

const mailAddress = 'Type one mail address, such as ada@example.net.';

/** Addresses are pasted from logs in their angle brackets, which SMTP writes around them. */
export function readQuestion(raw: {
  address: string;
  sender: string;
  recipient: string;
}): { asked: Question } | { wrong: WrongQuestion } {
  const address = raw.address.trim();
  const sender = raw.sender.trim();
  const recipient = withoutBrackets(raw.recipient);
  const parsed = parseAddress(address);
  const wrong: WrongQuestion = {
    ...('reason' in parsed ? { address: parsed.reason } : {}),
    ...(sender === '' || sender === '<>' || withoutBrackets(sender).includes('@') ? {} : { sender: mailAddress }),
    // RFC 5321 4.5.1: postmaster is taken without a domain.
    ...(recipient === '' || recipient.includes('@') || recipient.toLowerCase() === 'postmaster'
      ? {}
      : { recipient: mailAddress }),
  };
  if (Object.keys(wrong).length > 0) return { wrong };
  return {
    asked: {
      address,
      ...(sender === '' ? {} : { sender: withoutBrackets(sender) }),
      ...(recipient === '' ? {} : { recipient }),
    },
  };
}

function withoutBrackets(text: string): string {
  return text.trim().replace(/^<(.*)>$/, '$1');
}
