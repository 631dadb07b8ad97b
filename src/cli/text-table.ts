// Results as text for people: columns.

import { visibleLine } from '../model/text/visible.js';

/** Columns aligned under their titles, two blanks apart; `right` names the numeric columns. */
export function formatColumns(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): string {
  const shown = rows.map((row) => row.map(visibleLine));
  const widths = titles.map((title, i) => Math.max(title.length, ...shown.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (right.includes(titles[i] ?? '') ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [titles, ...shown].map(line).join('\n');
}
