import { describe, expect, it } from 'vitest';
import { done } from '../../../../gateway-agent/contract/outcome.ts';
import type { Explanation } from '../../../../gateway-agent/contract/replies.ts';
import { explainCommand } from '../../../../electron/cli/questions.ts';
import type { Session } from '../../../../electron/cli/session.ts';

/** What the command writes when its one gateway answers so. */
async function explained(explanation: Explanation, mail: { sender?: string; recipient?: string }): Promise<string> {
  let out = '';
  const session = {
    names: ['mx1'],
    json: false,
    terminal: { out: (text: string) => (out += text), tell: () => undefined },
    engine: { explain: () => Promise.resolve(done(explanation)) },
  };
  await explainCommand(session as unknown as Session, explanation.address, mail);
  return out;
}

describe('explainCommand', () => {
  const taken: Explanation = {
    address: '192.0.2.7',
    verdict: 'accept', // of the connection
    steps: [
      { rule: 'connection-control', outcome: 'pass', words: 'No entry of the deny list holds this address.' },
      { rule: 'message-rule', outcome: 'refuse', words: 'Not relayed.', reply: '550 5.7.1' },
    ],
  };

  it('heads the ladder with what becomes of the message, not of its connection', async () => {
    const out = await explained(taken, { sender: 'a@client.test', recipient: 'ada@elsewhere.test' });

    expect(out.split('\n')[0]).toBe('mx1: A message from a@client.test to ada@elsewhere.test is refused');
    expect(out).not.toContain('accept');
  });

  it('heads it with the connection where no recipient is named', async () => {
    expect((await explained({ ...taken, verdict: 'refuse' }, {})).split('\n')[0]).toBe(
      'mx1: A connection from 192.0.2.7 is refused',
    );
  });
});
