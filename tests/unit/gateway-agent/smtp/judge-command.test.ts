import { describe, expect, it } from 'vitest';
import { findUnknownParameter, judgeCommand, readPath } from '../../../../gateway-agent/smtp/judge-command.ts';

describe('judgeCommand', () => {
  it('lets printable ASCII and tabs pass', () => {
    expect(judgeCommand('MAIL', Buffer.from('MAIL FROM:<a@b.test>\tSIZE=1'))).toBeNull();
  });

  it.each(['\0', '\x07', '\x0b', '\x1b', '\x7f', '\r'])('refuses %j in any command', (byte) => {
    expect(judgeCommand('NOOP', Buffer.from(`NOOP ${byte}`, 'latin1'))).toMatchObject({ code: 500, enhanced: '5.5.2' });
  });

  it('refuses UTF-8 in addresses with the code of RFC 6531, elsewhere as bad syntax', () => {
    expect(judgeCommand('RCPT', Buffer.from('RCPT TO:<ä@b.test>'))).toMatchObject({ code: 553, enhanced: '5.6.7' });
    expect(judgeCommand('EHLO', Buffer.from('EHLO ä.test'))).toMatchObject({ code: 500 });
  });

  it.each(['REQUIRETLS', 'requiretls=1', 'BODY=BINARYMIME', 'SIZE=3 BODY=binarymime RET=HDRS', 'SMTPUTF8=yes'])(
    'refuses MAIL with %s, which was not announced',
    (words) => {
      const line = Buffer.from(`MAIL FROM:<a@b.test> ${words}`);

      expect(judgeCommand('MAIL', line)).toMatchObject({ code: 555, enhanced: '5.5.4' });
    },
  );

  it.each(['<requiretls@b.test> BODY=8BITMIME', '<"a requiretls "@b.test>', '<a@b.test> ENVID=REQUIRETLS'])(
    'lets MAIL FROM:%s pass',
    (words) => {
      expect(judgeCommand('MAIL', Buffer.from(`MAIL FROM:${words}`))).toBeNull();
    },
  );
});

describe('readPath', () => {
  it.each([
    ['MAIL FROM:<a@b.test> SIZE=3', 'a@b.test'],
    ['mail from: <A.b@XN--x.test>', 'A.b@XN--x.test'],
    ['MAIL FROM:<>', ''],
    ['RCPT TO:<@one.test,@two.test:c@three.test>', 'c@three.test'],
    ['RCPT TO:<b@mx.test> X=<evil@foreign.test>', 'b@mx.test'],
    ['RCPT TO', null],
  ])('reads %s', (line, path) => {
    expect(readPath(line)).toBe(path);
  });
});

describe('findUnknownParameter', () => {
  it('names the first one that was not announced', () => {
    expect(findUnknownParameter({ SIZE: '1', RET: 'FULL' }, ['SIZE', 'BODY'])).toBe('RET');
    expect(findUnknownParameter({ SIZE: '1' }, ['SIZE'])).toBeNull();
    expect(findUnknownParameter(false, [])).toBeNull();
  });
});
