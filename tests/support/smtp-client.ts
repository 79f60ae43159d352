// A client that says exactly what a test wants, byte by byte, and collects whole replies.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';

/** A wedged test must fail, not hang. */
const patience = 20_000;

/** One SMTP connection. */
export class SmtpClient {
  socket: Socket;
  #text = '';
  #isClosed = false;
  #wake: () => void = () => undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    this.#listen(socket);
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('latin1');
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  /** The next whole reply, all its lines; '' when the connection closed instead. */
  async reply(milliseconds = patience): Promise<string> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const match = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\r?\n/.exec(this.#text);
      if (match) {
        this.#text = this.#text.slice(match[0].length);
        return match[0].trimEnd();
      }
      if (this.#isClosed) return '';
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`No reply in ${milliseconds} ms; so far: ${JSON.stringify(this.#text)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Sends one line and gives its reply. */
  say(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  write(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** Waits for the other side to close; true if it did. */
  async closes(milliseconds = patience): Promise<boolean> {
    const deadline = performance.now() + milliseconds;
    while (!this.#isClosed && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    return this.#isClosed;
  }

  /** STARTTLS, handshake, and the TLS socket, for looks at its certificate. */
  async startTls(options: ConnectionOptions = {}): Promise<TLSSocket> {
    const ready = await this.say('STARTTLS');
    if (!ready.startsWith('220')) throw new Error(`STARTTLS was answered ${ready}`);
    return this.handshake(options);
  }

  async handshake(options: ConnectionOptions = {}): Promise<TLSSocket> {
    this.socket.removeAllListeners('data');
    const secure = connectTls({ socket: this.socket, rejectUnauthorized: false, ...options });
    await once(secure, 'secureConnect');
    this.socket = secure;
    this.#listen(secure);
    return secure;
  }

  /** One whole message; gives the last reply, which is the first refusal where there is one. */
  async sendMail(mail: { from?: string; to?: string[]; body?: string }): Promise<string> {
    const { from = 'a@client.test', to = ['b@mx.test'], body = 'Subject: test\r\n\r\nHello\r\n' } = mail;
    const sender = await this.say(`MAIL FROM:<${from}>`);
    if (!sender.startsWith('250')) return sender;
    const giveUp = async (answer: string): Promise<string> => {
      await this.say('RSET');
      return answer;
    };
    let refused = '';
    let taken = 0;
    for (const each of to) {
      const answer = await this.say(`RCPT TO:<${each}>`);
      if (answer.startsWith('250')) taken += 1;
      else refused ||= answer;
    }
    if (taken === 0) return giveUp(refused);
    const ready = await this.say('DATA');
    if (!ready.startsWith('354')) return giveUp(ready);
    this.write(`${body}.\r\n`);
    return this.reply();
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Connects; `from` is the local address, any of 127.0.0.0/8. */
export async function connectSmtp(port: number, route: { host?: string; from?: string } = {}): Promise<SmtpClient> {
  const { host = '127.0.0.1', from } = route;
  const socket = connect({ host, port, noDelay: true, ...(from === undefined ? {} : { localAddress: from }) });
  const client = new SmtpClient(socket);
  await once(socket, 'connect');
  return client;
}

/** Connects, reads the banner and says EHLO. */
export async function greetedClient(port: number, route: { host?: string; from?: string } = {}): Promise<SmtpClient> {
  const client = await connectSmtp(port, route);
  const banner = await client.reply();
  if (!banner.startsWith('220')) throw new Error(`Greeted with ${banner}`);
  await client.say('EHLO client.test');
  return client;
}
