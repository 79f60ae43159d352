// Keys, clicks and drags of the fleet table. The active row is known by its name, so that a fresh sort does not move the
// operator to another gateway.
import { useRef, useState, type DragEvent, type KeyboardEvent, type MouseEvent } from 'react';
import { moveTarget, positionOf, readGridKey } from '../../components/grid-keys.ts';
import { gatewayPath } from '../../components/gateway-path.ts';
import { goTo } from '../../components/guarded-location.ts';
import { writeDraggedGateways } from './dragged.ts';
import type { FleetTableProps } from './fleet-table.tsx';
import type { MenuPlace } from './row-menu.tsx';

type Doors = { reveal: (position: number) => void; openMenu: (place: MenuPlace) => void };

/** What the table hangs on its one focusable element. */
export function useFleetGrid({ rows, marked, onMark }: FleetTableProps, { reveal, openMenu }: Doors) {
  const [activeName, setActiveName] = useState<string | null>(null);
  const anchor = useRef<string | null>(null);
  const active = Math.max(
    0,
    rows.findIndex((row) => row.name === activeName),
  );
  const positionNamed = (name: string | null): number => rows.findIndex((row) => row.name === name);
  const activate = (position: number): void => setActiveName(rows[position]?.name ?? null);
  const move = (to: number): void => {
    activate(to);
    reveal(to);
  };
  const markRange = (to: number): void => {
    const from = Math.max(0, positionNamed(anchor.current ?? activeName));
    const between = rows.slice(Math.min(from, to), Math.max(from, to) + 1).filter((row) => row.unreadable === null);
    anchor.current ??= rows[from]?.name ?? null;
    onMark(new Set([...marked, ...between.map((row) => row.name)]));
  };
  const turn = (position: number): void => {
    const row = rows[position];
    if (row === undefined || row.unreadable !== null) return;
    const next = new Set(marked);
    if (!next.delete(row.name)) next.add(row.name);
    anchor.current = row.name;
    onMark(next);
  };
  const open = (position: number): void => {
    const row = rows[position];
    if (row !== undefined && row.unreadable === null) goTo(gatewayPath(row.name));
  };
  const openMenuAt = (position: number, at: { x: number; y: number }): void => {
    const row = rows[position];
    if (row !== undefined && row.unreadable === null) openMenu({ name: row.name, ...at });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget || rows.length === 0) return; // the head's buttons keep their keys
    if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      event.preventDefault();
      return openMenuAt(active, placeOfRow(active));
    }
    const key = readGridKey(event);
    if (key === null) return;
    if (key.kind === 'none' && marked.size === 0) return;
    event.preventDefault();
    if (key.kind === 'all') onMark(new Set(rows.filter((row) => row.unreadable === null).map((row) => row.name)));
    else if (key.kind === 'none') onMark(new Set());
    else if (key.kind === 'edit') open(active);
    else if (key.kind === 'mark') (key.isRange ? markRange : turn)(active);
    else if (key.kind === 'move') {
      const to = moveTarget(key.by, active, rows.length);
      if (event.shiftKey) markRange(to);
      else anchor.current = null;
      move(to);
    }
  };
  const onClick = (event: MouseEvent<HTMLDivElement>): void => {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const position = positionOf(target);
    if (position === null) return;
    activate(position);
    const button = target.closest('[data-menu]');
    if (button !== null) {
      const { right, bottom } = button.getBoundingClientRect();
      return openMenuAt(position, { x: right, y: bottom });
    }
    if (event.shiftKey) return markRange(position);
    if (event.ctrlKey || event.metaKey || target.closest('[data-mark]') !== null) {
      event.preventDefault(); // a link with Ctrl would open a window
      return turn(position);
    }
    if (target.closest('a') === null) open(position);
  };
  const onContextMenu = (event: MouseEvent<HTMLDivElement>): void => {
    const position = positionOf(event.target);
    if (position === null) return;
    event.preventDefault();
    activate(position);
    openMenuAt(position, { x: event.clientX, y: event.clientY });
  };
  const onDragStart = (event: DragEvent<HTMLDivElement>): void => {
    const position = positionOf(event.target);
    const row = position === null ? undefined : rows[position];
    if (row === undefined) return;
    writeDraggedGateways(event.dataTransfer, marked.has(row.name) ? [...marked] : [row.name]);
  };
  return { active, onKeyDown, onClick, onContextMenu, onDragStart };
}

function placeOfRow(position: number): { x: number; y: number } {
  const box = document.getElementById(`gateway-row-${position}`)?.getBoundingClientRect();
  return box === undefined ? { x: 0, y: 0 } : { x: box.left + 48, y: box.bottom };
}
