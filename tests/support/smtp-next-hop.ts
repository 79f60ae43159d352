// A next hop that does as it is told: takes mail and keeps it, or refuses, hangs, lies or drops at any stage.
import { createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

/** One message as it arrived, dots unstuffed. */
export type ReceivedMessage = { from: string; to: string[]; content: string; isSecure: boolean };

/** What to answer instead of the usual; `hang` answers nothing, `drop` closes. A function may look at the command. */
type Reaction = string | ((line: string) => string | undefined);
export type Stage = 'greeting' | 'EHLO' | 'STARTTLS' | 'MAIL' | 'RCPT' | 'DATA' | 'dot';

export type NextHopWish = {
  reactions?: Partial<Record<Stage, Reaction>>;
  extensions?: string[];
  tls?: { certificate: string; privateKey: string };
};

export class TestNextHop {
  readonly messages: ReceivedMessage[] = [];
  readonly commands: string[] = [];
  connections = 0;
  /** The last answer was a 2yz. */
  #isTaken = false;
  wish: NextHopWish;
  /** With Nagle's algorithm every second answer would wait 40 ms for an acknowledgement. */
  readonly #server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();

  constructor(wish: NextHopWish) {
    this.wish = wish;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** As a gateway's configuration names it. */
  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: this.port };
  }

  /** Closes what is open, as a next hop does that has waited long enough. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Waits until so many messages have arrived, and gives them. */
  async received(count: number, milliseconds = 20_000): Promise<ReceivedMessage[]> {
    const deadline = performance.now() + milliseconds;
    while (this.messages.length < count) {
      if (performance.now() > deadline) {
        throw new Error(`${this.messages.length} instead of ${count} messages arrived: ${this.commands.join(' | ')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.messages;
  }

  async close(): Promise<void> {
    this.dropAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    this.#answer(socket, 'greeting', { usual: '220 hop.test ESMTP' });
    this.#talk(socket, false);
  }

  /** Writes the reply of a stage; false when the dialogue must not go on. */
  #answer(socket: Socket, stage: Stage, { line = '', usual }: { line?: string; usual: string }): boolean {
    const reaction = this.wish.reactions?.[stage];
    const reply = (typeof reaction === 'function' ? reaction(line) : reaction) ?? usual;
    if (reply === 'hang')
      socket.removeAllListeners('data').resume(); // it hears nothing any more
    else if (reply === 'drop') socket.destroy();
    else socket.write(`${reply}\r\n`);
    this.#isTaken = reply.startsWith('2');
    return reply.startsWith('2') || reply.startsWith('3');
  }

  #talk(socket: Socket, isSecure: boolean): void {
    let text = '';
    let envelope: ReceivedMessage = { from: '', to: [], content: '', isSecure };
    let inData = false;
    let hasMail = false;
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (;;) {
        if (socket.listenerCount('data') === 0) return;
        const end = inData ? text.indexOf('\r\n.\r\n') : text.indexOf('\r\n');
        const isEmptyMessage = inData && text.startsWith('.\r\n');
        if (end === -1 && !isEmptyMessage) return;
        if (inData) {
          const content = isEmptyMessage ? '' : text.slice(0, end + 2);
          text = text.slice(isEmptyMessage ? 3 : end + 5);
          inData = false;
          envelope.content = content.replace(/^\.\./, '.').replaceAll('\r\n..', '\r\n.');
          this.#isTaken = false;
          this.#answer(socket, 'dot', { usual: '250 2.0.0 queued as 1' });
          if (this.#isTaken) this.messages.push(envelope);
          envelope = { from: '', to: [], content: '', isSecure };
          hasMail = false;
          continue;
        }
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        this.commands.push(line);
        const verb = (line.split(/[ :]/)[0] ?? '').toUpperCase();
        if (verb === 'STARTTLS' && this.wish.tls) {
          if (this.#answer(socket, 'STARTTLS', { line, usual: '220 2.0.0 go ahead' })) this.#upgrade(socket);
          return;
        }
        if (verb === 'MAIL') {
          hasMail = this.#answer(socket, 'MAIL', { line, usual: '250 2.1.0 ok' });
          envelope.from = /<(.*?)>/.exec(line)?.[1] ?? '';
        } else if (verb === 'RCPT' && !hasMail) {
          socket.write('503 5.5.1 no sender\r\n');
        } else if (verb === 'RCPT' && this.#answer(socket, 'RCPT', { line, usual: '250 2.1.5 ok' })) {
          envelope.to.push(/<(.*?)>/.exec(line)?.[1] ?? '');
        } else if (verb === 'DATA' && envelope.to.length === 0) {
          socket.write('503 5.5.1 no recipients\r\n');
        } else if (verb === 'DATA') {
          inData = this.#answer(socket, 'DATA', { line, usual: '354 go ahead' });
        } else if (verb === 'EHLO') {
          const extensions = this.wish.extensions ?? ['8BITMIME', 'SIZE 52428800', 'PIPELINING'];
          const offered = this.wish.tls && !isSecure ? [...extensions, 'STARTTLS'] : extensions;
          const lines = ['hop.test', ...offered];
          const usual = lines.map((each, at) => `250${at === lines.length - 1 ? ' ' : '-'}${each}`).join('\r\n');
          this.#answer(socket, 'EHLO', { line, usual });
        } else if (verb === 'RSET') {
          envelope = { from: '', to: [], content: '', isSecure };
          hasMail = false;
          socket.write('250 2.0.0 ok\r\n');
        } else if (verb === 'HELO' || verb === 'NOOP') socket.write('250 2.0.0 ok\r\n');
        else if (verb === 'QUIT') socket.end('221 2.0.0 bye\r\n');
      }
    });
  }

  #upgrade(socket: Socket): void {
    const { certificate = '', privateKey = '' } = this.wish.tls ?? {};
    socket.removeAllListeners('data');
    const secureContext = createSecureContext({ cert: certificate, key: privateKey });
    const secure = new TLSSocket(socket, { isServer: true, secureContext });
    secure.on('error', () => undefined);
    this.#talk(secure, true);
  }
}

/** A next hop on a free port of 127.0.0.1. */
export async function startNextHop(wish: NextHopWish = {}): Promise<TestNextHop> {
  const hop = new TestNextHop(wish);
  await hop.listen();
  return hop;
}
