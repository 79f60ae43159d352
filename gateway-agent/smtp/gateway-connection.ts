// One SMTP session: smtp-server's connection without its traps. It greets at once, cuts idle and dripping clients,
// counts junk and errors, refuses what must not pass before TLS, and writes the replies to a pipeline in one go.
import type { Socket } from 'node:net';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection';
import { decideTls } from '../policy/decide-tls.ts';
import { ContentParser } from './content-parser.ts';
import type { GatewayServer } from './gateway-server.ts';
import { judgeCommand, readPath } from './judge-command.ts';
import type { MessageSink } from './message-sink.ts';
import { newReference, type Reply } from './refuse.ts';

/** Errors of one client before it is cut: Postfix' smtpd_hard_error_limit. */
const maxErrors = 20;

/** Commands that move no message forward: Postfix' smtpd_junk_command_limit. */
const maxJunkCommands = 100;
const usefulCommands = new Set(['MAIL', 'RCPT', 'DATA', 'STARTTLS', 'QUIT']);

/** A message must grow by one such block within the time-out; slower is dripping. Postern's own number. */
const blockBytes = 4096;

const reference = /\([A-Z2-9]{8}\)$/;
const lineTooLong = 'Error: Command line too long'; // the library's words

/** Said at the end of the daemon, which refuses nobody. */
export const shuttingDown = '4.3.2 Shutting down';

/** Which limit or rule stands behind a reply that is written here or by the library. */
const ruleOfReply: Record<string, string> = {
  '421 4.4.2': 'idle-timeout',
  '421 4.7.0': 'too-many-commands',
  '452 4.5.3': 'recipient-limit',
  '530 5.7.0': 'tls-requirement',
  '552 5.3.4': 'message-size',
};

const enhancedCode = /^[245]\.\d{1,3}\.\d{1,3}( |$)/;

/** Finds no recipient again, so that each RCPT is kept; real repetitions are left out when the message is stored. */
class ForgetfulIndex extends Map<string, number> {
  override set(): this {
    return this;
  }
}
const nobodyTwice = new ForgetfulIndex();

/** A session of the gateway. Its deadline restarts with every reply, never with a byte. */
export class GatewayConnection extends SMTPConnection {
  /** Messages and octets that were taken from this client. */
  readonly brought = { messages: 0, bytes: 0 };
  #timer: NodeJS.Timeout | undefined;
  #waitingSince = performance.now();
  #bytesAtMark = 0;
  #errors = 0;
  #junkCommands = 0;
  #isCorked = false;

  /** The library would draw a random name for its log, which is off, and ask the kernel for the local end, which nobody reads. */
  constructor(server: GatewayServer, socket: Socket) {
    super(server, socket, { id: 'session', localAddress: 'not-asked', localPort: 1 });
  }

