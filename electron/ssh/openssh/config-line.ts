// One line of ssh_config(5), taken apart as OpenSSH does it (readconf.c, misc.c: argv_split). The npm parsers end a
// value at any `#`, know no single quotes and keep one of two equal criteria, so their answer differs from `ssh -G`.

/** A setting with its values; `rest` is what stands behind the keyword, for values that are a command. */
export type ConfigLine = { keyword: string; values: string[]; rest: string };

/** Null for an empty line or a comment. A quote that never ends is a reason in words. */
export function parseConfigLine(rawLine: string): ConfigLine | { problem: string } | null {
  const line = rawLine.replace(/[\s\f]+$/, '').replace(/^\s+/, '');
  if (line === '' || line.startsWith('#')) return null;
  const [, quoted, plain = '', rest = ''] = /^(?:"([^"]*)"|([^\s=]*))(?:\s*=\s*|\s+|$)(.*)$/.exec(line) ?? [];
  const values = splitWords(rest);
  return values === null
    ? { problem: 'a quote has no end' }
    : { keyword: (quoted ?? plain).toLowerCase(), values, rest };
}

/** Words with quotes taken off; a `#` that starts a word starts a comment. Null: a quote has no end. */
function splitWords(text: string): string[] | null {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ' || text[at] === '\t') at += 1;
    else if (text[at] === '#') break;
    else {
      const word = readWord(text, at);
      if (word === null) return null;
      words.push(word.word);
      at = word.end;
    }
  }
  return words;
}

function readWord(text: string, start: number): { word: string; end: number } | null {
  let word = '';
  let quote = '';
  let at = start;
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (char === '\\' && (/^["'\\]$/.test(next) || (quote === '' && next === ' '))) {
      word += next;
      at += 1;
    } else if (quote === '' && (char === ' ' || char === '\t')) break;
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    else word += char;
  }
  return quote === '' ? { word, end: at } : null;
}
