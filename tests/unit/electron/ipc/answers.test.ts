import { describe, expect, it } from 'vitest';
import { createAnswers, parseEvent } from '../../../../electron/ipc/answers.ts';
import { done } from '../../../../gateway-agent/contract/outcome.ts';

const secret = 'correct horse battery staple';

describe('createAnswers', () => {
  it('hands the parsed input to the handler, and its answer back', async () => {
    const answers = createAnswers(() => undefined);
    const asked: unknown[] = [];
    answers.handle('push:cancel', async (input) => {
      asked.push(input);
      return done({});
    });
    const runId = '6f1c0f2e-58c8-4f4e-9d5c-0d6f3c2c6f10';

    const outcome = await answers.answer('push:cancel', { runId });

    expect(outcome).toEqual({ ok: true, value: {} });
    expect(asked).toEqual([{ runId }]);
  });

  it('refuses an input that the contract does not know, before the handler sees it', async () => {
    const answers = createAnswers(() => undefined);
    answers.handle('push:cancel', () => Promise.reject(new Error('asked')));

    const outcome = await answers.answer('push:cancel', { runId: 'x', extra: 1 });

    expect(outcome).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  });

  it('answers a bug with a neutral problem and tells its story to the log alone', async () => {
    const stories: unknown[] = [];
    const answers = createAnswers((channel, error) => stories.push([channel, error]));
    const bug = new Error(`cannot read ${secret}`);
    answers.handle('vault:unlock', () => Promise.reject(bug));

    const outcome = await answers.answer('vault:unlock', { passphrase: secret });

    expect(outcome).toMatchObject({ ok: false, problem: { code: 'internal' } });
    expect(JSON.stringify(outcome)).not.toContain(secret);
    expect(stories).toEqual([['vault:unlock', bug]]);
  });

  it('says that a channel does not exist', async () => {
    const outcome = await createAnswers(() => undefined).answer('shell:open', {});

    expect(outcome).toMatchObject({ ok: false, problem: { code: 'bad-request' } });
  });

  it('takes one handler for each channel', () => {
    const answers = createAnswers(() => undefined);
    answers.handle('app:choose-folder', async () => done(null));

    expect(() => answers.handle('app:choose-folder', async () => done(null))).toThrow('two handlers');
  });
});

describe('parseEvent', () => {
  it('lets through what the contract names and nothing else', () => {
    const more = { words: 'Starting', secret };

    expect(parseEvent('local:progress', more)).toEqual({ words: 'Starting' });
    expect(() => parseEvent('fleet:changed', { name: 3 as unknown as string })).toThrow('expected string');
  });
});
