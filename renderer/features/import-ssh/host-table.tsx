// The hosts of ~/.ssh/config as a table to pick from. One tab stop; arrows move, Space or Enter marks.
import { useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import type { ConfiguredHost } from '#ipc';
import { actOnGridKey, positionOf } from '../../components/grid-keys.ts';
import { useVirtualRows, VirtualGrid } from '../../components/virtual-grid.tsx';
import { canImport, stateOf, turned, withAll } from './pick-hosts.ts';
import classes from './import-ssh.module.css';

type Props = {
  hosts: readonly ConfiguredHost[];
  marked: ReadonlySet<string>;
  onMark: (marked: ReadonlySet<string>) => void;
};

const headHeight = 33;

/** Only rows in sight exist. */
export function HostTable(props: Props) {
  const { hosts, marked } = props;
  const rows = useVirtualRows({ count: hosts.length, headHeight });
  const grid = useGrid(props, rows.reveal);
  return (
    <VirtualGrid
      rows={rows}
      className={classes['table']}
      label="Hosts of ~/.ssh/config: arrows move, Space marks"
      active={grid.active}
      rowId="configured-host"
      aria-multiselectable
      onKeyDown={grid.onKeyDown}
      onClick={grid.onClick}
      head={<Head {...props} />}
    >
      {({ index, top }) => {
        const host = hosts[index];
        if (host === undefined) return null;
        return (
          <Row
            key={host.alias}
            host={host}
            position={index}
            top={top}
            isActive={index === grid.active}
            isMarked={marked.has(host.alias)}
          />
        );
      }}
    </VirtualGrid>
  );
}

function useGrid({ hosts, marked, onMark }: Props, reveal: (row: number) => void) {
  const [active, setActive] = useState(0);
  const anchor = useRef(0);
  const mark = (position: number, isRange: boolean): void => {
    const host = hosts[position];
    if (host === undefined) return;
    setActive(position);
    const [from, to] = [Math.min(anchor.current, position), Math.max(anchor.current, position)];
    onMark(isRange ? withAll(marked, hosts.slice(from, to + 1)) : turned(marked, host));
    anchor.current = position;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    actOnGridKey(
      event,
      { active, count: hosts.length },
      {
        move(to) {
          setActive(to);
          reveal(to);
        },
        mark,
        markAll: () => onMark(withAll(marked, hosts)),
        markNone: () => onMark(new Set()),
        open: (row) => mark(row, false),
      },
    );
  };
  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    const position = positionOf(event.target);
    if (position !== null) mark(position, event.shiftKey);
  };
  return { active: Math.min(active, Math.max(0, hosts.length - 1)), onKeyDown, onClick };
}

const heads = [
  { words: 'Host', name: 'cell' },
  { words: 'Address', name: 'cell' },
  { words: 'Port', name: 'port' },
  { words: 'User', name: 'cell' },
  { words: 'Key', name: 'cell' },
  { words: 'By way of', name: 'cell' },
  { words: 'In the way', name: 'cell' },
];

function Head({ hosts, marked, onMark }: Props) {
  const free = hosts.filter(canImport);
  const count = free.filter(({ alias }) => marked.has(alias)).length;
  const isAll = count > 0 && count === free.length;
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className={classes['headRow']}>
        <div role="columnheader" className={classes['check']}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label="Mark all that can be imported"
            disabled={free.length === 0}
            checked={isAll}
            ref={(box) => {
              if (box !== null) box.indeterminate = count > 0 && !isAll;
            }}
            onChange={() => onMark(isAll ? new Set() : withAll(marked, hosts))}
          />
        </div>
        {heads.map(({ words, name }) => (
          <div key={words} role="columnheader" className={classes[name]}>
            {words}
          </div>
        ))}
      </div>
    </div>
  );
}

type RowProps = { host: ConfiguredHost; position: number; top: number; isActive: boolean; isMarked: boolean };

function Row({ host, position, top, isActive, isMarked }: RowProps) {
  const { alias, identityFile, jumps } = host;
  const isFree = canImport(host);
  const key = identityFile ?? 'agent or usual keys';
  return (
    <div
      id={`configured-host-${position}`}
      role="row"
      data-position={position}
      aria-rowindex={position + 2}
      aria-selected={isMarked}
      aria-disabled={!isFree}
      className={isActive ? `${classes['row']} ${classes['active']}` : classes['row']}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="gridcell" className={classes['check']}>
        <input
          type="checkbox"
          tabIndex={-1}
          readOnly
          aria-label={`Mark ${alias}`}
          disabled={!isFree}
          checked={isMarked}
        />
      </div>
      <Cell name="alias">{alias}</Cell>
      <Cell name="address">{host.host}</Cell>
      <Cell name="port">{String(host.port)}</Cell>
      <Cell name="cell">{host.user}</Cell>
      <Cell name="cell" title={key}>
        {key.split(/[/\\]/).at(-1) ?? key}
      </Cell>
      <Cell name="cell">{jumps.join(', then ')}</Cell>
      <Cell name={host.problem === null ? 'cell' : 'problem'}>{stateOf(host)}</Cell>
    </div>
  );
}

function Cell({ name, children, title = children }: { name: string; children: string; title?: string }) {
  return (
    <div role="gridcell" className={classes[name]} title={title}>
      {children}
    </div>
  );
}
