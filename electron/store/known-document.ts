// The YAML document behind the large text that was read or written last. Of saving thousands of routes nearly all the
// time goes into parsing: the text that is there, to write into it, and the new one, as soon as it is read back.
import { LineCounter, parseDocument, type Document } from 'yaml';

/** `lines` is null for a document that was written: its nodes do not know where they stand. */
export type KnownDocument = { document: Document; lines: LineCounter | null };

/** A smaller one is parsed within 50 ms (measured: 1 MB takes a second). */
const smallestKept = 50_000;

/** One for 9,000 routes holds 50 MB, so there is one, and not for longer than somebody works on it. */
const keptMilliseconds = 300_000;

let known: (KnownDocument & { text: string }) | null = null;
let forgetting: NodeJS.Timeout | undefined;

/** The document of this text; not to be changed. */
export function openDocument(text: string): KnownDocument {
  if (known?.text === text) {
    keepDocument(text, known);
    return known;
  }
  const opened = parse(text);
  if (opened.document.errors.length === 0) keepDocument(text, opened);
  return opened;
}

/** The document of this text for the caller alone, who may change it. */
export function takeDocument(text: string): Document {
  if (known?.text !== text) return parse(text).document;
  const { document } = known;
  forgetDocument();
  return document;
}

/** Remembers what a text would be parsed to. */
export function keepDocument(text: string, { document, lines }: KnownDocument): void {
  if (text.length < smallestKept) return;
  known = { text, document, lines };
  clearTimeout(forgetting);
  forgetting = setTimeout(forgetDocument, keptMilliseconds).unref();
}

/** Lets go of it: the next look at the same text parses it. */
export function forgetDocument(): void {
  clearTimeout(forgetting);
  known = null;
}

function parse(text: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter();
  return { document: parseDocument(text, { lineCounter: lines, prettyErrors: false }), lines };
}
