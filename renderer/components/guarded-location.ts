// Where the window is (the hash), with one guard that may ask before it moves: unsaved changes are never lost by a
// click or by Alt+Left.
import { useCallback, useEffect, useSyncExternalStore } from 'react';

/** Asked before the window moves to `to`; calls `leave` when the user agrees. */
type LeaveGuard = { blocks: (to: string) => boolean; ask: (leave: () => void) => void };

let guard: LeaveGuard | null = null;
let current = readHash();
const listeners = new Set<() => void>();

function readHash(): string {
  return `/${window.location.hash.replace(/^#?\/?/, '')}`;
}

function moveTo(path: string): void {
  current = path;
  if (readHash() !== path) window.location.hash = path;
  for (const listener of listeners) listener();
}

function requestMove(path: string): void {
  if (path === current) return;
  if (guard?.blocks(path) !== true) return moveTo(path);
  // The address line already moved when the user went back: put it where the screen still is.
  if (readHash() !== current) window.history.replaceState(null, '', `#${current}`);
  guard.ask(() => {
    guard = null;
    moveTo(path);
  });
}

window.addEventListener('hashchange', () => requestMove(readHash()));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A location hook for wouter's Router. */
export function useGuardedLocation(): [string, (to: string) => void] {
  return [useSyncExternalStore(subscribe, () => current), goTo];
}

/** Moves the window, unless the guard asks first. */
export function goTo(path: string): void {
  requestMove(path);
}

/** False where the guard would ask before the window moves there. */
export function isFreeToLeaveFor(path: string): boolean {
  return guard?.blocks(path) !== true;
}

/** While `isDirty`, asks before leaving paths under `stays`, and before the window closes. */
export function useLeaveGuard(options: { isDirty: boolean; stays: string; ask: (leave: () => void) => void }): void {
  const { isDirty, stays, ask } = options;
  const blocks = useCallback((to: string) => to !== stays && !to.startsWith(`${stays}/`), [stays]);
  useEffect(() => {
    if (!isDirty) return undefined;
    const mine: LeaveGuard = { blocks, ask };
    guard = mine;
    const holdWindow = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', holdWindow);
    return () => {
      if (guard === mine) guard = null;
      window.removeEventListener('beforeunload', holdWindow);
    };
  }, [isDirty, blocks, ask]);
}
