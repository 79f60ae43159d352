// The one smtp-server instance of the daemon. It never listens and never reloads: listeners hand their sockets to
// `connect`, and `obey` swaps the settings that every session reads, so one counter covers all listeners.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server/lib/types';
import { GatewayConnection, shuttingDown } from './gateway-connection.ts';
import { OriginChecks, systemOriginResolver, type OriginResolver } from './origin-checks.ts';
import type { MessageSink } from './message-sink.ts';
import { receiveMessage } from './receive-message.ts';
import { trouble, type Hook } from './report-refusal.ts';
import { judgeRecipient, judgeSender } from './session-hooks.ts';
import type { Intake, SmtpReports, SmtpSettings } from './smtp-settings.ts';

/** AUTH: there are no users. The rest are the library's jokes (WIZ answers 200) and proxy commands. */
const neverSupported = ['AUTH', 'WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD', 'HELP'];

/** RFC 5321 §4.5.3.1.4 asks for 512 octets; parameters of extensions add to it. */
const maxCommandLength = 2048;

/** The library's own timer restarts on every byte, so it is set out of the way: 2^31 - 1, the longest Node takes. */
const never = 2_147_483_647;

type HookCallback = (error?: Error | null) => void;
type DataCallback = (error?: Error | null, message?: string) => void;

/** Whom the server tells, where it stores, and whom it asks; `resolver` is for tests. */
export type ServerParts = { reports: SmtpReports; intake: Intake; resolver?: OriginResolver };

/** Receives mail over sockets that the door let in. */
export class GatewayServer extends SMTPServer {
  settings: SmtpSettings;
  readonly reports: SmtpReports;
  readonly intake: Intake;
  readonly origins: OriginChecks;
  peakConnections = 0;
  readonly #open = new Set<GatewayConnection>();
  readonly #connectionOf = new WeakMap<SMTPServerSession, GatewayConnection>();

  constructor(settings: SmtpSettings, parts: ServerParts) {
    super({
      logger: false,
      disableReverseLookup: true, // no DNS before connection control, and none that a client could slow us down with
      hideENHANCEDSTATUSCODES: false,
      hideSMTPUTF8: true,
      hideDSN: false, // supported end to end: passed on, or answered with notices of our own
      rejectOversized: true,
      disabledCommands: [...neverSupported, 'STARTTLS'],
      socketTimeout: never,
      maxCommandLength,
      heloResponse: '%s',
    });
    this.settings = settings;
    this.reports = parts.reports;
    this.intake = parts.intake;
    this.origins = new OriginChecks(parts.resolver ?? systemOriginResolver());
    this.on('error', () => undefined); // one garbage handshake without a listener would end the process
    this.obey(settings);
  }

  /** Open sessions, the gateway's own probes left out. */
  get connectionCount(): number {
    return this.#open.size;
  }

  /** From now on every session, open ones included, follows these settings. */
  obey(settings: SmtpSettings): void {
    this.settings = settings;
    this.options.name = settings.greetingName;
    this.options.banner = settings.bannerText ?? '';
    this.options.size = settings.maxMessageBytes;
    this.options.maxRecipients = settings.maxRecipients;
    this.options.disabledCommands = settings.tlsContext ? neverSupported : [...neverSupported, 'STARTTLS'];
    if (settings.tlsContext) this.secureContext.set('*', settings.tlsContext);
    else this.secureContext.clear();
    for (const connection of this.#open) connection.armDeadline();
  }

  /** The library would fill in a published test key here; a context only ever comes from `obey`. */
  override updateSecureContext(): void {
    this.secureContext = new Map();
  }

  override connect(socket: Socket): void {
    this.receive(socket, false);
  }

  /** Takes a socket that the door let in. A probe of our own is not counted. */
  receive(socket: Socket, isOwnProbe: boolean): void {
    const connection = new GatewayConnection(this, socket);
    this.connections.add(connection);
    connection.on('error', () => undefined); // the peer's troubles; the session is closed by the library
    this.#connectionOf.set(connection.session, connection);
    if (!isOwnProbe) {
      this.#open.add(connection);
      this.peakConnections = Math.max(this.peakConnections, this.#open.size);
      this.reports.greeted();
    }
    connection.init();
  }

  /** The session ends or has said its last word. */
  release(connection: GatewayConnection): void {
    this.#open.delete(connection);
  }

  /** Says good-bye to all sessions: 421 4.3.2, RFC 5321 §3.8. Those in the middle of a message go on until `now`. */
  dismiss(now: boolean): void {
    for (const connection of [...this.connections] as GatewayConnection[]) {
      if (now || !connection.session.envelope?.mailFrom) connection.send(421, shuttingDown);
    }
  }

  /** What the session's socket negotiated, or null in clear. */
  tlsOf(session: SMTPServerSession): { version: string; cipher: string } | null {
    const socket = this.#connectionOf.get(session)?._socket;
    if (!(socket instanceof TLSSocket)) return null;
    return { version: socket.getProtocol() ?? 'TLS', cipher: socket.getCipher().name };
  }

  /** Breaks off whatever is still open; what was not acknowledged stays with its client. */
  destroy(): void {
    for (const connection of this.connections) connection._socket.destroy();
  }

  /** What the session has brought so far. */
  broughtBy(session: SMTPServerSession): { messages: number; bytes: number } {
    return this.#connectionOf.get(session)?.brought ?? { messages: 0, bytes: 0 };
  }

  override onConnect(_session: SMTPServerSession, callback: HookCallback): void {
    callback(); // at once: the door has decided, and a session that is not ready cuts early talkers
  }

  override onMailFrom(address: SMTPServerAddress, session: SMTPServerSession, callback: HookCallback): void {
    const refusal = judgeSender({ server: this, session }, address);
    if (refusal instanceof Promise) void this.#answerLater(refusal, callback);
    else callback(refusal);
  }

  override onRcptTo(address: SMTPServerAddress, session: SMTPServerSession, callback: HookCallback): void {
    callback(judgeRecipient({ server: this, session }, address));
  }

  async #answerLater(refusal: Promise<Error | null>, callback: HookCallback): Promise<void> {
    callback(await refusal);
  }

  async #answerData(hook: Hook, sink: MessageSink, callback: DataCallback): Promise<void> {
    const { error, message } = await receiveMessage(hook, sink);
    callback(error, message);
  }

  override onData(_stream: SMTPServerDataStream, session: SMTPServerSession, callback: DataCallback): void {
    const hook = { server: this, session };
    const sink = this.#connectionOf.get(session)?.sink;
    if (!sink) return callback(trouble(hook, new Error('DATA without a connection')));
    void this.#answerData(hook, sink, callback);
  }
}
