// Makes stored content ready for the wire: a dot more in front of every line that starts with one (RFC 5321 §4.5.2).
// The content is normalised already: every LF follows a CR. Pure.

const [LF, DOT] = [0x0a, 0x2e];
const dot = Buffer.from('.');
const lineThenDot = Buffer.from('\n.');

/** The end of a message; stored content always ends with a line end. */
export const finalDot = Buffer.from('.\r\n');

/** Stuffs one message, chunk by chunk. */
export class DotStuffer {
  #last = LF; // a message starts at the start of a line

  /** The pieces to send for this chunk; nothing is copied. */
  push(chunk: Buffer): Buffer[] {
    if (chunk.length === 0) return [];
    const pieces: Buffer[] = [];
    let start = 0;
    if (this.#last === LF && chunk[0] === DOT) pieces.push(dot);
    for (let at = chunk.indexOf(lineThenDot); at !== -1; at = chunk.indexOf(lineThenDot, at + 1)) {
      pieces.push(chunk.subarray(start, at + 1), dot);
      start = at + 1;
    }
    pieces.push(chunk.subarray(start));
    this.#last = chunk.at(-1) ?? this.#last;
    return pieces;
  }
}
