// Makes message content ready for the next hop, chunk by chunk: dots are stuffed, and what a next hop could read
// differently from us (NUL, bare CR or LF, over-long lines), or a loop, ends the message. Pure.
import type { Verdict } from './verdict.ts';

/** RFC 5321 §4.5.3.1.6: 1000 octets with CRLF. */
const maxLineBytes = 998;

/** RFC 5321 §6.3 asks for a limit of at least 100 hops in theory; Postfix' hopcount_limit of 50 is what is usual. */
const maxReceived = 50;

/** Ten times Postfix' header_size_limit. */
const maxHeaderBytes = 1_024_000;

const [NUL, LF, CR, DOT] = [0x00, 0x0a, 0x0d, 0x2e];
const endOfHeader = '\r\n\r\n';

/** Encodes one message. Once `problem` is set the message must not be completed. */
export class MessageEncoder {
  problem: Verdict | null = null;
  #header: string | null = '';
  #lineBytes = 0;
  #last = LF; // a message starts at the start of a line

  /** The chunk as it goes over the wire. */
  push(chunk: Buffer): Buffer {
    this.#inspect(chunk);
    const encoded = this.#stuffDots(chunk);
    this.#last = chunk.at(-1) ?? this.#last;
    return encoded;
  }

  /** What remains to be sent: the final dot, or null when the message has a problem. */
  finish(): Buffer | null {
    if (this.#last === CR) this.#refuse('5.6.0', 'Bare CR in the message');
    if (this.#header !== null) this.#judgeHeader(this.#header);
    if (this.problem) return null;
    return Buffer.from(this.#last === LF ? '.\r\n' : '\r\n.\r\n');
  }

  #refuse(enhanced: string, text: string, code = 550): void {
    this.problem ??= { code, enhanced, text };
  }

  #inspect(chunk: Buffer): void {
    if (this.problem) return;
    if (chunk.includes(NUL)) this.#refuse('5.6.0', 'NUL byte in the message');
    if (this.#last === CR && chunk.length > 0 && chunk[0] !== LF) this.#refuse('5.6.0', 'Bare CR in the message');
    for (let at = chunk.indexOf(CR); at !== -1 && at < chunk.length - 1; at = chunk.indexOf(CR, at + 1)) {
      if (chunk[at + 1] !== LF) this.#refuse('5.6.0', 'Bare CR in the message');
    }
    this.#inspectLines(chunk);
    if (this.#header !== null) this.#collectHeader(chunk);
  }

  #inspectLines(chunk: Buffer): void {
    let start = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, start)) {
      const before = at > 0 ? chunk[at - 1] : this.#last;
      if (before !== CR) this.#refuse('5.6.0', 'Bare LF in the message');
      this.#judgeLine(this.#lineBytes + at - start - 1);
      this.#lineBytes = 0;
      start = at + 1;
    }
    this.#lineBytes += chunk.length - start;
    this.#judgeLine(this.#lineBytes - 1); // its last byte may be the CR
  }

  #judgeLine(bytes: number): void {
    if (bytes > maxLineBytes) this.#refuse('5.6.0', `Line over ${maxLineBytes} octets in the message`);
  }

  #collectHeader(chunk: Buffer): void {
    const searchFrom = Math.max(0, (this.#header?.length ?? 0) - endOfHeader.length);
    const header = this.#header + chunk.toString('latin1');
    const end = header.startsWith('\r\n') ? 0 : header.indexOf(endOfHeader, searchFrom);
    if (end === -1 && header.length <= maxHeaderBytes) {
      this.#header = header;
      return;
    }
    this.#header = null;
    this.#judgeHeader(end === -1 ? header : header.slice(0, end));
  }

  #judgeHeader(header: string): void {
    if (header.length > maxHeaderBytes) this.#refuse('5.3.4', 'Message header is too large', 552);
    const received = header.match(/^received:/gim)?.length ?? 0;
    if (received > maxReceived) this.#refuse('5.4.6', 'Too many hops, this message goes round in circles', 554);
  }

  #stuffDots(chunk: Buffer): Buffer {
    const pieces: Buffer[] = [];
    let start = 0;
    for (let at = chunk.indexOf(DOT); at !== -1; at = chunk.indexOf(DOT, at + 1)) {
      if ((at > 0 ? chunk[at - 1] : this.#last) !== LF) continue;
      pieces.push(chunk.subarray(start, at), Buffer.from('.'));
      start = at;
    }
    return pieces.length === 0 ? chunk : Buffer.concat([...pieces, chunk.subarray(start)]);
  }
}
