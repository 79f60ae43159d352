import { fc } from '../../../support/properties.ts';
import { describe, expect, it } from 'vitest';
import { ContentParser } from '../../../../gateway-agent/smtp/content-parser.ts';

/** What came out for these chunks: the content, whether it ended, and the commands behind the end. */
const read = async (chunks: string[]) => {
  const parser = new ContentParser();
  const commands: string[] = [];
  parser.oncommand = (command, callback) => {
    commands.push(command.toString('latin1'));
    callback?.();
  };
  parser.startDataMode(1000);
  const content: Buffer[] = [];
  let isEnded = false;
  void parser.sink?.drainInto((chunk) => void content.push(chunk));
  parser.sink?.once('end', () => {
    isEnded = true;
    parser.continue();
  });
  for (const chunk of chunks) await new Promise<void>((resolve) => parser.write(chunk, 'latin1', () => resolve()));
  return { content: Buffer.concat(content).toString('latin1'), isEnded, commands };
};

const cut = (text: string, cuts: number[]): string[] => {
  const at = [0, ...cuts.map((each) => each % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
};

describe('ContentParser', () => {
  const piece = fc.constantFrom('a', '.', '..', '\r', '\n', '\r\n', '\r\n.', '\r\n.\r', '\n.\r\n', 'MAIL');
  const pieces = fc.array(piece, { maxLength: 20 });
  const cuts = fc.array(fc.nat(), { maxLength: 8 });

  it('ends at CR LF . CR LF and nowhere else, however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, cuts, async (all, where) => {
        const wire = `${all.join('')}\r\n.\r\nNOOP\r\n`;
        const end = `\r\n${wire}`.indexOf('\r\n.\r\n');
        const expected = wire.slice(0, end).replace(/(^|\n)\.(?=\.)/g, '$1');

        const { content, isEnded, commands } = await read(cut(wire, where));

        expect({ content, isEnded }).toEqual({ content: expected, isEnded: true });
        expect(commands).toEqual(
          wire
            .slice(end + 3)
            .split(/\r?\n/)
            .slice(0, -1),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('goes on behind a second message that ends within the same chunk', async () => {
    const parser = new ContentParser();
    const commands: string[] = [];
    parser.oncommand = (command, callback) => {
      commands.push(command.toString());
      if (commands.length % 2 === 1) {
        parser.startDataMode();
        parser.sink?.once('end', () => parser.continue());
      }
      callback?.();
    };

    parser.write('DATA\r\none\r\n.\r\nNOOP\r\nDATA\r\ntwo\r\n.\r\nQUIT\r\n');

    await expect.poll(() => commands).toEqual(['DATA', 'NOOP', 'DATA', 'QUIT']);
  });

  it('takes nothing behind a line that is too long for a command, also where it waits in small pieces', async () => {
    const parser = new ContentParser({ maxCommandLength: 10 });
    const commands: string[] = [];
    let goOn: (() => void) | undefined;
    parser.oncommand = (command, callback) => {
      commands.push(command.toString());
      goOn ??= callback;
    };
    const failed = new Promise<Error>((resolve) => parser.once('error', resolve));
    for (const piece of ['FIRST\r\n', 'NOOP ', 'yyyyyyyyyyyy', 'y\r\n', 'SECOND\r\n']) parser.write(piece);

    goOn?.(); // the pieces come one after the other, in one tick

    expect((await failed).message).toBe('Command line too long');
    expect(commands).toEqual(['FIRST']);
  });

  it('counts what it emits and tells when that is too much', async () => {
    const parser = new ContentParser();
    parser.startDataMode(10);
    await new Promise<void>((resolve) => parser.write(`${'x'.repeat(50)}\r\n`, () => resolve()));

    expect(parser.sink).toMatchObject({ sizeExceeded: true });
  });

  it('waits while the consumer does', async () => {
    const parser = new ContentParser();
    parser.startDataMode();
    let goOn = () => undefined as void;
    void parser.sink?.drainInto(() => new Promise<void>((resolve) => (goOn = resolve)));
    let isTaken = false;
    parser.write('x'.repeat(100), () => (isTaken = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isTaken).toBe(false);

    goOn();

    await expect.poll(() => isTaken).toBe(true);
  });
});
