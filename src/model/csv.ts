// Comma-separated values (RFC 4180).

/** Rows as comma-separated values: a cell is quoted where a comma, a quote or a line break asks for it. */
export function formatCsv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join(',')).join('\n');
}
