// Plain columns for a terminal: no frame, so that lines can be cut and searched.

/** Rows under a header; the last column is never padded. Cells with line breaks continue below. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header.map((title) => title.toUpperCase()), ...rows.flatMap(splitLines)];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function splitLines(row: readonly string[]): string[][] {
  const cells = row.map((cell) => cell.split('\n'));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => cells.map((lines) => lines[line] ?? ''));
}
