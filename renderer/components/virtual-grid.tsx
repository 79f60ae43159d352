// What every long table shares: only the rows in sight exist; one element is the grid, scrolls and has the focus.
import { useRef, type HTMLAttributes, type ReactNode, type Ref, type RefObject } from 'react';
import { useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import classes from './virtual-grid.module.css';

/** One row in sight: where it stands in the body. */
export type RowPlace = { index: number; top: number; height: number };

/** The rows in sight and what moves them. */
export type VirtualRows = {
  scroll: RefObject<HTMLDivElement | null>;
  count: number;
  bodyHeight: number;
  places: RowPlace[];
  first: number;
  last: number;
  reveal: (row: number) => void;
  /** The ref of a row that is as high as its words; the row says its place in `data-index`. */
  measure: (row: HTMLElement | null) => void;
};

type Options = {
  count: number;
  rowHeight?: number;
  /** A head stays in sight within the scrolled part. */
  headHeight?: number;
  overscan?: number;
  /** Whose row it is, where rows differ in height: a measured height follows its row to another place. */
  keyOf?: (index: number) => string;
};

/** The rows of one table. */
export function useVirtualRows({ count, rowHeight = 36, headHeight = 0, overscan = 8, keyOf }: Options): VirtualRows {
  const scroll = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- the React Compiler is not in use
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan,
    ...(keyOf === undefined ? {} : { getItemKey: keyOf }),
    useFlushSync: false,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  });
  const items = virtual.getVirtualItems();
  return {
    scroll,
    count,
    bodyHeight: virtual.getTotalSize(),
    places: items.map(({ index, start, size }) => ({ index, top: start - headHeight, height: size })),
    first: items[0]?.index ?? 0,
    last: items.at(-1)?.index ?? 0,
    reveal: (row) => virtual.scrollToIndex(row),
    measure: virtual.measureElement,
  };
}

type Props = Omit<HTMLAttributes<HTMLDivElement>, 'children'> & {
  ref?: Ref<HTMLDivElement>;
  rows: VirtualRows;
  /** What it is and which keys it knows. */
  label: string;
  /** The row that keys act on; its element has the id `<rowId>-<position>`. */
  active: number;
  rowId: string;
  head?: ReactNode;
  /** Stands between head and body where there is no row. */
  empty?: ReactNode;
  children: (place: RowPlace) => ReactNode;
};

/** The table. `children` draws one row. */
export function VirtualGrid({
  ref,
  rows,
  label,
  active,
  rowId,
  head,
  empty,
  children,
  className = '',
  ...rest
}: Props) {
  const merged = useMergedRef(ref, rows.scroll);
  const isInSight = rows.places.some(({ index }) => index === active);
  return (
    <div
      {...rest}
      ref={merged}
      className={`${classes['grid']} ${className}`}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rows.count + (head === undefined ? 0 : 1)}
      {...(isInSight ? { 'aria-activedescendant': `${rowId}-${active}` } : {})}
    >
      {head}
      {empty}
      <div role="rowgroup" className={classes['body']} style={{ height: rows.bodyHeight }}>
        {rows.places.map(children)}
      </div>
    </div>
  );
}
