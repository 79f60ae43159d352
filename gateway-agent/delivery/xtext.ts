// RFC 3461 §4: the encoding of DSN parameters. Pure.

/** Everything but printable ASCII without `+` and `=` becomes `+XX`. */
export function encodeXtext(text: string): string {
  return text.replace(/[^!-*,-<>-~]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `+${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
