// The columns of the fleet table: what they are called, how much room they need, and which of them fit.

/** In the order of the table. */
export const fleetColumns = [
  { id: 'name', label: 'Gateway', width: 128, share: 1.2, rank: 0 },
  { id: 'state', label: 'State', width: 126, share: 1.4, rank: 1 },
  { id: 'listener', label: 'Listener', width: 104, share: 0.4, rank: 7 },
  { id: 'connections', label: 'Connections', width: 160, share: 0, rank: 2 },
  { id: 'tls', label: 'TLS', width: 84, share: 0, rank: 3 },
  { id: 'queue', label: 'Queue', width: 64, share: 0, rank: 4 },
  { id: 'oldest', label: 'Oldest', width: 60, share: 0, rank: 5 },
  { id: 'agent', label: 'Agent', width: 68, share: 0, rank: 10 },
  { id: 'pushed', label: 'Last push', width: 140, share: 0.8, rank: 6 },
  { id: 'group', label: 'Group', width: 84, share: 0.3, rank: 8 },
  { id: 'tags', label: 'Tags', width: 104, share: 0.8, rank: 9 },
  { id: 'address', label: 'Address', width: 140, share: 0.5, rank: 11 },
  { id: 'revision', label: 'Runs', width: 128, share: 0, rank: 12 },
] as const;

export type ColumnId = (typeof fleetColumns)[number]['id'];

/** What a new installation shows; address and revision are there for those who want them. */
export const usualColumns: ColumnId[] = fleetColumns
  .map(({ id }) => id)
  .filter((id) => id !== 'address' && id !== 'revision');

/** Mark and menu at both ends, and the gap between columns; see fleet-table.module.css. */
const edges = 40 + 36;
const gap = 12;

/** Of the chosen columns those that fit into `width`, the least important left out first. The name always stays. */
export function fitColumns(chosen: readonly ColumnId[], width: number): ColumnId[] {
  const wanted = fleetColumns.filter(({ id }) => id === 'name' || chosen.includes(id));
  let room = width - edges - gap;
  const fitting = new Set<ColumnId>();
  for (const column of wanted.toSorted((a, b) => a.rank - b.rank)) {
    room -= column.width + gap;
    if (room < 0 && column.id !== 'name') break;
    fitting.add(column.id);
  }
  return wanted.map(({ id }) => id).filter((id) => fitting.has(id));
}

/** grid-template-columns of these columns. */
export function columnTemplate(shown: readonly ColumnId[]): string {
  const tracks = fleetColumns
    .filter(({ id }) => shown.includes(id))
    .map(({ width, share }) => (share === 0 ? `${width}px` : `minmax(${width}px, ${share}fr)`));
  return ['40px', ...tracks, '36px'].join(' ');
}
