// The one smtp-server instance of the daemon. It never listens and never reloads: listeners hand their sockets to
// `connect`, and `obey` swaps the settings that every session reads, so one counter covers all listeners.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server/lib/types';
import { GatewayConnection, shuttingDown } from './gateway-connection.ts';
import { beginMessage, judgeRecipient, relayMessage } from './session-hooks.ts';
import type { RelayLine, SmtpReports, SmtpSettings } from './smtp-settings.ts';

/** AUTH: there are no users. The rest are the library's jokes (WIZ answers 200) and proxy commands. */
const neverSupported = ['AUTH', 'WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD', 'HELP'];

/** RFC 5321 §4.5.3.1.4 asks for 512 octets; parameters of extensions add to it. */
const maxCommandLength = 2048;

/** The library's own timer restarts on every byte, so it is set out of the way: 2^31 - 1, the longest Node takes. */
const never = 2_147_483_647;

type HookCallback = (error?: Error | null) => void;
type DataCallback = (error?: Error | null, message?: string) => void;

/** Receives mail over sockets that the door let in. */
export class GatewayServer extends SMTPServer {
  settings: SmtpSettings;
  readonly reports: SmtpReports;
  peakConnections = 0;
  readonly #open = new Set<GatewayConnection>();
  readonly #relays = new WeakMap<SMTPServerSession, { relay: RelayLine; settings: SmtpSettings }>();
  readonly #openRelays = new Set<RelayLine>();
  readonly #connectionOf = new WeakMap<SMTPServerSession, GatewayConnection>();

  constructor(settings: SmtpSettings, reports: SmtpReports) {
    super({
      logger: false,
      disableReverseLookup: true, // no DNS before connection control, and none that a client could slow us down with
      hideENHANCEDSTATUSCODES: false,
      hideSMTPUTF8: true,
      rejectOversized: true,
      disabledCommands: [...neverSupported, 'STARTTLS'],
      socketTimeout: never,
      maxCommandLength,
      heloResponse: '%s',
    });
    this.settings = settings;
    this.reports = reports;
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
    for (const relay of this.#openRelays) relay.abort();
    for (const connection of this.connections) connection._socket.destroy();
  }

  /** The session's way to the next hop. A new message follows the settings in force, one under way keeps its own. */
  relayOf(session: SMTPServerSession, isNewMessage = false): RelayLine {
    const known = this.#relays.get(session);
    if (known && !(isNewMessage && known.settings !== this.settings)) return known.relay;
    if (known) this.#closeRelay(session);
    const opened = { relay: this.settings.openRelay(), settings: this.settings };
    this.#relays.set(session, opened);
    this.#openRelays.add(opened.relay);
    return opened.relay;
  }

  #closeRelay(session: SMTPServerSession): void {
    const known = this.#relays.get(session);
    if (!known) return;
    known.relay.close();
    this.#relays.delete(session);
    this.#openRelays.delete(known.relay);
  }

  /** Drops a message that was begun and not finished. */
  forgetMessage(session: SMTPServerSession): void {
    this.#relays.get(session)?.relay.reset();
  }

  override onConnect(_session: SMTPServerSession, callback: HookCallback): void {
    callback(); // at once: the door has decided, and a session that is not ready cuts early talkers
  }

  override onMailFrom(address: SMTPServerAddress, session: SMTPServerSession, callback: HookCallback): void {
    callback(beginMessage({ server: this, session }, address));
  }

  override onRcptTo(address: SMTPServerAddress, session: SMTPServerSession, callback: HookCallback): void {
    void this.#answer(async () =>
      callback(this.#mark(session, await judgeRecipient({ server: this, session }, address))),
    );
  }

  override onData(stream: SMTPServerDataStream, session: SMTPServerSession, callback: DataCallback): void {
    void this.#answer(async () => {
      const { error, message } = await relayMessage({ server: this, session }, stream);
      callback(this.#mark(session, error), message);
    });
  }

  /** The hooks never fail; a failure in here is the library's, and ends one session's turn instead of the daemon. */
  async #answer(turn: () => Promise<void>): Promise<void> {
    try {
      await turn();
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }

  #mark(session: SMTPServerSession, error: (Error & { isElsewhere?: boolean }) | null): Error | null {
    const connection = this.#connectionOf.get(session);
    if (connection && error?.isElsewhere) connection.refusedElsewhere = true;
    return error;
  }

  override onClose(session: SMTPServerSession): void {
    this.#closeRelay(session);
  }
}
