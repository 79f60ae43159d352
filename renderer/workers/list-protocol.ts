// What crosses between the Connections screen and the worker that holds its address lists: operations with input and
// output, and events. Rows cross page by page, so the window never receives a whole list.

/** The two lists of Connection Control. */
export type ListName = 'deny' | 'permit';

/** One row on screen. */
export type Row = {
  id: number;
  text: string;
  version: 4 | 6;
  size: string; // '256', '2^96'
  note: string;
  coveredBy: string | null; // a wider entry, as text
};

export type SortKey = 'order' | 'entry' | 'size' | 'note' | 'covered';

/** Which rows are shown, in which order. The filter is a text, or an address to be looked up. */
export type ListView = { filter: string; sort: SortKey; descending: boolean };

/** The answer to "which entry matches this address?". */
export type Match = { address: string; entry: string | null; note: string | null };

/** A line of the stored text that is not an entry; it is kept until the operator removes it. */
export type UnreadableLine = { line: number; text: string; reason: string };

/** A list as the editor shows it. `revision` grows with everything that changes rows. */
export type Summary = {
  revision: number;
  count: number;
  shown: number;
  covered: number | null; // null: still being worked out
  match: Match | null;
  unreadable: UnreadableLine[]; // cut at 20
  unreadableCount: number;
  undo: string | null; // what undo would take back, in words
  redo: string | null;
};

/** Rows marked by the operator: these, or all that are shown but these. */
export type Selection = { all: boolean; ids: readonly number[] };

/** What adding did, for one entry or many. */
export type AddReport = {
  added: number;
  already: number;
  refused: number;
  firstReason: string | null;
  words: string; // for the screen
};

/** After every edit: the list's text goes along, so that nothing shown is ever missing from the draft. */
export type Edited = { summary: Summary; text: string; words: string };

export const previewKinds = ['added', 'already', 'covered', 'normalised', 'refused'] as const;
export type PreviewKind = (typeof previewKinds)[number];

/** One line of an import, as the preview lists it. */
export type PreviewLine = { line: number; text: string; became: string | null; words: string };

export type PreviewSummary = {
  lines: number;
  counts: Record<PreviewKind, number>;
  /** Entries of the list afterwards, for each way. */
  mergedCount: number;
  replacedCount: number;
  /** Entries of today that replacing takes away. */
  dropped: number;
  milliseconds: number;
};

/** Operation → input and output. */
export type Operations = {
  load: { input: { list: ListName; text: string }; output: Summary };
  view: { input: { list: ListName; view: ListView }; output: Summary };
  rows: { input: { list: ListName; offset: number; count: number }; output: { revision: number; rows: Row[] } };
  range: { input: { list: ListName; from: number; to: number }; output: number[] };
  add: { input: { list: ListName; text: string }; output: Edited & { report: AddReport } };
  remove: { input: { list: ListName; selection: Selection }; output: Edited };
  note: { input: { list: ListName; id: number; note: string }; output: Edited };
  undo: { input: { list: ListName }; output: Edited };
  redo: { input: { list: ListName }; output: Edited };
  dropUnreadable: { input: { list: ListName }; output: Edited };
  text: { input: { list: ListName }; output: string };
  preview: { input: { list: ListName; source: string | Blob }; output: PreviewSummary };
  previewLines: { input: { kind: PreviewKind; offset: number; count: number }; output: PreviewLine[] };
  applyPreview: { input: { list: ListName; how: 'merge' | 'replace' }; output: Edited };
};
export type OperationName = keyof Operations;
export type OperationInput<O extends OperationName> = Operations[O]['input'];
export type OperationOutput<O extends OperationName> = Operations[O]['output'];

/** Window to worker. */
export type WorkerRequest = {
  [O in OperationName]: { id: number; operation: O; input: OperationInput<O> };
}[OperationName];

/** Worker to window: an answer, a bug, or news of work that went on after the answer. */
export type WorkerMessage =
  { id: number; value: unknown } | { id: number; bug: string } | { news: 'covered'; list: ListName; summary: Summary };
