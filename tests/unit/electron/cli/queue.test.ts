import { describe, expect, it } from 'vitest';
import { done, failed } from '../../../../gateway-agent/contract/outcome.ts';
import type { QueueEntry, QueueReply } from '../../../../gateway-agent/contract/replies.ts';
import type { QueueTask } from '../../../../gateway-agent/contract/requests.ts';
import { actOnQueueCommand, listQueueCommand, showQueueCommand } from '../../../../electron/cli/queue.ts';
import type { Session } from '../../../../electron/cli/session.ts';

function entry(id: string): QueueEntry {
  const lastReply = '451 4.7.1 later\u001b[2J\r\nsecond line';
  return {
    id,
    receivedAt: '2026-01-01T00:00:00Z',
    bytes: 900,
    sender: '',
    recipients: [{ address: 'ada@b.test', state: 'deferred', attempts: 3, nextAttemptAt: null, lastReply }],
    removedAt: null,
  };
}

type Asked = { name: string; task: QueueTask };

/** A session whose gateways answer from a function; what it wrote and asked is kept. */
function session(names: string[], answer: (task: QueueTask) => Partial<QueueReply>, json = false) {
  const asked: Asked[] = [];
  let out = '';
  let told = '';
  const nothing: QueueReply = { entries: [], total: 0, hasMore: false, header: null, changed: 0 };
  const made = {
    names,
    json,
    terminal: { out: (text: string) => (out += text), tell: (text: string) => (told += text) },
    engine: {
      queue: (name: string, task: QueueTask) => {
        asked.push({ name, task });
        return Promise.resolve(done({ ...nothing, ...answer(task) }));
      },
    },
  };
  return { session: made as unknown as Session, asked, out: () => out, told: () => told };
}

describe('listQueueCommand', () => {
  it('asks page after page up to the limit', async () => {
    const {
      session: made,
      asked,
      out,
    } = session(['mx1'], (task) => {
      const first = task.kind === 'list' && task.after !== undefined ? 1000 : 0;
      const count = task.kind === 'list' ? task.limit : 0;
      const entries = Array.from({ length: count }, (_, i) => entry(`Q${String(first + i).padStart(6, '0')}`));
      return { entries, total: 5000, hasMore: true };
    });

    expect(await listQueueCommand(made, { limit: 1500, domain: 'b.test', olderThan: 60 })).toBe(0);

    expect(asked.map(({ task }) => task)).toMatchObject([
      { limit: 1000, domain: 'b.test', minAgeSeconds: 3600 },
      { limit: 500, after: 'Q000999', domain: 'b.test' },
    ]);
    expect(out()).toContain('mx1: 1500 shown, more fit; 5000 in the whole queue');
  });

  it('lets nothing that a peer wrote steer the terminal', async () => {
    const { session: made, out } = session(['mx1'], () => ({ entries: [entry('Q000001')], total: 1 }));

    await listQueueCommand(made, { limit: 10 });

    expect(out()).toContain('<>');
    expect(out()).toContain('451 4.7.1 later [2J second line');
    expect(out()).not.toContain('\u001b');
  });
});

describe('showQueueCommand', () => {
  it('shows recipients and header of one message', async () => {
    const header = 'Subject: hello\u202e\r\nTo: ada@b.test\r\n';
    const { session: made, out } = session(['mx1'], () => ({ entries: [entry('Q000001')], header }));

    expect(await showQueueCommand(made, 'Q000001')).toBe(0);

    expect(out()).toContain('mx1: Q000001, 900 bytes');
    expect(out()).toContain('Subject: hello \nTo: ada@b.test\n');
  });

  it.each([
    ['is done where one gateway has it', ['mx2'], 0, ''],
    ['fails where no gateway has it', [], 1, 'not in the queue'],
  ])('%s', async (...[, holders, status, words]) => {
    const { session: made, told } = session(['mx1', 'mx2'], () => ({ entries: [entry('Q000001')], header: '' }));
    const { queue } = made.engine;
    made.engine.queue = (name, task) =>
      holders.includes(name) ? queue(name, task) : Promise.resolve(failed('not-found', 'It is not in the queue.'));

    expect(await showQueueCommand(made, 'Q000001')).toBe(status);

    expect(told()).toContain(words);
    expect(told() === '').toBe(words === '');
  });
});

describe('actOnQueueCommand', () => {
  it('fails as refused when a message was not there, and writes one document', async () => {
    const { session: made, out } = session(['mx1'], () => ({ changed: 1 }), true);

    expect(await actOnQueueCommand(made, 'hold', ['Q000001', 'Q000002'])).toBe(4);

    expect(JSON.parse(out())).toMatchObject({ command: 'queue hold', ok: false, gateways: [{ gateway: 'mx1' }] });
  });

  it('sends no more than a thousand ids at once', async () => {
    const ids = Array.from({ length: 1001 }, (_, i) => `Q${String(i).padStart(6, '0')}`);
    const { session: made, asked } = session(['mx1'], (task) => ({
      changed: task.kind === 'act' ? task.ids.length : 0,
    }));

    expect(await actOnQueueCommand(made, 'remove', ids)).toBe(0);

    expect(asked.map(({ task }) => (task.kind === 'act' ? task.ids.length : 0))).toEqual([1000, 1]);
  });

  it('asks for the gateway where there are several', async () => {
    const { session: made, asked, told } = session(['mx1', 'mx2'], () => ({}));

    expect(await actOnQueueCommand(made, 'remove', ['Q000001'])).toBe(2);

    expect(asked).toEqual([]);
    expect(told()).toContain('--gateway');
  });
});
