// One message of the demo, as a mail server would deliver it: which address it comes from, with or without TLS, and
// the reply that decided.
import type { Socket } from 'node:net';
import { localName, readReply, say, secure, type Reply, type Silence } from '../fleet/smtp-dialogue.ts';
import { openSocket } from '../ssh/open-socket.ts';

/** Deliveries on loopback take milliseconds. */
const milliseconds = 5_000;

export type Delivery = { from: string; port: number; usesTls: boolean; recipient: string };
export type Delivered = {
  /** 'connect', 'STARTTLS', 'RCPT', ...: where it was decided. */
  stage: string;
  code: number;
  reply: string;
  fingerprint: string | null;
};

/** Delivers to 127.0.0.1 (or ::1 for an IPv6 client) and stops at the first refusal. */
export async function deliver(delivery: Delivery): Promise<Delivered> {
  const host = delivery.from.includes(':') ? '::1' : '127.0.0.1';
  const opened = await openSocket(host, delivery.port, { milliseconds, localAddress: delivery.from });
  if (!opened.ok) return { stage: 'connect', code: 0, reply: opened.problem.message, fingerprint: null };
  let socket: Socket = opened.value;
  let fingerprint: string | null = null;
  const ended = (stage: string, reply: Reply | Silence): Delivered => {
    socket.destroy();
    if ('reason' in reply) return { stage, code: 0, reply: reply.reason, fingerprint };
    return { stage, code: reply.code, reply: `${reply.code} ${reply.lines[0] ?? ''}`, fingerprint };
  };

  const banner = await readReply(socket, milliseconds);
  if (!isReply(banner, 220)) return ended('connect', banner);
  const greeting = `EHLO ${localName(socket)}`;
  const ehlo = await say(socket, greeting, milliseconds);
  if (!isReply(ehlo, 250)) return ended('EHLO', ehlo);
  if (delivery.usesTls) {
    const start = await say(socket, 'STARTTLS', milliseconds);
    if (!isReply(start, 220)) return ended('STARTTLS', start);
    const secured = await secure(socket, { host: 'localhost', milliseconds });
    if ('reason' in secured) return ended('TLS', secured);
    ({ socket, fingerprint } = secured);
    const again = await say(socket, greeting, milliseconds);
    if (!isReply(again, 250)) return ended('EHLO', again);
  }
  return sendMessage(socket, delivery.recipient, ended);
}

type End = (stage: string, reply: Reply | Silence) => Delivered;

async function sendMessage(socket: Socket, recipient: string, ended: End): Promise<Delivered> {
  const mail = await say(socket, 'MAIL FROM:<sender@client.test>', milliseconds);
  if (!isReply(mail, 250)) return ended('MAIL', mail);
  const rcpt = await say(socket, `RCPT TO:<${recipient}>`, milliseconds);
  if (!isReply(rcpt, 250)) return ended('RCPT', rcpt);
  const data = await say(socket, 'DATA', milliseconds);
  if (!isReply(data, 354)) return ended('DATA', data);
  const message = [
    'From: <sender@client.test>',
    `To: <${recipient}>`,
    'Subject: A message of postern demo',
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${Date.now()}.${Math.random().toString(36).slice(2)}@client.test>`,
    '',
    'It came through.',
    '.',
  ];
  const taken = await say(socket, message.join('\r\n'), milliseconds);
  if (!isReply(taken, 250)) return ended('message', taken);
  await say(socket, 'QUIT', milliseconds);
  return ended('message', taken);
}

function isReply(reply: Reply | Silence, code: number): reply is Reply {
  return 'code' in reply && reply.code === code;
}
