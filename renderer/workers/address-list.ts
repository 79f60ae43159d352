// One address list as a model without a screen: edits, undo, view. States share their entries, so undo costs pointers.
import { buildAddressIndex, type AddressIndex } from '#contract/address-index';
import { readListLines } from '#contract/addresses';
import {
  cleanNote,
  entryAt,
  readEntries,
  sizeOf,
  toEntry,
  writeEntries,
  type Entry,
  type ReadText,
} from './list-entries.ts';
import { arrange, findMatch } from './list-view.ts';
import type { AddReport, ListView, Row, Selection, Summary } from './list-protocol.ts';

/** Analysing this many takes a few milliseconds; longer lists show their rows first and their marks later. */
const analysedAtOnce = 20_000;
/** Pointers kept for undo, over all steps: 80 MB at most, and never more than 100 steps. */
const undoPointers = 10_000_000;
const undoSteps = 100;

type Analysis = { index: AddressIndex; coveredBy: Map<number, number> };
/** One state of the list; text and analysis are made once, when first asked for. */
type State = ReadText & { text: string | null; analysis: Analysis | null };
/** Steps with the same `joins` count as one: a note saved while one types is one step. */
type Step = { state: State; words: string; joins: string | null };

/** What one list can do. Edits answer in words. */
export type AddressList = ReturnType<typeof createAddressList>;

/** A model of one list; `nextId` is shared by all lists of a worker. */
export function createAddressList(nextId: () => number) {
  let state: State = readState('', nextId);
  let revision = 0;
  let view: ListView = { filter: '', sort: 'order', descending: false };
  let shown: Uint32Array | null = null;
  let past: Step[] = [];
  let future: Step[] = [];

  const become = (next: State): void => {
    state = next;
    shown = null;
    revision += 1;
  };
  const edit = (next: Partial<State>, words: string, joins: string | null = null): string => {
    if (joins === null || past.at(-1)?.joins !== joins) past = trimSteps([...past, { state, words, joins }]);
    future = [];
    become({ ...state, text: null, analysis: null, ...next });
    return words;
  };
  const travel = (from: Step[], to: Step[], verb: string): string => {
    const step = from.pop();
    if (step === undefined) return '';
    to.push({ ...step, state });
    become(step.state);
    return `${verb}: ${step.words}`;
  };
  const ensureShown = (): Uint32Array => {
    shown ??= arrange(state.entries, view, view.sort === 'covered' ? analyse(state).coveredBy : new Map());
    return shown;
  };
  const hasAnalysis = (): boolean => {
    if (state.analysis === null && state.entries.length <= analysedAtOnce) analyse(state);
    return state.analysis !== null;
  };

  return {
    load(text: string): void {
      past = [];
      future = [];
      become(readState(text, nextId));
    },
    look(next: ListView): void {
      view = next;
      shown = null;
      revision += 1;
    },
    entries: (): readonly Entry[] => state.entries,
    text(): string {
      state.text ??= writeEntries(state);
      return state.text;
    },
    /** Works out what long lists leave open at first; false: there was nothing to do. */
    analyse(): boolean {
      if (state.analysis !== null) return false;
      analyse(state);
      revision += 1;
      return true;
    },
    index: (): AddressIndex => analyse(state).index,
    summary(): Summary {
      const isAnalysed = hasAnalysis();
      return {
        revision,
        count: state.entries.length,
        shown: ensureShown().length,
        covered: isAnalysed ? analyse(state).coveredBy.size : null,
        match: view.filter === '' ? null : findMatch(view.filter, state.entries, () => analyse(state).index),
        unreadable: state.unreadable.slice(0, 20),
        unreadableCount: state.unreadable.length,
        undo: past.at(-1)?.words ?? null,
        redo: future.at(-1)?.words ?? null,
      };
    },
    rows(offset: number, count: number): { revision: number; rows: Row[] } {
      const coveredBy = hasAnalysis() ? analyse(state).coveredBy : new Map<number, number>();
      const positions = ensureShown().subarray(offset, offset + count);
      return { revision, rows: Array.from(positions, (position) => toRow(state.entries, position, coveredBy)) };
    },
    idsBetween(from: number, to: number): number[] {
      const positions = ensureShown().subarray(Math.min(from, to), Math.max(from, to) + 1);
      return Array.from(positions, (position) => entryAt(state.entries, position).id);
    },
    add(text: string): { words: string; report: AddReport } {
      const { fresh, report } = readAddition(text, state.entries, nextId);
      if (fresh.length > 0) edit({ entries: [...state.entries, ...fresh] }, report.words);
      return { words: report.words, report };
    },
    remove(selection: Selection): string {
      const goes = selected(state.entries, ensureShown(), selection);
      const first = state.entries.find((entry) => goes.has(entry.id));
      if (first === undefined) return '';
      const what = goes.size === 1 ? first.text : `${goes.size.toLocaleString('en')} entries`;
      return edit({ entries: state.entries.filter(({ id }) => !goes.has(id)) }, `Removed ${what}`);
    },
    setNote(id: number, raw: string): string {
      const note = cleanNote(raw);
      const position = state.entries.findIndex((entry) => entry.id === id);
      const entry = state.entries[position];
      if (entry === undefined || entry.note === note) return '';
      return edit(
        { entries: state.entries.with(position, { ...entry, note, line: null }), analysis: state.analysis },
        `Changed the note of ${entry.text}`,
        `note ${id}`,
      );
    },
    /** Takes a whole new set of entries, as an import does. */
    take(entries: Entry[], words: string, keepsComments: boolean): string {
      return edit(
        { entries, tail: keepsComments ? state.tail : null, unreadable: keepsComments ? state.unreadable : [] },
        words,
      );
    },
    dropUnreadable: (): string => edit({ unreadable: [] }, 'Removed the lines that could not be read'),
    undo: (): string => travel(past, future, 'Undone'),
    redo: (): string => travel(future, past, 'Done again'),
  };
}

