// The window's end of the list worker: one promise per question, answers in the order of the questions.
import type {
  ListName,
  OperationInput,
  OperationName,
  OperationOutput,
  Summary,
  WorkerMessage,
} from '../../workers/list-protocol.ts';

/** Asks the worker; created when first asked, so that a closed client simply starts anew. */
export type ListClient = {
  ask<O extends OperationName>(operation: O, input: OperationInput<O>): Promise<OperationOutput<O>>;
  /** News of a list that was analysed after its answer. */
  onCovered(listener: (list: ListName, summary: Summary) => void): () => void;
  /** Ends the worker once every question is answered: an edit under way still reaches the draft. */
  close(): void;
};

type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** `createWorker` is a parameter so that tests can put another end there. */
export function createListClient(createWorker: () => Worker = startListWorker): ListClient {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(list: ListName, summary: Summary) => void>();
  let worker: Worker | null = null;
  let lastId = 0;
  let closes = false;

  const endIfIdle = (): void => {
    if (!closes || waiting.size > 0) return;
    worker?.terminate();
    worker = null;
  };
  const receive = (message: WorkerMessage): void => {
    if ('news' in message) {
      for (const listener of listeners) listener(message.list, message.summary);
      return;
    }
    const question = waiting.get(message.id);
    waiting.delete(message.id);
    if ('bug' in message) question?.reject(new Error(message.bug));
    else question?.resolve(message.value);
    endIfIdle();
  };
  const start = (): Worker => {
    const started = createWorker();
    started.addEventListener('message', (event: MessageEvent<WorkerMessage>) => receive(event.data));
    return started;
  };

  return {
    ask<O extends OperationName>(operation: O, input: OperationInput<O>): Promise<OperationOutput<O>> {
      closes = false;
      worker ??= start();
      const id = ++lastId;
      // Both ends are built from the same protocol file, so the answer's type is known by its question.
      const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject })) as Promise<
        OperationOutput<O>
      >;
      worker.postMessage({ id, operation, input });
      return answer;
    },
    onCovered(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closes = true;
      endIfIdle();
    },
  };
}

function startListWorker(): Worker {
  return new Worker(new URL('../../workers/list-worker.ts', import.meta.url), {
    type: 'module',
    name: 'address lists',
  });
}
