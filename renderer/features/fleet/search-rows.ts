// Which rows a search shows. Pure.
import type { FleetRow } from '#ipc';
import { stateLooks } from '../../components/gateway-state.tsx';

/** Every word must occur in the name, host, state or what is wrong. */
export function searchRows(rows: readonly FleetRow[], query: string): FleetRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const state = row.unreadable === null ? stateLooks[row.sight.state].words : 'unreadable';
    const text = `${row.name} ${row.ssh?.host ?? ''} ${state} ${row.sight.problem?.message ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
