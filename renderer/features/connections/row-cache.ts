// Rows of a list that lives in a worker, fetched by the page. An outdated row stays on screen until its successor is
// there: an empty flash at every edit would be worse than two milliseconds of the old note.

const pageSize = 100;
/** Pages kept: 10,000 rows, far more than a screen, far less than a list. */
const keptPages = 100;

type Page<R> = { revision: number; rows: R[] };
type Fetch<R> = (offset: number, count: number) => Promise<Page<R>>;

/** Rows by position. */
export type RowCache<R> = {
  at(position: number): R | undefined;
  /** Asks for what is missing or older than `revision`. */
  need(wanted: { first: number; last: number; revision: number }): void;
};

/** `onArrival` is called whenever rows arrived. */
export function createRowCache<R>(fetch: Fetch<R>, onArrival: () => void): RowCache<R> {
  const pages = new Map<number, Page<R>>();
  const underWay = new Map<number, number>(); // page → revision asked for

  const load = async (page: number, revision: number): Promise<void> => {
    underWay.set(page, revision);
    const loaded = await fetch(page * pageSize, pageSize);
    if (underWay.get(page) === revision) underWay.delete(page);
    pages.delete(page);
    pages.set(page, loaded); // the newest last, so that the first is the one to drop
    if (pages.size > keptPages) pages.delete(pages.keys().next().value ?? page);
    onArrival();
  };

  return {
    at: (position) => pages.get(Math.floor(position / pageSize))?.rows[position % pageSize],
    need({ first, last, revision }) {
      for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page += 1) {
        const held = pages.get(page)?.revision ?? -1;
        if (held < revision && underWay.get(page) !== revision) void load(page, revision);
      }
    },
  };
}