  get #gateway(): GatewayServer {
    return this._server as GatewayServer;
  }

  override _createParser(): ContentParser {
    const parser = new ContentParser({ maxCommandLength: this._server.options.maxCommandLength });
    parser.oncommand = (command, callback) => this._onCommand(command, callback);
    parser.on('error', (error) => this.send(421, `Error: ${error.message}`));
    return parser;
  }

  /** Where the content of the message under way goes. */
  get sink(): MessageSink | null {
    return this._parser instanceof ContentParser ? this._parser.sink : null;
  }

  /** The library waits 100 ms here for clients that talk too soon, which caps the rate of sessions. */
  override init(): void {
    this._socket.setDefaultEncoding('latin1'); // replies are ASCII, and this encoding is the cheaper one
    this._setListeners(() => {
      this.connectionReady();
      this.armDeadline();
    });
  }

  /** Starts the deadline anew with the time-out in force now. */
  armDeadline(): void {
    clearTimeout(this.#timer);
    const limit = this.#gateway.settings.idleTimeoutMilliseconds;
    const waited = performance.now() - this.#waitingSince;
    this.#timer = setTimeout(() => this.#judgeProgress(), Math.max(1, limit - waited));
    this.#timer.unref();
  }

  /** The client owes us a whole command line or a block of message; bytes alone buy it no time. */
  #judgeProgress(): void {
    if (this._closing || this._closed) return;
    const stream = this._dataStream;
    const parser = this._parser;
    const isReceiving = parser !== false && parser._dataMode;
    const bytes = parser === false ? 0 : parser.dataBytes;
    const waitsForUs = this._handlerPending || (stream && (!isReceiving || stream.writableNeedDrain));
    const hasGrown = isReceiving && bytes - this.#bytesAtMark >= blockBytes;
    if (waitsForUs || hasGrown) this.#markProgress(bytes);
    const waited = performance.now() - this.#waitingSince;
    if (waited < this.#gateway.settings.idleTimeoutMilliseconds) return this.armDeadline();
    this.send(421, '4.4.2 Idle for too long, closing the connection');
    if (stream) stream.destroy(); // whoever reads it must not wait for the socket to close
  }

  #markProgress(bytes: number): void {
    this.#bytesAtMark = bytes;
    this.#waitingSince = performance.now();
  }

  override _onCommand(command: Buffer, callback?: () => void): void {
    if (this._upgrading || this._closing || !this._ready) return super._onCommand(command, callback);
    const name = commandName(command);
    if (!usefulCommands.has(name) && ++this.#junkCommands >= maxJunkCommands) {
      return this.send(421, '4.7.0 Too many commands without a message');
    }
    const refusal = judgeCommand(name, command) ?? this.#judgeTls(name);
    if (!refusal) return super._onCommand(command, callback);
    this.send(refusal.code, `${refusal.enhanced} ${refusal.text}`);
    this._whenWritable(callback ?? (() => undefined));
  }

  #judgeTls(name: string): Reply | null {
    const decision = decideTls(this.#gateway.settings.policy.tls, { isSecure: this.secure, command: name });
    if (decision.accept) return null;
    return { code: 530, enhanced: '5.7.0', text: 'Must issue a STARTTLS command first' };
  }

  /** The library takes Bob@ and bob@ for one and drops the first; RFC 5321 §2.4 leaves that to the last server. */
  override _resetSession(): void {
    super._resetSession();
    this._rcptIndex = nobodyTwice;
  }

  /** The library decodes punycode in addresses; what is relayed must be what was sent. */
  override _parseAddressCommand(name: string, command: Buffer | string) {
    const parsed = super._parseAddressCommand(name, command);
    if (parsed && parsed.address) parsed.address = readPath(command.toString()) ?? parsed.address;
    return parsed;
  }

  /** The library asks for the limit of now; what was taken under the one of its beginning is stored and must hear so. */
  override _isOversized(bytes: number): boolean {
    return super._isOversized(bytes) && this._parser !== false && bytes > this._parser._maxBytes;
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    this.#markProgress(this._parser === false ? 0 : this._parser.dataBytes);
    if (code === 354) this.#bytesAtMark = 0;
    if (context === 'DATA_OK') this.#countMessage();
    this.#cork(code);
    if (data === lineTooLong) super.send(500, '5.5.2 Line too long', false);
    const own = typeof data === 'string' && enhancedCode.test(data) ? false : context;
    super.send(code, typeof data === 'string' ? this.#refer(code, data, context) : data, own);
    if (code < 400 || code === 421) return;
    if (++this.#errors >= maxErrors) this.send(421, '4.7.0 Too many errors');
  }

  #countMessage(): void {
    this.#junkCommands = 0;
    this.brought.messages += 1;
    this.brought.bytes += this._parser === false ? 0 : this._parser.dataBytes;
  }

  /** Every refusal carries a reference into the event log; those of the hooks have theirs already. */
  #refer(code: number, text: string, context: string | false | undefined): string {
    if (code < 400 || reference.test(text) || text === shuttingDown) return text;
    const ref = newReference();
    const enhanced = enhancedCode.exec(text)?.[0].trim() ?? this._getEnhancedStatusCode(code, context);
    const reply = `${code} ${enhanced}`.trim();
    const rule = ruleOfReply[reply] ?? 'protocol';
    this.#gateway.reports.record({ event: 'refused', ref, peer: this.remoteAddress, rule, reply, reason: text });
    return `${text} (${ref})`;
  }

  /** A write is the dearest part of a session, so the replies of one turn of the loop share one. */
  #cork(code: number): void {
    const socket = this._socket;
    if (code === 220) return socket.uncork(); // the TLS handshake takes the socket over within this very tick
    if (this.#isCorked) return;
    this.#isCorked = true;
    socket.cork();
    setImmediate(() => {
      this.#isCorked = false;
      socket.uncork();
    });
  }

  /**
   * Good-bye in clear needs no half-closed socket that waits for the client's end: that costs three system calls, and an
   * error with its stack for each client that has gone already. All that was received is read by now, so nothing is reset.
   */
  override handler_QUIT(command: Buffer, callback: () => void): void {
    if (this.secure) return super.handler_QUIT(command, callback);
    const socket = this._socket;
    this.send(221, 'Bye');
    if (this._parser) this._parser.isClosed = true; // nothing behind QUIT is a command
    setImmediate(() => (socket.writableLength === 0 ? socket.destroy() : this.close()));
    callback();
  }

  override close(): void {
    this.#gateway.release(this);
    super.close();
  }

  override _onClose(): void {
    this.#gateway.release(this);
    clearTimeout(this.#timer);
    super._onClose();
  }
}

function commandName(command: Buffer): string {
  return (command.toString('latin1').split(' ', 1)[0] ?? '').trim().toUpperCase();
}
