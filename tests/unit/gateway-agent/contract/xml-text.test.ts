// The strict reader of XML: what it takes, and that everything dangerous or broken is refused with its line.
import { describe, expect, it } from 'vitest';
import { parseXml } from '#contract/xml-text';

function problemOf(text: string): string {
  const read = parseXml(text);
  return read.ok ? 'none' : read.problem.message;
}

describe('parseXml', () => {
  it('reads elements, attributes, text, comments and the five entities', () => {
    const read = parseXml(
      `\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<!-- <a> & -- b -->\n<root a="1" b='"&lt;"'>\n  <leaf/>x &amp; y<b.c-d\n key = "v">&gt;</b.c-d>\n</root>\n<!-- end -->\n`,
    );

    expect(read).toMatchObject({
      ok: true,
      value: {
        name: 'root',
        line: 3,
        children: [
          { name: 'leaf', line: 4, children: [], text: '' },
          { name: 'b.c-d', line: 4, text: '>', attributes: new Map([['key', 'v']]) },
        ],
        attributes: new Map([
          ['a', '1'],
          ['b', '"<"'],
        ]),
      },
    });
    expect(read.ok && read.value.text.trim()).toBe('x & y');
  });

  it.each([
    ['', 'The file holds no XML element.'],
    ['just text', 'Line 1: There is text outside of the root element.'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'Line 1: A document type (DOCTYPE) is not taken.'],
    ['<a>\n<![CDATA[x]]></a>', 'Line 2: Only elements and comments are taken.'],
    ['<a><?php x ?></a>', 'Line 1: Only elements and comments are taken.'],
    ['<a>&nbsp;</a>', 'Line 1: Only &lt; &gt; &amp; &quot; and &apos; are taken as entities.'],
    ['<a>&#65;</a>', 'Line 1: Only &lt; &gt; &amp; &quot; and &apos; are taken as entities.'],
    ['<a>&lt</a>', 'Line 1: Only &lt; &gt; &amp; &quot; and &apos; are taken as entities.'],
    ['<a>&constructor;</a>', 'Line 1: Only &lt; &gt; &amp; &quot; and &apos; are taken as entities.'],
    ['<a b="&x;"/>', 'Line 1: Only &lt; &gt; &amp; &quot; and &apos; are taken as entities.'],
    ['<a b="1" b="2"/>', 'Line 1: The attribute b is given twice.'],
    ['<a b=1/>', 'Line 1: A tag is not well-formed.'],
    ['<a b="<"/>', 'Line 1: A tag is not well-formed.'],
    ['<a\n', 'Line 1: A tag is not well-formed.'],
    ['<a>\n<b>\n</a>', 'Line 3: A closing tag does not fit <b>.'],
    ['</a>', 'Line 1: A closing tag does not fit <?>.'],
    ['<a>\n<b></b>', 'Line 2: <a> of line 1 is not closed.'],
    ['<a/><b/>', 'Line 1: There is a second root element.'],
    ['<a/>x', 'Line 1: There is text outside of the root element.'],
    ['<a><!-- ', 'Line 1: A comment is not closed.'],
    [`${'<a>'.repeat(20)}${'</a>'.repeat(20)}`, 'Line 1: Elements are nested more than 16 deep.'],
    ['<?xml version="1.0"', 'Line 1: The XML declaration is not valid.'],
  ])('refuses %j', (text, expected) => {
    expect(problemOf(text)).toBe(expected);
  });

  it('refuses a file that is too large, and reads a large one in linear time', () => {
    expect(problemOf(' '.repeat(16 * 1024 * 1024 + 1))).toMatch(/larger than/);
    expect(problemOf(`<a>${'<b c="d">e</b>\n'.repeat(100_000)}</a>`)).toBe('none');
    expect(problemOf(`<a${' '.repeat(200_000)}`)).toBe('Line 1: A tag is not well-formed.');
    expect(problemOf(`<a>${'&'.repeat(200_000)}</a>`)).toMatch(/entities/);
  });

  it('refuses 50 million characters before it looks at them', () => {
    expect(problemOf('<a>'.padEnd(50_000_000, 'x'))).toMatch(/larger than/);
  });

  it('reads a file of a single line in linear time: a quadratic one takes a minute', () => {
    expect(problemOf(`<a>${'<b c="d">e</b><!-- f -->'.repeat(50_000)}</a>`)).toBe('none');
  });

  it.each([
    ['a million attributes of one name', `<a${' b="c"'.repeat(1_000_000)}`, /given twice/],
    ['many attributes and no end', `<a${Array.from({ length: 50_000 }, (_, at) => ` b${at}="c"`).join('')}`, /tag/],
    ['a million open elements', '<a>'.repeat(1_000_000), /nested more than 16 deep/],
    ['a million closed elements', '</a>'.repeat(1_000_000), /does not fit/],
    ['an endless value', `<a b="${'x'.repeat(1_000_000)}`, /tag/],
    ['an endless name', `<${'a'.repeat(1_000_000)}`, /tag/],
    ['blanks before a value', `<a b${' '.repeat(1_000_000)}`, /tag/],
    ['an endless declaration', `<?xml ${'x'.repeat(1_000_000)}`, /declaration/],
  ])('refuses %s without an exception', (_, text, expected) => {
    expect(problemOf(text)).toMatch(expected);
  });
});
