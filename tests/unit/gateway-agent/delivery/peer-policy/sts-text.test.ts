import { describe, expect, it } from 'vitest';
import {
  namesServer,
  readStsPolicy,
  readStsRecord,
} from '../../../../../gateway-agent/delivery/peer-policy/sts-text.ts';

const policy = (...lines: string[]) =>
  readStsPolicy(['version: STSv1', 'mode: enforce', 'max_age: 86400', ...lines].join('\n'));

describe('readStsRecord', () => {
  it.each([
    [['v=STSv1; id=20160831085700Z;'], '20160831085700Z'],
    [['v=STSv1;id=1'], '1'],
    [['v=STSv1 ; extra=x; id=abc; more=1'], 'abc'],
    [['v=spf1 -all', 'v=STSv1; id=2;'], '2'],
    [['v=STSv1; id=1;', 'v=STSv1; id=2;'], null],
    [['v=STSv1; id=;'], null],
    [['v=STSv1; id=has-dash;'], null],
    [[`v=STSv1; id=${'a'.repeat(33)};`], null],
    [['v=STSv10; id=1;'], null],
    [[], null],
  ])('reads %j as %j', (texts, id) => {
    expect(readStsRecord(texts)).toBe(id);
  });
});

describe('readStsPolicy', () => {
  it('takes the policy of RFC 8461 §3.2, with either line end', () => {
    const lines = ['version: STSv1', 'mode: enforce', 'mx: mail.example.com', 'mx: *.example.net', 'max_age: 604800'];
    const expected = { mode: 'enforce', mx: ['mail.example.com', '*.example.net'], maxAgeSeconds: 604_800 };

    expect(readStsPolicy(lines.join('\r\n'))).toEqual(expected);
    expect(readStsPolicy(`${lines.join('\n')}\n`)).toEqual(expected);
  });

  it('takes the first of repeated fields, leaves unknown ones, and cuts a year', () => {
    expect(policy('mx: a.test', 'mode: none', 'future: x', 'max_age: 1')).toMatchObject({
      mode: 'enforce',
      maxAgeSeconds: 86_400,
    });
    expect(readStsPolicy('version: STSv1\nmode: none\nmax_age: 9999999999')?.maxAgeSeconds).toBe(31_557_600);
  });

  it.each([
    ['no server', policy()],
    ['a pattern with a star inside', policy('mx: mail.*.test')],
    ['a bare star', policy('mx: *')],
    ['a line that is no field', policy('mx: a.test', '<html>')],
    ['an unknown mode', readStsPolicy('version: STSv1\nmode: maybe\nmx: a.test\nmax_age: 1')],
    ['no version', readStsPolicy('mode: enforce\nmx: a.test\nmax_age: 1')],
    ['no age', readStsPolicy('version: STSv1\nmode: enforce\nmx: a.test')],
    ['a negative age', readStsPolicy('version: STSv1\nmode: enforce\nmx: a.test\nmax_age: -1')],
  ])('is null with %s', (_, read) => {
    expect(read).toBeNull();
  });
});

describe('namesServer', () => {
  it.each([
    ['mail.example.com', 'MAIL.example.com', true],
    ['mail.example.com', 'mail.example.com.', true],
    ['*.example.net', 'a.example.net', true],
    ['*.example.net', 'a.b.example.net', false],
    ['*.example.net', 'example.net', false],
    ['mail.example.com', 'xmail.example.com', false],
  ])('%s for %s: %s', (mx, host, isNamed) => {
    expect(namesServer({ mode: 'enforce', mx: [mx], maxAgeSeconds: 1 }, host)).toBe(isNamed);
  });
});
