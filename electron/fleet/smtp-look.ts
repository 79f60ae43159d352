// A short look at an SMTP port: banner, EHLO, STARTTLS, certificate, QUIT. Says what it saw and judges nothing.
import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { done, type Outcome } from '#contract/outcome';
import { networkReason } from '../ssh/ssh-failure.ts';
import { openSocket } from '../ssh/open-socket.ts';

/** A gateway greets within 1 s; 5 s is Postern's own limit for each answer. */
const answerMilliseconds = 5_000;
/** RFC 5321 §4.5.3.1.5: a reply line has at most 512 octets; an EHLO answer has a few dozen lines. */
const maxReplyBytes = 16 * 1024;

export type Reply = { code: number; lines: string[] };
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

export type LookOptions = { milliseconds?: number; signal?: AbortSignal | undefined };

/** Looks; the failure is only that no connection was made. */
export async function lookAtSmtp(host: string, port: number, options: LookOptions = {}): Promise<Outcome<SmtpLook>> {
  const milliseconds = options.milliseconds ?? answerMilliseconds;
  const socket = await openSocket(host, port, { milliseconds, signal: options.signal });
  if (!socket.ok) return socket;
  const look = await converse(socket.value, host, milliseconds);
  socket.value.destroy();
  return done(look);
}

async function converse(socket: Socket, host: string, milliseconds: number): Promise<SmtpLook> {
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
    const secured = await secure(socket, host, milliseconds);
    if ('reason' in secured) return { ...look, problem: `the TLS handshake failed: ${secured.reason}` };
    Object.assign(look, secured);
    socket.destroy();
    return look;
  }
  await say(socket, 'QUIT', milliseconds);
  return look;
}

/** RFC 5321 §4.1.3: an address literal where the client has no name worth telling. */
function localName(socket: Socket): string {
  const address = (socket.localAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
  return isIP(address) === 6 ? `[IPv6:${address}]` : `[${address}]`;
}

function wordsOf(reply: Reply | { reason: string }): string {
  return 'reason' in reply ? `not at all: ${reply.reason}` : `"${reply.code} ${reply.lines[0] ?? ''}"`;
}

function say(socket: Socket, line: string, milliseconds: number): Promise<Reply | { reason: string }> {
  socket.write(`${line}\r\n`);
  return readReply(socket, milliseconds);
}

/** One reply of one or more lines, RFC 5321 §4.2.1. */
function readReply(socket: Socket, milliseconds: number): Promise<Reply | { reason: string }> {
  return new Promise((resolve) => {
    let text = '';
    const finish = (reply: Reply | { reason: string }) => {
      clearTimeout(timer);
      socket.off('data', take).off('error', fail).off('close', end);
      resolve(reply);
    };
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const lines = text.split(/\r?\n/);
      lines.pop();
      const last = lines.findIndex((line) => /^\d{3}(?: |$)/.test(line));
      if (last !== -1) return finish(toReply(lines.slice(0, last + 1)));
      if (lines.some((line) => !/^\d{3}-/.test(line))) return finish({ reason: 'it does not speak SMTP' });
      if (text.length > maxReplyBytes) finish({ reason: 'the reply does not end' });
    };
    const fail = (error: Error) => finish({ reason: networkReason(error) });
    const end = () => finish({ reason: 'the connection was closed' });
    const timer = setTimeout(() => finish({ reason: `no answer within ${milliseconds / 1000} s` }), milliseconds);
    socket.on('data', take).on('error', fail).on('close', end);
    if (socket.destroyed) end();
  });
}

function toReply(lines: string[]): Reply {
  return { code: Number(lines[0]?.slice(0, 3)), lines: lines.map((line) => line.slice(4).trimEnd()) };
}

type Secured = { tlsVersion: string | null; fingerprint: string | null };

/** No chain is verified: the fingerprint is compared with what was pushed, which says more. */
function secure(socket: Socket, host: string, milliseconds: number): Promise<Secured | { reason: string }> {
  return new Promise((resolve) => {
    const tls: TLSSocket = connectTls({
      socket,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const finish = (result: Secured | { reason: string }) => {
      clearTimeout(timer);
      resolve(result);
      tls.destroy();
    };
    const timer = setTimeout(() => finish({ reason: `no end within ${milliseconds / 1000} s` }), milliseconds);
    tls.on('error', (error) => finish({ reason: error.message }));
    tls.on('close', () => finish({ reason: 'the connection was closed' }));
    tls.on('secureConnect', () => {
      const { fingerprint256 } = tls.getPeerCertificate();
      finish({ tlsVersion: tls.getProtocol(), fingerprint: fingerprint256 ?? null });
    });
  });
}
