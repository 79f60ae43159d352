// Opens a dialogue with one mail server: address, greeting, EHLO, and TLS as the route asks. Never in clear when TLS is
// required; in clear with a record when it is opportunistic.
import { connect, isIP, type Socket } from 'node:net';
import { checkServerIdentity, createSecureContext, getCACertificates } from 'node:tls';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import type { OutgoingTls } from '#contract/config';
import type { MailServer } from './find-servers.ts';
import { HopDialogue } from './hop-dialogue.ts';
import { hopMinutes } from './hop-limits.ts';
import { hopFailure, type HopFailure } from './reply-reader.ts';
import { asDeferred, verdictOf, type Verdict } from './verdict.ts';

/** How connections are made; the same for all servers of a configuration. */
export type HopManner = {
  heloName: string;
  /** Shortens every time-out alike, for tests. */
  minuteMilliseconds: number;
  trust: Trust;
  /** An opportunistic connection stays in clear, and why. */
  onClear(host: string, reason: string): void;
};

/** A ready server. `extensions` is upper case; `tls` is what was negotiated, or null in clear. */
export type OpenHop = {
  dialogue: HopDialogue;
  extensions: ReadonlySet<string>;
  server: string;
  tls: string | null;
  minuteMilliseconds: number;
};
export type OpenedHop = { ok: true; hop: OpenHop } | { ok: false; verdict: Verdict };

/** Reading the system's 140 certificates takes longer than a handshake, so it is done once for each configuration. */
export class Trust {
  readonly #ownCa: string | null;
  #verifying: SecureContext | null = null;
  #anybody: SecureContext | null = null;

  constructor(ownCa: string | null) {
    this.#ownCa = ownCa;
  }

  /** The system's authorities and our own. */
  get verifying(): SecureContext {
    const ca = () => [...getCACertificates('system'), ...(this.#ownCa === null ? [] : [this.#ownCa])];
    return (this.#verifying ??= createSecureContext({ minVersion: 'TLSv1.2', ca: ca() }));
  }

  /** For opportunistic TLS, where nobody is verified. */
  get anybody(): SecureContext {
    return (this.#anybody ??= createSecureContext({ minVersion: 'TLSv1.2', ca: [] }));
  }
}

/** A ready dialogue, or why there is none; never final for a message. */
export async function openHop(server: MailServer, tls: OutgoingTls, manner: HopManner): Promise<OpenedHop> {
  const first = await openOnce(server, tls, manner);
  if (!('retryInClear' in first)) return first;
  manner.onClear(server.host, first.retryInClear);
  const second = await openOnce(server, 'off', manner);
  return 'retryInClear' in second ? refuseWith(hopFailure('tls', second.retryInClear)) : second;
}

async function openOnce(
  server: MailServer,
  tls: OutgoingTls,
  manner: HopManner,
): Promise<OpenedHop | { retryInClear: string }> {
  const socket = await connectTo(server, manner);
  if ('kind' in socket) return refuseWith(socket);
  const dialogue = new HopDialogue(socket);
  const greeted = await greet(dialogue, manner);
  if (!greeted.ok) return giveUp(dialogue, greeted.verdict);
  const { minuteMilliseconds } = manner;
  const inClear: OpenedHop = {
    ok: true,
    hop: { dialogue, extensions: greeted.extensions, server: server.host, tls: null, minuteMilliseconds },
  };
  if (tls === 'off') return inClear;
  const refusal = await askForTls(dialogue, greeted.extensions, manner);
  if (refusal === null) return secure({ dialogue, server, tls, manner });
  if (tls === 'required') return giveUp(dialogue, verdictOf(hopFailure('tls', refusal)));
  manner.onClear(server.host, refusal);
  return inClear;
}

async function askForTls(
  dialogue: HopDialogue,
  extensions: ReadonlySet<string>,
  { minuteMilliseconds }: HopManner,
): Promise<string | null> {
  if (!extensions.has('STARTTLS')) return 'The next hop does not offer STARTTLS';
  const answer = await dialogue.ask('STARTTLS', hopMinutes.mail * minuteMilliseconds);
  if (answer.kind === 'failure') return answer.words;
  return answer.code === 220 ? null : 'The next hop refuses STARTTLS';
}

type Upgrade = { dialogue: HopDialogue; server: MailServer; tls: OutgoingTls; manner: HopManner };

async function secure(upgrade: Upgrade): Promise<OpenedHop | { retryInClear: string }> {
  const { dialogue, server, tls, manner } = upgrade;
  const { minuteMilliseconds } = manner;
  const upgraded = await dialogue.upgrade(tlsOptions(upgrade), hopMinutes.tls * minuteMilliseconds);
  if ('kind' in upgraded) {
    dialogue.abort();
    return tls === 'required' ? refuseWith(upgraded) : { retryInClear: upgraded.words };
  }
  const hello = await sayHello(dialogue, manner); // what was said in clear is forgotten: RFC 3207 §4.2
  if (!hello.ok) return giveUp(dialogue, hello.verdict);
  const facts = `${upgraded.getProtocol() ?? 'TLS'} ${upgraded.getCipher().name}`;
  const hop = { dialogue, extensions: hello.extensions, server: server.host, tls: facts, minuteMilliseconds };
  return { ok: true, hop };
}

function tlsOptions({ server: { host }, tls, manner: { trust } }: Upgrade): ConnectionOptions {
  const name = isIP(host) ? {} : { servername: host };
  // Opportunistic TLS protects against listeners only (RFC 7435), so whoever answers is taken.
  if (tls !== 'required') return { ...name, secureContext: trust.anybody, rejectUnauthorized: false };
  return {
    ...name,
    rejectUnauthorized: true,
    secureContext: trust.verifying,
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  };
}

async function connectTo({ addresses, port }: MailServer, manner: HopManner): Promise<Socket | HopFailure> {
  let reason = 'no address';
  for (const address of addresses) {
    const socket = await connectOnce(address, port, hopMinutes.connect * manner.minuteMilliseconds);
    if (typeof socket !== 'string') return socket;
    reason = socket;
  }
  return hopFailure('unreachable', `The next hop cannot be reached (${reason})`);
}

function connectOnce(host: string, port: number, milliseconds: number): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    const finish = (outcome: Socket | string) => {
      clearTimeout(timer);
      if (typeof outcome === 'string') socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => finish('ETIMEDOUT'), milliseconds);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      finish(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code ?? 'error'));
  });
}

