// Names of queued messages: short, unique on this gateway, sorted by time, safe in SMTP replies and Received headers.
import { randomInt } from 'node:crypto';

/** Crockford's base 32: in ASCII order, upper case, without I, L, O and U, which are misread or spell words. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const timeLetters = 9; // 45 bits of milliseconds, enough until the year 3084
const countLetters = 3; // 32,768 messages a millisecond, then the time runs ahead of the clock
const countLimit = 32 ** countLetters;

/** What every id looks like; ids from outside are compared with it before they are used. */
export const queueIdPattern = /^[0-9A-HJKMNP-TV-Z]{12}$/;

/** Makes ids that only grow, even when the clock goes back; `above` is the highest id already in use. */
export function createQueueIds(now: () => number, above = ''): () => string {
  let time = above === '' ? 0 : readNumber(above.slice(0, timeLetters));
  let count = countLimit; // the first id takes a new millisecond
  return () => {
    const clock = now();
    if (clock > time || count >= countLimit - 1) {
      time = Math.max(clock, time + 1);
      count = randomInt(countLimit / 2); // after a restart with a clock set back, ids still do not repeat
    } else {
      count += 1;
    }
    return writeNumber(time, timeLetters) + writeNumber(count, countLetters);
  };
}

function writeNumber(value: number, letters: number): string {
  let text = '';
  for (let rest = value; text.length < letters; rest = Math.floor(rest / 32)) text = alphabet.charAt(rest % 32) + text;
  return text;
}

function readNumber(text: string): number {
  return text.split('').reduce((value, letter) => value * 32 + Math.max(0, alphabet.indexOf(letter)), 0);
}
