// One cell of comma-separated values (RFC 4180), safe to open: a spreadsheet executes text that begins like a formula, and a
// terminal obeys control characters. Names and messages come from other programs, so no text is trusted.
// https://owasp.org/www-community/attacks/CSV_Injection

/** A number as `String(number)` writes it: a negative one begins like a formula, but stays a number. */
const number = /^-?\d+(\.\d+)?(e[+-]\d+)?$/;

/** The beginning of a formula, also in the wide forms that spreadsheets treat alike; some skip leading spaces. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/u;

/**
 * A text as one cell: an apostrophe precedes what a spreadsheet would execute, control characters (line breaks too) become
 * U+FFFD, and a cell with a comma or a quote is quoted. A number stays as it is.
 */
export function csvCell(text: string): string {
  if (number.test(text)) return text;
  const harmless = `${formula.test(text) ? "'" : ''}${text.replace(/\p{Cc}/gu, '\ufffd')}`;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
