// Opens a dialogue with the next hop: address, greeting, EHLO, and TLS as the configuration asks. Never in clear when
// TLS is required; in clear with a record when it is opportunistic.
import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  createSecureContext,
  getCACertificates,
  type ConnectionOptions,
  type SecureContext,
} from 'node:tls';
import { HopDialogue } from './hop-dialogue.ts';
import { hopFailure, type HopFailure } from './reply-reader.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/** Where messages go and how. `minuteMilliseconds` shortens every time-out alike, for tests. */
export type HopTarget = {
  host: string;
  port: number;
  tls: 'off' | 'opportunistic' | 'required';
  ownCa: string | null;
  heloName: string;
  minuteMilliseconds: number;
  /** Is this the gateway's own listener? Mail would go round in circles. */
  isOurselves(address: string, port: number): boolean;
  /** An opportunistic connection stays in clear, and why. */
  onClear(reason: string): void;
  /** The extensions of the next hop, upper case, each time it tells them. */
  onExtensions(extensions: ReadonlySet<string>): void;
};

export type OpenHop = { dialogue: HopDialogue; extensions: ReadonlySet<string>; isSecure: boolean };
export type OpenedHop = { ok: true; hop: OpenHop } | { ok: false; verdict: Verdict };

/** RFC 5321 §4.5.3.2 in minutes; `connect` and `tls` are Postfix' own 30 s and 5 min cut to what a client waits for. */
export const hopMinutes = { connect: 0.5, tls: 1, greeting: 5, command: 5, dataStart: 2, block: 3, finalDot: 10 };

/** A ready dialogue, or the verdict for the client. */
export async function openHop(target: HopTarget): Promise<OpenedHop> {
  const first = await openOnce(target, target.tls);
  if (!('retryInClear' in first)) return first;
  target.onClear(first.retryInClear);
  const second = await openOnce(target, 'off');
  return 'retryInClear' in second ? refuseWith(hopFailure('tls', second.retryInClear)) : second;
}

async function openOnce(target: HopTarget, tls: HopTarget['tls']): Promise<OpenedHop | { retryInClear: string }> {
  const socket = await connectTo(target);
  if ('kind' in socket) return refuseWith(socket);
  const dialogue = new HopDialogue(socket);
  const greeted = await greet(dialogue, target);
  if (!greeted.ok) return giveUp(dialogue, greeted.verdict);
  target.onExtensions(greeted.extensions);
  const inClear = { ok: true, hop: { dialogue, extensions: greeted.extensions, isSecure: false } } as const;
  if (tls === 'off') return inClear;
  const refusal = await askForTls(dialogue, greeted.extensions, target);
  if (refusal === null) return secure(dialogue, target, tls);
  if (tls === 'required') return giveUp(dialogue, verdictOf(hopFailure('tls', refusal)));
  target.onClear(refusal);
  return inClear;
}

async function askForTls(
  dialogue: HopDialogue,
  extensions: ReadonlySet<string>,
  target: HopTarget,
): Promise<string | null> {
  if (!extensions.has('STARTTLS')) return 'The next hop does not offer STARTTLS';
  const answer = await dialogue.ask('STARTTLS', hopMinutes.command * target.minuteMilliseconds);
  if (answer.kind === 'failure') return answer.words;
  return answer.code === 220 ? null : 'The next hop refuses STARTTLS';
}

async function secure(
  dialogue: HopDialogue,
  target: HopTarget,
  tls: HopTarget['tls'],
): Promise<OpenedHop | { retryInClear: string }> {
  const upgraded = await dialogue.upgrade(tlsOptions(target, tls), hopMinutes.tls * target.minuteMilliseconds);
  if ('kind' in upgraded) {
    dialogue.abort();
    return tls === 'required' ? refuseWith(upgraded) : { retryInClear: upgraded.words };
  }
  const hello = await sayHello(dialogue, target); // what was said in clear is forgotten: RFC 3207 §4.2
  if (!hello.ok) return giveUp(dialogue, hello.verdict);
  target.onExtensions(hello.extensions);
  return { ok: true, hop: { dialogue, extensions: hello.extensions, isSecure: true } };
}

