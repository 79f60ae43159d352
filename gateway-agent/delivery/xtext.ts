// RFC 3461 §4: the encoding of DSN parameters. Pure.

/** Everything but printable ASCII without `+` and `=` becomes `+XX`. Characters are octets, which is how they came. */
export function encodeXtext(text: string): string {
  return text.replace(/[^!-*,-<>-~]/g, encodeOctet);
}

/** The same for the fields of a notice, where only what is no ASCII would do harm. */
export function encodeBeyondAscii(text: string): string {
  return text.replace(/[^\u0020-\u007e]/g, encodeOctet);
}

function encodeOctet(character: string): string {
  return `+${Buffer.from(character, 'latin1').toString('hex').toUpperCase()}`;
}
