// Clients that send numbered messages one after the other until they are told to stop, and remember what was promised.
import { connectSmtp } from './smtp-client.ts';

/** Messages carry their number in the header and a body that can be checked. */
export type MailLoad = {
  /** Numbers of the messages that were answered 250. */
  readonly promised: Set<number>;
  /** Sessions that ended otherwise than by our QUIT. */
  dropped: number;
  /** Replies other than 2yz and 354, and other than 421 at the end. */
  readonly refusals: string[];
  /** After the message under way. */
  stop(): Promise<void>;
};

/** The body of one message; long enough to be torn, and every line tells whose it is. */
export function numberedBody(number: number): string {
  return `X-Number: ${number}\r\n\r\n${`line of ${number} \r\n`.repeat(40 + (number % 50))}`;
}

/** True when the content is the whole of that message behind the trace line. */
export function isWhole(content: string, number: number): boolean {
  return content.endsWith(numberedBody(number));
}

/** Starts so many clients; a lost connection is opened anew after a moment. */
export function startLoad(portOf: () => number, clients: number): MailLoad {
  let next = 0;
  let isOver = false;
  const load: MailLoad = { promised: new Set(), dropped: 0, refusals: [], stop: () => Promise.resolve() };
  const session = async (): Promise<void> => {
    const client = await connectSmtp(portOf());
    try {
      if (!(await client.reply()).startsWith('220')) return;
      await client.say('EHLO client.test');
      while (!isOver) {
        const number = (next += 1);
        const reply = await client.sendMail({ body: numberedBody(number) });
        if (reply.startsWith('250')) load.promised.add(number);
        else if (reply === '') load.dropped += 1;
        else load.refusals.push(reply);
        if (!reply.startsWith('250')) return;
      }
      await client.say('QUIT');
    } finally {
      client.close();
    }
  };
  const run = async (): Promise<void> => {
    while (!isOver) {
      await session().catch(() => (load.dropped += 1));
      if (!isOver) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const all = Array.from({ length: clients }, run);
  load.stop = async () => {
    isOver = true;
    await Promise.all(all);
  };
  return load;
}
