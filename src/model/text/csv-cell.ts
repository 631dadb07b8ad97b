// One cell of comma-separated values (RFC 4180), safe to open: a spreadsheet executes a text that begins like a formula, and a
// terminal obeys control characters. Names and messages come from other programs, so no text is trusted.
// https://owasp.org/www-community/attacks/CSV_Injection

/** A number as `String(number)` writes it: negative ones begin like a formula, but stay numbers. */
const number = /^-?\d+(\.\d+)?(e[+-]\d+)?$/;

/** The beginning of a formula, in the wide forms too, which spreadsheets take for the same; some drop spaces before it. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/u;

/**
 * A text as one cell: an apostrophe goes before what a spreadsheet would execute, control characters become U+FFFD, and quotes go
 * around the cell where a comma or a quote asks for them (no line break is left). A number stays as it is.
 */
export function csvCell(text: string): string {
  if (number.test(text)) return text;
  const harmless = `${formula.test(text) ? "'" : ''}${text.replace(/\p{Cc}/gu, '\ufffd')}`;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
