// Text from a server, a gateway or a shared folder, made harmless for a terminal and a screen.

/** C0 without the line feed, DEL, C1, and the characters that turn the direction of a line. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/g;

/** The text without what a terminal would obey; line feeds stay. */
export function plainText(text: string): string {
  return text.replace(obeyed, ' ');
}
