// Opens a dialogue with one mail server: address, greeting, EHLO, and TLS as the route asks. Never in clear when TLS is
// required; in clear with a record when it is opportunistic.
import { isIP } from 'node:net';
import { checkServerIdentity, createSecureContext, getCACertificates } from 'node:tls';
import type { ConnectionOptions, SecureContext, TLSSocket } from 'node:tls';
import type { OutgoingTls } from '#contract/config';
import { connectHop } from './connect-hop.ts';
import type { MailServer } from './find-servers.ts';
import { HopDialogue } from './hop-dialogue.ts';
import { hopMinutes } from './hop-limits.ts';
import type { PeerDemand } from './peer-policy/peer-demand.ts';
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

/** What the configuration wants of TLS, and what a published policy demands of this server. */
export type TlsWish = { outgoing: OutgoingTls; demand: PeerDemand | null };

/** A ready dialogue, or why there is none; never final for a message. */
export async function openHop(server: MailServer, wish: TlsWish, manner: HopManner): Promise<OpenedHop> {
  const first = await openOnce(server, wish, manner);
  if (!('retryInClear' in first)) return first;
  manner.onClear(server.host, first.retryInClear);
  const second = await openOnce(server, { outgoing: 'off', demand: null }, manner);
  return 'retryInClear' in second ? refuseWith(hopFailure('tls', second.retryInClear)) : second;
}

/** A failure of TLS ends the attempt; in clear only where neither configuration nor policy forbids it. */
function isMust({ outgoing, demand }: TlsWish): boolean {
  return outgoing === 'required' || demand?.isEnforced === true;
}

async function openOnce(
  server: MailServer,
  wish: TlsWish,
  manner: HopManner,
): Promise<OpenedHop | { retryInClear: string }> {
  const { minuteMilliseconds } = manner;
  const connected = await connectHop(server, minuteMilliseconds);
  if ('kind' in connected) return refuseWith(connected);
  const dialogue = new HopDialogue(connected.socket, connected.name);
  const greeted = await greet(dialogue, manner);
  if (!greeted.ok) return giveUp(dialogue, greeted.verdict);
  const inClear: OpenedHop = {
    ok: true,
    hop: { dialogue, extensions: greeted.extensions, server: server.host, tls: null, minuteMilliseconds },
  };
  if (wish.outgoing === 'off' && !wish.demand) return inClear;
  const refusal = await askForTls(dialogue, greeted.extensions, manner);
  if (refusal === null) return secure({ dialogue, server, wish, manner });
  const told = wish.demand?.onBroken(refusal);
  if (isMust(wish)) return giveUp(dialogue, insecure(told ?? `The next hop ${connected.name}: ${refusal}`));
  if (!dialogue.isUsable) return { retryInClear: refusal }; // some firewalls cut whoever says STARTTLS
  if (wish.outgoing !== 'off') manner.onClear(server.host, refusal);
  return inClear;
}

async function askForTls(
  dialogue: HopDialogue,
  extensions: ReadonlySet<string>,
  { minuteMilliseconds }: HopManner,
): Promise<string | null> {
  if (!extensions.has('STARTTLS')) return 'it does not offer STARTTLS';
  const answer = await dialogue.ask('STARTTLS', hopMinutes.mail * minuteMilliseconds);
  if (answer.kind === 'failure') return answer.words;
  return answer.code === 220 ? null : 'it refuses STARTTLS';
}

type Upgrade = { dialogue: HopDialogue; server: MailServer; wish: TlsWish; manner: HopManner };

async function secure(upgrade: Upgrade): Promise<OpenedHop | { retryInClear: string }> {
  const { dialogue, server, wish, manner } = upgrade;
  const { minuteMilliseconds } = manner;
  const upgraded = await dialogue.upgrade(tlsOptions(upgrade), hopMinutes.tls * minuteMilliseconds);
  const broken = judge(upgraded, wish.demand);
  const told = broken === null ? null : (wish.demand?.onBroken(broken) ?? broken);
  if ('kind' in upgraded || (told !== null && wish.demand?.isEnforced)) {
    dialogue.abort();
    const words = told ?? ('kind' in upgraded ? upgraded.words : '');
    return isMust(wish) ? { ok: false, verdict: insecure(words) } : { retryInClear: words };
  }
  const hello = await sayHello(dialogue, manner); // what was said in clear is forgotten: RFC 3207 §4.2
  if (!hello.ok) return giveUp(dialogue, hello.verdict);
  const facts = `${upgraded.getProtocol() ?? 'TLS'} ${upgraded.getCipher().name}`;
  const hop = { dialogue, extensions: hello.extensions, server: server.host, tls: facts, minuteMilliseconds };
  return { ok: true, hop };
}

/** Why TLS is not what the policy demands, or why there is none; null where all is well. */
function judge(upgraded: TLSSocket | HopFailure, demand: PeerDemand | null): string | null {
  if ('kind' in upgraded) return upgraded.words;
  return demand?.judge(upgraded) ?? null;
}

function insecure(words: string): Verdict {
  return verdictOf(hopFailure('tls', words));
}

function tlsOptions({ server: { host }, wish: { outgoing, demand }, manner: { trust } }: Upgrade): ConnectionOptions {
  const name = demand?.servername ?? host;
  const common: ConnectionOptions = {
    ...(isIP(name) ? {} : { servername: name }),
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  };
  // What a policy enforces is judged after the handshake; it takes the place of the configuration's own check.
  if (outgoing === 'required' && !demand?.isEnforced) {
    return { ...common, secureContext: trust.verifying, rejectUnauthorized: true };
  }
  // Opportunistic TLS protects against listeners only (RFC 7435), so whoever answers is taken.
  const secureContext = demand?.needsWebTrust ? trust.verifying : trust.anybody;
  return { ...common, secureContext, rejectUnauthorized: false };
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
