// The window's end of the list worker, against a worker that answers when told.
import { describe, expect, it } from 'vitest';
import { createListClient } from '../../../../../renderer/features/connections/list-client.ts';

class SlowWorker extends EventTarget {
  readonly asked: { id: number; operation: string }[] = [];
  isEnded = false;
  postMessage(message: { id: number; operation: string }): void {
    this.asked.push(message);
  }
  terminate(): void {
    this.isEnded = true;
  }
  answer(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

function start() {
  const workers: SlowWorker[] = [];
  const client = createListClient(() => {
    const worker = new SlowWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  });
  return { client, workers };
}

describe('createListClient', () => {
  it('gives each question its own answer, in whatever order they come', async () => {
    const { client, workers } = start();
    const first = client.ask('text', { list: 'deny' });
    const second = client.ask('text', { list: 'permit' });

    workers[0]?.answer({ id: 2, value: 'permit text' });
    workers[0]?.answer({ id: 1, value: 'deny text' });

    await expect(first).resolves.toBe('deny text');
    await expect(second).resolves.toBe('permit text');
  });

  it('lets an edit under way reach the draft before the worker ends', async () => {
    const { client, workers } = start();
    const edit = client.ask('undo', { list: 'deny' });

    client.close();
    expect(workers[0]?.isEnded).toBe(false);
    workers[0]?.answer({ id: 1, value: 'edited' });

    await expect(edit).resolves.toBe('edited');
    expect(workers[0]?.isEnded).toBe(true);
  });

  it('starts anew when asked after it was closed', () => {
    const { client, workers } = start();
    void client.ask('text', { list: 'deny' });
    workers[0]?.answer({ id: 1, value: '' });
    client.close();

    void client.ask('text', { list: 'deny' });

    expect(workers).toHaveLength(2);
  });

  it('tells a bug of the worker to the one who asked', async () => {
    const { client, workers } = start();
    const question = client.ask('text', { list: 'deny' });

    workers[0]?.answer({ id: 1, bug: 'out of range' });

    await expect(question).rejects.toThrow('out of range');
  });
});
