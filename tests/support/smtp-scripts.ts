// Random SMTP scripts for fast-check: what clients say, mix up, break and hide, as one string of bytes (latin1).
import type { Arbitrary } from 'fast-check';
import { fc } from './properties.ts';

const commands = [
  'EHLO client.test',
  'HELO client.test',
  'MAIL FROM:<a@client.test>',
  'MAIL FROM:<> SIZE=100 BODY=8BITMIME RET=HDRS ENVID=x',
  'MAIL FROM:<a@client.test> SIZE=99999999999',
  'mail from:<A@Client.test>',
  'RCPT TO:<b@mx.test>',
  'RCPT TO:<B@mx.test> NOTIFY=NEVER',
  'RCPT TO:<c@mx.test> ORCPT=rfc822;c@mx.test',
  'RCPT TO:<foreign@elsewhere.test>',
  'RCPT TO:<@mx.test:d@elsewhere.test>',
  'RCPT TO:<postmaster>',
  'DATA',
  'RSET',
  'NOOP with words',
  'VRFY b',
  'BDAT 5 LAST',
  'AUTH PLAIN AGEAYg==',
  'STARTTLS',
  'XCLIENT ADDR=1.2.3.4',
  'GET / HTTP/1.1',
  '.',
  '',
];

const lineEnds = ['\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '', '\r\r\n', '\0\r\n', ' \r\n'];

/** Ends that only a careless server takes for one. */
const falseEnds = [
  '\n.\n',
  '\r.\r',
  '\n.\r\n',
  '\r\n.\n',
  '\r\n.\r',
  '\n\n.\r\r\n',
  '\r\n.\0\r\n',
  '\r\n..\r\n',
  '\r\n. \r\n',
];

const contentLines = [
  'Subject: random',
  'Received: from x by y',
  '',
  '.',
  '..',
  '.x',
  'QUIT',
  'MAIL FROM:<evil@mx.test>\r\nRCPT TO:<evil@mx.test>\r\nDATA',
  'a\rb',
  'a\nb',
  'a\0b',
  'gr\xfc\xdfe \xff',
  'x'.repeat(998),
  'x'.repeat(999),
  'x'.repeat(70_000),
];

const command = fc.constantFrom(...commands);
const line = fc.tuple(command, fc.constantFrom(...lineEnds)).map((parts) => parts.join(''));
const bytes = fc.uint8Array({ maxLength: 40 }).map((values) => `${Buffer.from(values).toString('latin1')}\r\n`);

/** A command with one byte replaced. */
const broken = fc.tuple(command, fc.nat(60), fc.nat(255)).map(([text, at, byte]) => {
  return `${text.slice(0, at)}${String.fromCharCode(byte)}${text.slice(at + 1)}\r\n`;
});

const endless = fc
  .tuple(fc.constantFrom('NOOP ', 'MAIL FROM:<', 'RCPT TO:<b@'), fc.constantFrom(400, 2000, 2048, 2100, 70_000))
  .map(([start, length]) => `${start}${'y'.repeat(length)}>\r\n`);

const chunked = fc
  .tuple(fc.nat(12), fc.constantFrom('', ' LAST'), fc.string({ maxLength: 12 }))
  .map(([length, last, content]) => `BDAT ${length}${last}\r\n${content}`);

const content = fc
  .tuple(
    fc.array(fc.constantFrom(...contentLines), { maxLength: 6 }),
    fc.option(fc.constantFrom(...falseEnds), { freq: 3, nil: '' }),
  )
  .map(([lines, falseEnd]) => `Subject: whole\r\n\r\n${lines.join('\r\n')}${falseEnd}`);

/** Mostly taken; its content is what is random. */
const transaction = content.map((text) => {
  return `EHLO client.test\r\nMAIL FROM:<a@client.test> BODY=8BITMIME\r\nRCPT TO:<b@mx.test>\r\nDATA\r\n${text}\r\n.\r\n`;
});

/** Ends whatever was begun, and the session. */
const ending = '\r\n.\r\nQUIT\r\n';

/** One session's worth of bytes. */
export const smtpScript: Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: line },
      { weight: 5, arbitrary: transaction },
      { weight: 1, arbitrary: broken },
      { weight: 1, arbitrary: bytes },
      { weight: 1, arbitrary: endless },
      { weight: 1, arbitrary: chunked },
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((steps) => `${steps.join('')}${ending}`);

/** How the bytes are cut: lengths that are used in turn. */
export const chunkLengths: Arbitrary<number[]> = fc.oneof(
  fc.constant<number[]>([1]),
  fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 9, max: 3000 })), { minLength: 1, maxLength: 8 }),
);
