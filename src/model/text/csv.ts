// Comma-separated values (RFC 4180).

import { csvCell } from './csv-cell.js';

/** Rows as comma-separated values; each cell is safe to open. */
export function formatCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(csvCell).join(',')).join('\n');
}
