// Judges and normalises message content while it arrives, chunk by chunk: what a server behind us could read
// differently from us is made plain (bare CR and LF become CRLF) or refused (NUL, over-long lines, loops). Pure.
import { isAscii } from 'node:buffer';
import type { Reply } from './refuse.ts';

/** RFC 5321 §4.5.3.1.6: 1000 octets with CRLF. */
const maxLineBytes = 998;

/** RFC 5321 §6.3 asks for a limit of at least 100 hops in theory; Postfix' hopcount_limit of 50 is what is usual. */
const maxReceived = 50;

/** Ten times Postfix' header_size_limit. */
const maxHeaderBytes = 1_024_000;

const [LF, CR] = [0x0a, 0x0d];
const endOfHeader = '\r\n\r\n';
const nothing = Buffer.alloc(0);

/** One message. Once `problem` is set it must not be stored. */
export class ContentNormaliser {
  problem: Reply | null = null;
  /** True once an octet above 127 was seen: such a message needs 8BITMIME (RFC 6152). */
  hasEightBit = false;
  #header: string | null = '';
  #lineBytes = 0;
  /** A CR at the end of a chunk: only the next one tells whether it is bare. */
  #holdsCr = false;
  #endsInLf = true;

  /** The chunk as it is to be stored. */
  push(chunk: Buffer): Buffer {
    if (this.problem || chunk.length === 0) return nothing;
    let content = this.#holdsCr ? Buffer.concat([Buffer.of(CR), chunk]) : chunk;
    this.#holdsCr = content.at(-1) === CR;
    if (this.#holdsCr) content = content.subarray(0, -1);
    let text = content.toString('latin1');
    if (!this.#inspectLines(text)) {
      text = text.replace(/\r\n|\r|\n/g, '\r\n');
      content = Buffer.from(text, 'latin1');
      this.#inspectLines(text);
    }
    if (!this.hasEightBit && !isAscii(content)) this.hasEightBit = true;
    if (this.#header !== null) this.#collectHeader(text);
    this.#endsInLf = content.length === 0 ? this.#endsInLf : content.at(-1) === LF;
    return content;
  }

  /** What is still to be stored, so that the last line has its end too. */
  finish(): Buffer {
    if (this.#header !== null) this.#judgeHeader(this.#header);
    return this.#holdsCr || !this.#endsInLf ? Buffer.from('\r\n') : nothing;
  }

  /** False when a bare CR or LF is inside; then nothing has been noted. A search in a string is a memchr: 3 times faster. */
  #inspectLines(text: string): boolean {
    let lineStart = -this.#lineBytes;
    let longest = 0;
    let at = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', at)) {
      if (end === 0 || text.indexOf('\r', at) !== end - 1) return false;
      longest = Math.max(longest, end - 1 - lineStart);
      at = end + 1;
      lineStart = at;
    }
    if (text.includes('\r', at)) return false;
    if (text.includes('\0')) this.#refuse({ code: 550, enhanced: '5.6.0', text: 'NUL byte in the message' });
    this.#lineBytes = text.length - lineStart;
    if (Math.max(longest, this.#lineBytes) > maxLineBytes) {
      this.#refuse({ code: 550, enhanced: '5.6.0', text: `Line over ${maxLineBytes} octets in the message` });
    }
    return true;
  }

  #refuse(reply: Reply): void {
    this.problem ??= reply;
  }

  #collectHeader(text: string): void {
    const searchFrom = Math.max(0, (this.#header?.length ?? 0) - endOfHeader.length);
    const header = this.#header + text;
    const end = header.startsWith('\r\n') ? 0 : header.indexOf(endOfHeader, searchFrom);
    if (end === -1 && header.length <= maxHeaderBytes) {
      this.#header = header;
      return;
    }
    this.#header = null;
    this.#judgeHeader(end === -1 ? header : header.slice(0, end));
  }

  #judgeHeader(header: string): void {
    if (header.length > maxHeaderBytes) {
      this.#refuse({ code: 552, enhanced: '5.3.4', text: 'Message header is too large' });
    }
    const received = header.match(/^received:/gim)?.length ?? 0;
    if (received > maxReceived) {
      this.#refuse({ code: 554, enhanced: '5.4.6', text: 'Too many hops, this message goes round in circles' });
    }
  }
}
