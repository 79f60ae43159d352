// Reads SMTP replies out of bytes from a next hop that may be hostile: sizes are capped, anything else is garbage. Pure.

/** A complete reply. `lines` hold the text behind the code. */
type HopReply = { kind: 'reply'; code: number; lines: string[] };

/** No reply, and why. */
export type HopFailure = {
  kind: 'failure';
  cause: 'unreachable' | 'closed' | 'timeout' | 'garbage' | 'tls';
  words: string;
};
export type HopAnswer = HopReply | HopFailure;

/** RFC 5321 §4.5.3.1.5 allows 512 octets a line; servers with long explanations exceed it. */
const maxLineBytes = 4096;

/** EHLO replies of known servers stay below 30 lines. */
const maxLines = 100;

/** Builds a failure. */
export function hopFailure(cause: HopFailure['cause'], words: string): HopFailure {
  return { kind: 'failure', cause, words };
}

/** Collects bytes and gives out whole replies in their order. */
export class ReplyReader {
  #rest = '';
  #lines: string[] = [];
  #code: number | null = null;

  /** True while bytes of an unfinished reply are held. */
  get isInside(): boolean {
    return this.#rest !== '' || this.#lines.length > 0;
  }

  /** Replies completed by this chunk. After a failure the connection is of no use. */
  push(chunk: Buffer): HopAnswer[] {
    const answers: HopAnswer[] = [];
    const parts = (this.#rest + chunk.toString('latin1')).split('\n');
    this.#rest = parts.pop() ?? '';
    if (this.#rest.length > maxLineBytes) return [garbage('a line without an end')];
    for (const part of parts) {
      const answer = this.#pushLine(part.replace(/\r$/, ''));
      if (answer) answers.push(answer);
      if (answer?.kind === 'failure') break;
    }
    return answers;
  }

  #pushLine(line: string): HopAnswer | null {
    const match = /^([2-5]\d\d)(?:([ -])(.*))?$/.exec(line);
    if (!match || line.length > maxLineBytes) return garbage('a line that is no SMTP reply');
    const code = Number(match[1]);
    if (this.#code !== null && this.#code !== code) return garbage('two codes in one reply');
    this.#lines.push(match[3] ?? '');
    this.#code = code;
    if (this.#lines.length > maxLines) return garbage('a reply of too many lines');
    if (match[2] === '-') return null;
    const lines = this.#lines;
    this.#lines = [];
    this.#code = null;
    return { kind: 'reply', code, lines };
  }
}

function garbage(what: string): HopFailure {
  return hopFailure('garbage', `The next hop sent ${what}`);
}
