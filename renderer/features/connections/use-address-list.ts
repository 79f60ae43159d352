// One address list on screen: what the worker says of it, the pages of rows that were seen, and its edits. Every edit
// brings the list's text back with it, so the draft is never behind what the table shows; while an edit is under way
// `isPending` keeps Save waiting.
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import type {
  AddReport,
  Edited,
  ListName,
  ListView,
  OperationInput,
  PreviewKind,
  PreviewLine,
  PreviewSummary,
  Row,
  Selection,
  Summary,
} from '../../workers/list-protocol.ts';
import type { ListClient } from './list-client.ts';
import { createRowCache, type RowCache } from './row-cache.ts';

/** A list to edit. Rows come by `rowAt` once `need` has asked for them. */
export type AddressListEditing = {
  name: ListName;
  summary: Summary | null;
  view: ListView;
  isPending: boolean;
  /** The last edit in words, for the status line; a new object for each edit. */
  news: { words: string; canUndo: boolean } | null;
  setView: (view: ListView) => void;
  rowAt: (position: number) => Row | undefined;
  need: (first: number, last: number) => void;
  range: (from: number, to: number) => Promise<number[]>;
  add: (text: string) => Promise<AddReport>;
  remove: (selection: Selection) => Promise<void>;
  setNote: (id: number, note: string) => Promise<void>;
  undo: () => Promise<void>;
  redo: () => Promise<void>;
  dropUnreadable: () => Promise<void>;
  preview: (source: string | Blob) => Promise<PreviewSummary>;
  previewLines: (kind: PreviewKind, offset: number, count: number) => Promise<PreviewLine[]>;
  applyPreview: (how: 'merge' | 'replace') => Promise<void>;
  /** The whole list in the import format, for export. */
  text: () => Promise<string>;
};

type EditName = 'remove' | 'note' | 'undo' | 'redo' | 'dropUnreadable' | 'applyPreview';
type Options = { client: ListClient; list: ListName; text: string; onText: (list: ListName, text: string) => void };

const firstView: ListView = { filter: '', sort: 'order', descending: false };

/** Holds one list in the worker in step with `text`; a text that did not come from here is read anew. */
export function useAddressList({ client, list, text, onText }: Options): AddressListEditing {
  const [summary, setSummary] = useState<Summary | null>(null);
  const [view, setViewState] = useState(firstView);
  const [pending, setPending] = useState(0);
  const [news, setNews] = useState<AddressListEditing['news']>(null);
  const { rows, tellRef } = useLoadedText({ client, list, text, setSummary, setNews });
  const latest = useRef(onText);
  useEffect(() => {
    latest.current = onText;
  });

  const run = useCallback(
    async <T extends Edited>(ask: () => Promise<T>): Promise<T> => {
      const epoch = tellRef.current.epoch;
      setPending((count) => count + 1);
      try {
        const result = await ask();
        // A text loaded meanwhile (Cancel, another gateway) wins over an edit of what is gone.
        if (tellRef.current.epoch !== epoch) return result;
        setSummary(result.summary);
        if (result.words === '') return result;
        if (result.text !== tellRef.current.text) {
          tellRef.current.text = result.text;
          latest.current(list, result.text);
        }
        setNews({ words: result.words, canUndo: result.summary.undo !== null });
        return result;
      } finally {
        setPending((count) => count - 1);
      }
    },
    [list, tellRef],
  );
  const edit = async <O extends EditName>(operation: O, input: OperationInput<O>): Promise<void> => {
    await run(() => client.ask(operation, input) as Promise<Edited>);
  };

  return {
    name: list,
    summary,
    view,
    isPending: pending > 0,
    news,
    setView(next) {
      setViewState(next);
      void client.ask('view', { list, view: next }).then(setSummary);
    },
    rowAt: (position) => rows.at(position),
    need: (first, last) => rows.need({ first, last, revision: summary?.revision ?? 0 }),
    range: (from, to) => client.ask('range', { list, from, to }),
    add: async (entries) => (await run(() => client.ask('add', { list, text: entries }))).report,
    remove: (selection) => edit('remove', { list, selection }),
    setNote: (id, note) => edit('note', { list, id, note }),
    undo: () => edit('undo', { list }),
    redo: () => edit('redo', { list }),
    dropUnreadable: () => edit('dropUnreadable', { list }),
    preview: (source) => client.ask('preview', { list, source }),
    previewLines: (kind, offset, count) => client.ask('previewLines', { kind, offset, count }),
    applyPreview: (how) => edit('applyPreview', { list, how }),
    text: () => client.ask('text', { list }),
  };
}

/** What this screen last knew the text to be, and how often a foreign one came. */
type Tell = { text: string | null; epoch: number };
type LoadOptions = {
  client: ListClient;
  list: ListName;
  text: string;
  setSummary: (summary: Summary) => void;
  setNews: (news: null) => void;
};

type Loaded = { rows: RowCache<Row>; tellRef: RefObject<Tell> };

function useLoadedText({ client, list, text, setSummary, setNews }: LoadOptions): Loaded {
  const tellRef = useRef<Tell>({ text: null, epoch: 0 });
  const [, redraw] = useState(0);
  const [rows] = useState(() =>
    createRowCache(
      (offset, count) => client.ask('rows', { list, offset, count }),
      () => redraw((count) => count + 1),
    ),
  );
  useEffect(
    () => client.onCovered((name, summary) => name === list && setSummary(summary)),
    [client, list, setSummary],
  );
  useEffect(() => {
    if (tellRef.current.text === text) return;
    tellRef.current.text = text;
    tellRef.current.epoch += 1;
    setNews(null);
    void client.ask('load', { list, text }).then(setSummary);
  }, [client, list, text, setSummary, setNews]);
  useEffect(
    () => () => {
      tellRef.current.text = null; // the worker ends with the screen; mounted again, it is filled again
    },
    [],
  );
  return { rows, tellRef };
}