function tlsOptions(target: HopTarget, tls: HopTarget['tls']): ConnectionOptions {
  const { host } = target;
  const name = isIP(host) ? {} : { servername: host };
  // Opportunistic TLS protects against listeners only (RFC 7435), so whoever answers is taken.
  if (tls !== 'required') return { ...name, minVersion: 'TLSv1.2', rejectUnauthorized: false };
  return {
    ...name,
    rejectUnauthorized: true,
    secureContext: trustOf(target),
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  };
}

/** Reading the system's 140 certificates takes longer than a handshake, so it is done once for each configuration. */
const trust = new WeakMap<HopTarget, SecureContext>();

function trustOf(target: HopTarget): SecureContext {
  const known = trust.get(target);
  if (known) return known;
  const ca = [...getCACertificates('system'), ...(target.ownCa === null ? [] : [target.ownCa])];
  const context = createSecureContext({ minVersion: 'TLSv1.2', ca });
  trust.set(target, context);
  return context;
}

async function connectTo(target: HopTarget): Promise<Socket | HopFailure> {
  const addresses = isIP(target.host)
    ? [{ address: target.host }]
    : await lookup(target.host, { all: true }).catch(() => []);
  if (addresses.length === 0) return hopFailure('unreachable', 'The name of the next hop cannot be resolved');
  if (addresses.some(({ address }) => target.isOurselves(address, target.port))) {
    return hopFailure('loop', 'The next hop is this gateway itself');
  }
  for (const { address } of addresses) {
    const socket = await connectOnce(address, target);
    if (socket) return socket;
  }
  return hopFailure('unreachable', 'The next hop cannot be reached');
}

function connectOnce(address: string, target: HopTarget): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: target.port, noDelay: true });
    const timer = setTimeout(() => finish(null), hopMinutes.connect * target.minuteMilliseconds);
    const finish = (connected: Socket | null) => {
      clearTimeout(timer);
      if (!connected) socket.destroy();
      resolve(connected);
    };
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      finish(socket);
    });
    socket.once('error', () => finish(null));
  });
}

type Hello = { ok: true; extensions: ReadonlySet<string> } | { ok: false; verdict: Verdict };

async function greet(dialogue: HopDialogue, target: HopTarget): Promise<Hello> {
  const greeting = await dialogue.read(hopMinutes.greeting * target.minuteMilliseconds);
  if (greeting.kind === 'failure') return { ok: false, verdict: verdictOf(greeting) };
  // A next hop that refuses us at its door has not judged this message: the client keeps it.
  if (greeting.code !== 220)
    return { ok: false, verdict: { ...refusedUs, text: `${refusedUs.text}: ${greeting.code}` } };
  return sayHello(dialogue, target);
}

const refusedUs: Verdict = { code: 451, enhanced: '4.4.0', text: 'The next hop refuses this gateway' };

async function sayHello(dialogue: HopDialogue, target: HopTarget): Promise<Hello> {
  const limit = hopMinutes.command * target.minuteMilliseconds;
  const answer = await dialogue.ask(`EHLO ${target.heloName}`, limit);
  if (answer.kind === 'failure') return { ok: false, verdict: verdictOf(answer) };
  if (answer.code === 250) {
    return { ok: true, extensions: new Set(answer.lines.slice(1).map((line) => line.trim().toUpperCase())) };
  }
  const old = await dialogue.ask(`HELO ${target.heloName}`, limit); // RFC 5321 §3.2: servers without EHLO
  if (old.kind === 'failure') return { ok: false, verdict: verdictOf(old) };
  if (old.code === 250) return { ok: true, extensions: new Set() };
  return { ok: false, verdict: { ...refusedUs, text: `${refusedUs.text}: ${old.code}` } };
}

function refuseWith(failure: HopFailure): OpenedHop {
  return { ok: false, verdict: verdictOf(failure) };
}

function giveUp(dialogue: HopDialogue, verdict: Verdict): OpenedHop {
  dialogue.close();
  return { ok: false, verdict };
}
