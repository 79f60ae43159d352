// A small and strict reader of XML for the imports of the classic product. What such files never need is refused:
// document types, entities beyond the five of XML, numeric references, CDATA, instructions behind the first line.
import { done, failed, type Outcome } from './outcome.ts';

/** One element with what stands directly in it. `line` is where it begins. */
export type XmlElement = {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  text: string;
  line: number;
};

/** Postern's own limit: 10,000 rows of the classic export are about 4 MB. */
const maxCharacters = 16 * 1024 * 1024;

/** Postern's own limit: the classic export is three deep. */
const maxDepth = 16;

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const declaration = /<\?xml[^?<>]*\?>/y;
const startOfTag = /<([A-Za-z_][\w.-]*)/y;
const attribute = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const endOfTag = /\s*(\/?)>/y;
const closeTag = /<\/([A-Za-z_][\w.-]*)\s*>/y;
const malformedTag = 'A tag is not well-formed.';
const unknownEntity = 'Only &lt; &gt; &amp; &quot; and &apos; are taken as entities.';

/** Reads a document into its root element, or says in which line it is not well-formed or not taken. */
export function parseXml(rawText: string): Outcome<XmlElement> {
  const text = rawText.charCodeAt(0) === 0xfeff ? rawText.slice(1) : rawText;
  if (text.length > maxCharacters) return failed('bad-request', 'The file is larger than 16 million characters.');
  const reader = new XmlReader(text);
  const problem = reader.readAll();
  if (problem !== null) return failed('bad-request', `Line ${reader.line}: ${problem}`);
  return reader.root ? done(reader.root) : failed('bad-request', 'The file holds no XML element.');
}

/** Walks the text once; every step either moves forward or says what is wrong. */
class XmlReader {
  root: XmlElement | null = null;
  line = 1;
  readonly #text: string;
  readonly #open: XmlElement[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readAll(): string | null {
    if (this.#match(declaration) === null && this.#text.startsWith('<?')) return 'The XML declaration is not valid.';
    while (this.#at < this.#text.length) {
      const problem = this.#text[this.#at] === '<' ? this.#readMarkup() : this.#readText();
      if (problem !== null) return problem;
    }
    const unclosed = this.#open.at(-1);
    return unclosed ? `<${unclosed.name}> of line ${unclosed.line} is not closed.` : null;
  }

  #readMarkup(): string | null {
    if (this.#text.startsWith('<!--', this.#at)) return this.#skipComment();
    if (this.#text.startsWith('</', this.#at)) return this.#close();
    if (this.#text.startsWith('<!DOCTYPE', this.#at)) return 'A document type (DOCTYPE) is not taken.';
    if (this.#text.startsWith('<!', this.#at) || this.#text.startsWith('<?', this.#at)) {
      return 'Only elements and comments are taken.';
    }
    return this.#openElement();
  }

  #skipComment(): string | null {
    const end = this.#text.indexOf('-->', this.#at + 4);
    if (end < 0) return 'A comment is not closed.';
    this.#moveTo(end + 3);
    return null;
  }

  #openElement(): string | null {
    const line = this.line;
    const name = this.#match(startOfTag)?.[1];
    if (name === undefined) return malformedTag;
    const attributes = this.#readAttributes();
    if (typeof attributes === 'string') return attributes;
    const end = this.#match(endOfTag);
    if (end === null) return malformedTag;
    const element: XmlElement = { name, attributes, children: [], text: '', line };
    const parent = this.#open.at(-1);
    if (parent) parent.children.push(element);
    else if (this.root) return 'There is a second root element.';
    else this.root = element;
    if (end[1] !== '/') this.#open.push(element);
    return this.#open.length > maxDepth ? `Elements are nested more than ${maxDepth} deep.` : null;
  }

  /** One at a time: a pattern for all of them at once overflows its stack at a million. Gives what is wrong as a text. */
  #readAttributes(): ReadonlyMap<string, string> | string {
    const attributes = new Map<string, string>();
    for (let found = this.#match(attribute); found; found = this.#match(attribute)) {
      const [, name = '', double, single] = found;
      const value = decode(double ?? single ?? '');
      if (value === null) return unknownEntity;
      if (attributes.has(name)) return `The attribute ${name} is given twice.`;
      attributes.set(name, value);
    }
    return attributes;
  }

  #close(): string | null {
    const name = this.#match(closeTag)?.[1];
    const open = this.#open.pop();
    return name !== undefined && open?.name === name ? null : `A closing tag does not fit <${open?.name ?? '?'}>.`;
  }

  #readText(): string | null {
    const next = this.#text.indexOf('<', this.#at);
    const end = next < 0 ? this.#text.length : next;
    const raw = this.#text.slice(this.#at, end);
    this.#moveTo(end);
    const parent = this.#open.at(-1);
    if (!parent) return raw.trim() === '' ? null : 'There is text outside of the root element.';
    const text = decode(raw);
    if (text === null) return unknownEntity;
    parent.text += text;
    return null;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#moveTo(pattern.lastIndex);
    return found;
  }

  /** Looks at the passed piece only: a search through the rest would be quadratic for a file of one line. */
  #moveTo(end: number): void {
    const passed = this.#text.slice(this.#at, end);
    for (let at = passed.indexOf('\n'); at >= 0; at = passed.indexOf('\n', at + 1)) this.line++;
    this.#at = end;
  }
}

/** Null where an ampersand begins anything but one of the five. */
function decode(raw: string): string | null {
  let isKnown = true;
  const text = raw.replace(/&([^;&\s]*);?/g, (whole, name: string) => {
    const character = Object.hasOwn(entities, name) && whole.endsWith(';') ? entities[name] : undefined;
    isKnown &&= character !== undefined;
    return character ?? '';
  });
  return isKnown ? text : null;
}
