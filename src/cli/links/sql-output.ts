// The output of `lvs-stats links --sql`: a table for people, CSV and JSON for programs.

import type { SqlResult } from '../../model/links/sql-result.js';
import { formatCsv } from '../../model/text/csv.js';
import { visible, visibleLine } from '../../model/text/visible.js';
import { formatColumns } from '../text-table.js';

/** The formats of a result. A cut one has a last line about it in the table, and `isCut` in JSON. */
export const sqlFormats: Readonly<Record<'table' | 'csv' | 'json', (result: SqlResult) => string>> = {
  table: (result) => [tableOf(result), ...(result.isCut ? ['', cutRemark(result)] : [])].join('\n'),
  csv: ({ columns, rows }) => formatCsv([columns, ...textsOf(rows)]),
  json: (result) => visible(JSON.stringify(result)),
};

/** The remark about a result that is cut; CSV has no place for it, so the caller prints it beside CSV. */
export function cutRemark({ rows }: SqlResult): string {
  return `These are the first ${rows.length} rows; there are more: add a WHERE or a GROUP BY.`;
}

/** Numbers are aligned on the right; an unknown value is empty. */
function tableOf({ columns, rows }: SqlResult): string {
  const isNumeric = (i: number): boolean => {
    const known = rows.map((row) => row[i] ?? null).filter((value) => value !== null);
    return known.length > 0 && known.every((value) => typeof value === 'number');
  };
  // Columns of the same name may differ in kind, so each has a title of its own while they are aligned.
  const titles = columns.map(visibleLine);
  const numeric = titles.map((_, i) => isNumeric(i));
  const cells = textsOf(rows).map((row) => row.map(visibleLine));
  const widths = titles.map((title, i) =>
    cells.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), title.length),
  );
  const padded = cells.map((row) => row.map((cell, i) => (numeric[i] === true ? cell.padStart(widths[i] ?? 0) : cell)));
  return formatColumns(
    titles.map((title, i) => (numeric[i] === true ? title.padStart(widths[i] ?? 0) : title)),
    padded,
  );
}

function textsOf(rows: SqlResult['rows']): string[][] {
  return rows.map((row) => row.map((value) => String(value ?? '')));
}
