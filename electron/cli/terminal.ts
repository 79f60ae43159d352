// Output, and questions where somebody can answer. Without a terminal nothing is ever asked.
import type { ReadStream } from 'node:tty';
import { failed, done, type Outcome } from '#contract/outcome';
import { plainText } from '../ssh/plain-text.ts';

export type Terminal = {
  /** Results: stdout. */
  out: (text: string) => void;
  /** Progress, warnings and questions: stderr, so that stdout stays clean for pipes. */
  tell: (text: string) => void;
  isInteractive: boolean;
  /** `secret-needed` when nobody can answer. */
  askHidden(question: string): Promise<Outcome<string>>;
  askLine(question: string): Promise<Outcome<string>>;
};

/** The terminal of this process. Whatever a gateway or a shared folder says is shown, and never obeyed. */
export function processTerminal(): Terminal {
  const isInteractive = process.stdin.isTTY && process.stderr.isTTY;
  return {
    out: (text) => void process.stdout.write(plainText(text)),
    tell: (text) => void process.stderr.write(plainText(text)),
    isInteractive,
    askHidden: (question) => ask(question, { isInteractive, echo: false }),
    askLine: (question) => ask(question, { isInteractive, echo: true }),
  };
}

type Manner = { isInteractive: boolean; echo: boolean };

/** One question at a time, however many gateways need an answer. */
let lastQuestion: Promise<unknown> = Promise.resolve();

function ask(question: string, { isInteractive, echo }: Manner): Promise<Outcome<string>> {
  if (!isInteractive) return Promise.resolve(failed('secret-needed', 'There is no terminal to ask at.'));
  const answered = lastQuestion.then(() => askNow(question, echo));
  lastQuestion = answered;
  return answered;
}

function askNow(question: string, echo: boolean): Promise<Outcome<string>> {
  const input = process.stdin as ReadStream; // isTTY says so
  process.stderr.write(plainText(question));
  input.setRawMode(true);
  input.resume();
  return new Promise((resolve) => {
    let answer = '';
    const finish = (outcome: Outcome<string>) => {
      input.setRawMode(false);
      input.pause();
      input.off('data', take);
      process.stderr.write('\n');
      resolve(outcome);
    };
    const take = (chunk: Buffer) => {
      for (const character of chunk.toString('utf8')) {
        if (character === '\r' || character === '\n') return finish(done(answer));
        if (character === '\u0003' || character === '\u0004') {
          process.emit('SIGINT'); // raw mode keeps Ctrl+C from becoming a signal
          return finish(failed('cancelled', 'Stopped at the question.'));
        }
        if (character === '\u007f' || character === '\b') answer = answer.replace(/.$/su, '');
        else if (character >= ' ') {
          answer += character;
          if (echo) process.stderr.write(character);
        }
      }
    };
    input.on('data', take);
  });
}
