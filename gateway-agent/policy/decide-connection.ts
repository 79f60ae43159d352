// The first two rungs of the ladder: who may connect, and whether there is room.
import type { Address } from '#contract/addresses';
import type { ActiveControl } from './build-policy.ts';

/** `entry` and `note` come from the list that decided, where one of its entries did. */
export type Decision =
  | { accept: true; entry?: string; note?: string }
  | { accept: false; rule: 'deny-list' | 'not-permitted'; entry?: string; note?: string };

/** Only the active mode's list decides, so an operator reads one list to know the answer. */
export function decideConnection(control: ActiveControl, peer: Address): Decision {
  const match = control.list.find(peer);
  if (match === null) {
    return control.mode === 'accept-except' ? { accept: true } : { accept: false, rule: 'not-permitted' };
  }
  const found = match.note === null ? { entry: match.entry } : { entry: match.entry, note: match.note };
  return control.mode === 'accept-except' ? { accept: false, rule: 'deny-list', ...found } : { accept: true, ...found };
}

/** `open` counts all listeners and draining sessions, without the connection asked about; a lower limit cuts nobody. */
export function decideRoom(
  limit: number | null,
  open: number,
): { accept: true } | { accept: false; rule: 'simultaneous-connections' } {
  return limit === null || open < limit ? { accept: true } : { accept: false, rule: 'simultaneous-connections' };
}