type Hello = { ok: true; extensions: ReadonlySet<string> } | { ok: false; verdict: Verdict };

async function greet(dialogue: HopDialogue, manner: HopManner): Promise<Hello> {
  const greeting = await dialogue.read(hopMinutes.greeting * manner.minuteMilliseconds);
  if (greeting.kind === 'failure' || greeting.code !== 220) return refusedUs(verdictOf(greeting));
  return sayHello(dialogue, manner);
}

async function sayHello(dialogue: HopDialogue, { heloName, minuteMilliseconds }: HopManner): Promise<Hello> {
  const limit = hopMinutes.mail * minuteMilliseconds;
  const answer = await dialogue.ask(`EHLO ${heloName}`, limit);
  if (answer.kind === 'failure') return refusedUs(verdictOf(answer));
  if (answer.code === 250) {
    return { ok: true, extensions: new Set(answer.lines.slice(1).map((line) => line.trim().toUpperCase())) };
  }
  if (answer.code === 421) return refusedUs(verdictOf(answer));
  const old = await dialogue.ask(`HELO ${heloName}`, limit); // RFC 5321 §3.2: servers without EHLO
  if (old.kind === 'reply' && old.code === 250) return { ok: true, extensions: new Set() };
  return refusedUs(verdictOf(old));
}

/** A server that refuses us at its door has not judged this message. */
function refusedUs(verdict: Verdict): Hello {
  return { ok: false, verdict: asDeferred(verdict) };
}

function refuseWith(failure: HopFailure): OpenedHop {
  return { ok: false, verdict: verdictOf(failure) };
}

function giveUp(dialogue: HopDialogue, verdict: Verdict): OpenedHop {
  dialogue.close();
  return { ok: false, verdict };
}