function readState(text: string, nextId: () => number): State {
  return { ...readEntries(text, nextId), text, analysis: null };
}

function analyse(state: State): Analysis {
  if (state.analysis === null) {
    const index = buildAddressIndex(state.entries.map((entry) => entry.block));
    state.analysis = { index, coveredBy: new Map(index.covered().map(({ position, by }) => [position, by])) };
  }
  return state.analysis;
}

function trimSteps(steps: Step[]): Step[] {
  let pointers = 0;
  let first = steps.length;
  while (first > 0 && steps.length - first < undoSteps && pointers < undoPointers) {
    first -= 1;
    pointers += steps[first]?.state.entries.length ?? 0;
  }
  return steps.slice(Math.min(first, steps.length - 1)); // the last step always stays: a removal can be taken back
}

function toRow(entries: readonly Entry[], position: number, coveredBy: ReadonlyMap<number, number>): Row {
  const entry = entryAt(entries, position);
  const by = coveredBy.get(position);
  return {
    id: entry.id,
    text: entry.text,
    version: entry.block.address.version,
    size: sizeOf(entry),
    note: entry.note ?? '',
    coveredBy: by === undefined ? null : entryAt(entries, by).text,
  };
}

function selected(entries: readonly Entry[], shown: Uint32Array, selection: Selection): Set<number> {
  const ids = new Set(selection.ids);
  if (!selection.all) return ids;
  const goes = new Set<number>();
  for (const position of shown) {
    const id = entryAt(entries, position).id;
    if (!ids.has(id)) goes.add(id);
  }
  return goes;
}

function readAddition(text: string, entries: readonly Entry[], nextId: () => number) {
  const present = new Set(entries.map((entry) => entry.text));
  const fresh: Entry[] = [];
  const report: AddReport = { added: 0, already: 0, refused: 0, firstReason: null, words: '' };
  const notices: string[] = [];
  readListLines(text, (read) => {
    if (read.kind === 'refused') {
      report.refused += 1;
      report.firstReason ??= read.reason;
    }
    if (read.kind !== 'entry') return;
    const entry = toEntry(read.entry.block, read.entry.note, nextId());
    if (present.has(entry.text)) {
      report.already += 1;
      report.firstReason ??= `${entry.text} is in the list already.`;
      return;
    }
    present.add(entry.text);
    fresh.push(entry);
    if (read.notice !== null) notices.push(read.notice);
  });
  report.added = fresh.length;
  const [only] = fresh;
  const what = only !== undefined && fresh.length === 1 ? only.text : `${fresh.length.toLocaleString('en')} entries`;
  report.words = fresh.length === 0 ? (report.firstReason ?? 'Nothing to add.') : `Added ${what}`;
  if (fresh.length === 1 && notices.length === 1) report.words += `. ${notices.join('')}`;
  return { fresh, report };
}
