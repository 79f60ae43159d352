// Every released configuration shape keeps its canonical text and its revision for ever. The golden texts and hashes
// were made with another program (Python's json, sorted, and sha256sum), so they also check this one.
import { readFileSync } from 'node:fs';
import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { revisionOf } from '#certificates/hash';
import { canonicalConfig, canonicalJson, isSameJson, type Json } from '#contract/canonical-json';
import { defaultConfig, GatewayConfig } from '#contract/config';

function golden(name: string): string {
  return readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8');
}

describe('canonicalConfig', () => {
  it.each(['config-1-minimal', 'config-1-partial', 'config-1-full', 'config-1-mail'])(
    'keeps the text and the revision of %s',
    (name) => {
      const config = GatewayConfig.parse(JSON.parse(golden(`${name}.json`)));

      expect(canonicalConfig(config)).toBe(golden(`${name}.canonical`));
      expect(revisionOf(config)).toBe(golden(`${name}.revision`).trim());
    },
  );

  it('omits what equals its default, so that the default said and unsaid are one revision', () => {
    const said = GatewayConfig.parse({
      schemaVersion: 1,
      connections: { interface: { port: 25, listenOn: { kind: 'all' } }, tls: { outgoing: 'off' } },
      messageDelivery: { nextHop: null },
    });

    expect(revisionOf(said)).toBe(revisionOf(defaultConfig));
  });

  it.each(['config-1-full', 'config-1-mail'])('reads the text of %s back as the same configuration', (name) => {
    const config = GatewayConfig.parse(JSON.parse(golden(`${name}.json`)));

    expect(GatewayConfig.parse(JSON.parse(canonicalConfig(config)))).toEqual(config);
  });

  it('changes with every single field of the full configuration', () => {
    const revisions = Array.from({ length: 25 }, (_, leaf) => {
      return revisionOf(GatewayConfig.parse(changeLeaf(golden('config-1-full.json'), leaf)));
    });

    expect(new Set(revisions).size).toBe(revisions.length);
    expect(revisions).not.toContain(golden('config-1-full.revision').trim());
  });
});

describe('canonicalJson', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: 1, a: { d: null, c: [true, 'é'] } })).toBe('{"a":{"c":[true,"é"],"d":null},"b":1}');
  });

  it('writes JSON that reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const plain = JSON.stringify(value); // has no negative zero, as RFC 8785 §3.2.2.3 asks
        fc.pre(!plain.includes('__proto__'));

        expect(JSON.parse(canonicalJson(value as Parameters<typeof canonicalJson>[0]))).toEqual(JSON.parse(plain));
      }),
    );
  });
});

describe('isSameJson', () => {
  it('says what the canonical texts say', () => {
    const value = fc.jsonValue({ noUnicodeString: false }).map((each) => each as Json);
    const pair = fc.oneof(
      fc.tuple(value, value),
      value.map((each): [Json, Json] => [each, withKeysTurned(each)]),
      fc.tuple(fc.array(fc.constantFrom(0, '', null, false)), fc.array(fc.constantFrom(0, '', null, false))),
    );
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(isSameJson(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
      }),
    );
    expect(isSameJson({ a: [{ b: 1, c: null }] }, { a: [{ c: null, b: 1 }] })).toBe(true);
    expect(isSameJson({ a: null }, { b: null })).toBe(false);
  });
});

/** The same value, its keys in the other order. */
function withKeysTurned(value: Json): Json {
  if (Array.isArray(value)) return value.map(withKeysTurned);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, withKeysTurned(member)] as const);
  return Object.fromEntries(members.toReversed());
}

/** The document with its nth value replaced by another valid one; the schema fixes paths, kinds and the version. */
function changeLeaf(text: string, leaf: number): unknown {
  let seen = 0;
  return JSON.parse(text, (key, value: unknown) => {
    const isFixed = typeof value === 'object' || ['path', 'kind', 'schemaVersion'].includes(key);
    return isFixed || seen++ !== leaf ? value : another(value);
  });
}

function another(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (value === 'deny-except') return 'accept-except';
  if (value === 'required') return 'off';
  const text = String(value);
  return text.endsWith('1')
    ? `${text.slice(0, -1)}2`
    : `${text.slice(0, -1)}${text.endsWith('7') ? '8' : /[a-z]$/.test(text) ? 'z' : '7'}`;
}
