// The client's side of an SMTP dialogue, reply by reply, with a deadline for each.
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { networkReason } from '../ssh/ssh-failure.ts';

/** RFC 5321 §4.5.3.1.5: a reply line has at most 512 octets; an EHLO answer has a few dozen lines. */
const maxReplyBytes = 16 * 1024;

export type Reply = { code: number; lines: string[] };
/** No reply, and why. */
export type Silence = { reason: string };

/** RFC 5321 §4.1.3: an address literal where the client has no name worth telling. */
export function localName(socket: Duplex): string {
  const local = 'localAddress' in socket && typeof socket.localAddress === 'string' ? socket.localAddress : '127.0.0.1';
  const address = local.replace(/^::ffff:/, '');
  return isIP(address) === 6 ? `[IPv6:${address}]` : `[${address}]`;
}

/** Sends one command line and reads its reply. */
export function say(socket: Duplex, line: string, milliseconds: number): Promise<Reply | Silence> {
  socket.write(`${line}\r\n`);
  return readReply(socket, milliseconds);
}

/** One reply of one or more lines, RFC 5321 §4.2.1. */
export function readReply(socket: Duplex, milliseconds: number): Promise<Reply | Silence> {
  return new Promise((resolve) => {
    let text = '';
    const finish = (reply: Reply | Silence) => {
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

export type Secured = { socket: TLSSocket; tlsVersion: string | null; fingerprint: string | null };
export type TlsOptions = { host: string; milliseconds: number };

/** No chain is verified: the fingerprint is compared with what was pushed, which says more. */
export function secure(socket: Duplex, { host, milliseconds }: TlsOptions): Promise<Secured | Silence> {
  return new Promise((resolve) => {
    const tls: TLSSocket = connectTls({
      socket,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const finish = (result: Secured | Silence) => {
      clearTimeout(timer);
      if ('reason' in result) tls.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => finish({ reason: `no end within ${milliseconds / 1000} s` }), milliseconds);
    tls.on('error', (error) => finish({ reason: error.message }));
    tls.once('close', () => finish({ reason: 'the connection was closed' }));
    tls.once('secureConnect', () => {
      const { fingerprint256 } = tls.getPeerCertificate();
      finish({ socket: tls, tlsVersion: tls.getProtocol(), fingerprint: fingerprint256 ?? null });
    });
  });
}
