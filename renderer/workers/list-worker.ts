// The worker behind Connection Control: holds both lists, parses, indexes, sorts and writes them, so that the window
// never waits. The screen talks to it through list-protocol.ts alone.
import { createAddressList, type AddressList } from './address-list.ts';
import { previewImport, type ImportPreview } from './import-preview.ts';
import { createIds } from './list-entries.ts';
import type {
  Edited,
  ListName,
  OperationInput,
  OperationName,
  OperationOutput,
  WorkerMessage,
  WorkerRequest,
} from './list-protocol.ts';

type Answer<O extends OperationName> = OperationOutput<O> | Promise<OperationOutput<O>>;

const nextId = createIds();
const lists: Record<ListName, AddressList> = { deny: createAddressList(nextId), permit: createAddressList(nextId) };
let preview: ImportPreview | null = null;

const operations: { [O in OperationName]: (input: OperationInput<O>) => Answer<O> } = {
  load: ({ list, text }) => {
    lists[list].load(text);
    return summarise(list);
  },
  view: ({ list, view }) => {
    lists[list].look(view);
    return summarise(list);
  },
  rows: ({ list, offset, count }) => lists[list].rows(offset, count),
  range: ({ list, from, to }) => lists[list].idsBetween(from, to),
  add: ({ list, text }) => {
    const { words, report } = lists[list].add(text);
    return { ...edited(list, words), report };
  },
  remove: ({ list, selection }) => edited(list, lists[list].remove(selection)),
  note: ({ list, id, note }) => edited(list, lists[list].setNote(id, note)),
  undo: ({ list }) => edited(list, lists[list].undo()),
  redo: ({ list }) => edited(list, lists[list].redo()),
  dropUnreadable: ({ list }) => edited(list, lists[list].dropUnreadable()),
  text: ({ list }) => lists[list].text(),
  preview: async ({ list, source }) => {
    const text = typeof source === 'string' ? source : await source.text();
    preview = previewImport(text, lists[list].entries(), nextId);
    return preview.summary;
  },
  previewLines: ({ kind, offset, count }) => preview?.lines(kind, offset, count) ?? [],
  applyPreview: ({ list, how }) => {
    if (preview === null) return edited(list, '');
    const { merged, replaced, summary } = preview;
    preview = null;
    const words =
      how === 'merge'
        ? `Imported ${summary.counts.added.toLocaleString('en')} entries`
        : `Replaced the list by ${summary.replacedCount.toLocaleString('en')} imported entries`;
    return edited(list, lists[list].take(how === 'merge' ? merged : replaced, words, how === 'merge'));
  },
};

function edited(list: ListName, words: string): Edited {
  return { summary: summarise(list), text: lists[list].text(), words };
}

/** Long lists tell first what there is, and which entries are covered a moment later. */
function summarise(list: ListName) {
  const summary = lists[list].summary();
  if (summary.covered === null) setTimeout(() => tellCovered(list), 50); // the rows on screen are asked for in between
  return summary;
}

function tellCovered(list: ListName): void {
  if (lists[list].analyse()) send({ news: 'covered', list, summary: lists[list].summary() });
}

function send(message: WorkerMessage): void {
  self.postMessage(message);
}

async function answer<O extends OperationName>(id: number, operation: O, input: OperationInput<O>): Promise<void> {
  try {
    send({ id, value: await operations[operation](input) });
  } catch (error) {
    // The one broad catch of this process: a bug must reach the screen, or its promise would never settle.
    send({ id, bug: error instanceof Error ? error.message : String(error) });
  }
}

self.addEventListener('message', (event: MessageEvent<WorkerRequest>) => {
  const { id, operation, input } = event.data;
  void answer(id, operation, input);
});
