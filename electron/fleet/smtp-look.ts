// A short look at an SMTP port: banner, EHLO, STARTTLS, certificate, QUIT. Says what it saw and judges nothing.
import type { Duplex } from 'node:stream';
import { done, type Outcome } from '#contract/outcome';
import type { ChannelOptions } from '../ssh/open-channel.ts';
import { openSocket } from '../ssh/open-socket.ts';
import { localName, readReply, say, secure, type Reply, type Silence } from './smtp-dialogue.ts';

/** A gateway greets within 1 s; 5 s is Postern's own limit for each answer. */
const answerMilliseconds = 5_000;

/** `banner: null`: connected, but nothing that reads as an SMTP reply came, for this reason. */
export type SmtpLook = {
  banner: Reply | null;
  reason: string | null;
  offersTls: boolean;
  tlsVersion: string | null;
  /** SHA-256 of the served certificate, upper-case pairs with colons. */
  fingerprint: string | null;
  /** What went wrong after the banner. */
  problem: string | null;
};

/** How a port is reached: straight, or from a jump host onwards. */
export type OpenStream = (host: string, port: number, options: ChannelOptions) => Promise<Outcome<Duplex>>;

export type LookOptions = { milliseconds?: number; signal?: AbortSignal | undefined; open?: OpenStream };

/** Looks; the failure is only that no connection was made. */
export async function lookAtSmtp(host: string, port: number, options: LookOptions = {}): Promise<Outcome<SmtpLook>> {
  const milliseconds = options.milliseconds ?? answerMilliseconds;
  const open: OpenStream = options.open ?? openSocket;
  const socket = await open(host, port, { milliseconds, signal: options.signal });
  if (!socket.ok) return socket;
  const look = await converse(socket.value, host, milliseconds);
  socket.value.destroy();
  return done(look);
}

async function converse(socket: Duplex, host: string, milliseconds: number): Promise<SmtpLook> {
  const look: SmtpLook = {
    banner: null,
    reason: null,
    offersTls: false,
    tlsVersion: null,
    fingerprint: null,
    problem: null,
  };
  const banner = await readReply(socket, milliseconds);
  if ('reason' in banner) return { ...look, reason: banner.reason };
  look.banner = banner;
  if (banner.code !== 220) return look;
  const ehlo = await say(socket, `EHLO ${localName(socket)}`, milliseconds);
  if ('reason' in ehlo || ehlo.code !== 250) return { ...look, problem: `EHLO was answered ${wordsOf(ehlo)}` };
  look.offersTls = ehlo.lines.some((line) => line.toUpperCase() === 'STARTTLS');
  if (look.offersTls) {
    const start = await say(socket, 'STARTTLS', milliseconds);
    if ('reason' in start || start.code !== 220) return { ...look, problem: `STARTTLS was answered ${wordsOf(start)}` };
    const secured = await secure(socket, { host, milliseconds });
    if ('reason' in secured) return { ...look, problem: `the TLS handshake failed: ${secured.reason}` };
    const { tlsVersion, fingerprint } = secured;
    return { ...look, tlsVersion, fingerprint };
  }
  await say(socket, 'QUIT', milliseconds);
  return look;
}

function wordsOf(reply: Reply | Silence): string {
  return 'reason' in reply ? `not at all: ${reply.reason}` : `"${reply.code} ${reply.lines[0] ?? ''}"`;
}
