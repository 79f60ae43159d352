import { describe, expect, it } from 'vitest';
import type { GatewaySight } from '../../../../gateway-agent/contract/push.ts';
import type { QueueGauges } from '../../../../gateway-agent/contract/replies.ts';
import { statusWords } from '../../../../electron/cli/status-words.ts';
import { statusReply } from '../../../support/push-steps.ts';

const empty: QueueGauges = { messages: 0, bytes: 0, oldestAgeSeconds: null, damaged: 0, stoppedBecause: null };

function seen(gateway: string, queue: QueueGauges | null) {
  const sight = { state: 'in-sync', status: { ...statusReply(null), queue }, problem: null };
  return { gateway, value: { ...(sight as unknown as GatewaySight), lastAttempt: null } };
}

/** What stands under a header in the row of a gateway. */
function cell(words: string, title: string, gateway: string): string {
  const lines = words.split('\n');
  const header = lines.find((line) => line.startsWith('GATEWAY')) ?? '';
  const row = lines.find((line) => line.startsWith(gateway)) ?? '';
  const start = header.indexOf(title);
  return (/^\S+( \S+)*/.exec(row.slice(start)) ?? [''])[0];
}

describe('statusWords', () => {
  it('names the length of the queue and the age of its oldest message', () => {
    const words = statusWords([
      seen('mx1', { ...empty, messages: 1234, oldestAgeSeconds: 97_200 }),
      seen('mx2', empty),
      seen('old', null),
    ]);

    expect([cell(words, 'QUEUE', 'mx1'), cell(words, 'OLDEST', 'mx1')]).toEqual(['1234', '1 d 3 h']);
    expect([cell(words, 'QUEUE', 'mx2'), cell(words, 'OLDEST', 'mx2')]).toEqual(['0', '']);
    expect(cell(words, 'QUEUE', 'old')).toBe('');
  });

  it('tells below the table where no mail is taken and what was set aside, equal ones once', () => {
    const stopped = { ...empty, damaged: 2, stoppedBecause: 'The disk is full.' };

    expect(statusWords([seen('mx1', stopped), seen('mx2', stopped), seen('mx3', empty)])).toContain(
      'mx1, mx2 (2 gateways): the queue takes no mail: The disk is full.\n' +
        'mx1, mx2 (2 gateways): 2 damaged parts were set aside in the folder of the queue\n',
    );
  });
});
