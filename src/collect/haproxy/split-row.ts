// One row of the CSV of "show stat": fields between commas. A quoted field may contain commas, quotes (doubled) and line ends. A malformed
// row loses only its first line, so that a stray quote does not swallow the rows below it.

/** A row split into fields. */
export interface SplitRow {
  /** All fields of a well-formed row, else those before the first malformed one. */
  readonly fields: readonly string[];
  /** It is well formed, and has the expected number of fields. */
  readonly isWhole: boolean;
  readonly isMisquoted: boolean;
  /** Its quote stays open until the end of the text. */
  readonly isOpen: boolean;
  /** The start of the next row, and how many lines further it is. */
  readonly next: number;
  readonly lines: number;
}

/** Splits the row that starts at `at`, whose first line is `raw` and ends at `end`. */
export function splitRow(
  text: string,
  at: number,
  { raw, end, count }: { readonly raw: string; readonly end: number; readonly count: number },
): SplitRow {
  const next = { next: end + 1, lines: 1 };
  const plain = { isMisquoted: false, isOpen: false, ...next };
  if (!raw.includes('"')) {
    const fields = raw.split(',');
    return { fields, isWhole: fields.length === count, ...plain };
  }
  const quoted = readQuoted(text, at);
  // A malformed row of several lines may have swallowed others: only its first line is dropped.
  if (quoted.end === null) {
    return { fields: quoted.fields, isWhole: false, ...plain, isMisquoted: true, isOpen: quoted.isOpen };
  }
  const isWhole = quoted.fields.length === count;
  if (!isWhole) return { fields: quoted.fields, isWhole, ...plain };
  const lines = text.slice(at, quoted.end).split('\n').length - 1;
  return { fields: quoted.fields, isWhole, ...plain, next: quoted.end, lines };
}

/** HAProxy's buffer, into which a line must fit, is far smaller. */
const longestField = 2 ** 18;

/** The fields before the first malformed one; `end` is after the line end, null when there is a malformed field. */
function readQuoted(text: string, start: number): { fields: string[]; end: number | null; isOpen: boolean } {
  const fields: string[] = [];
  for (let at = start; ; ) {
    const isQuoted = text[at] === '"';
    const close = isQuoted ? closingQuote(text, at) : plainEnd(text, at);
    if (close < 0 || close - at > longestField) return { fields, end: null, isOpen: close < 0 };
    const field = isQuoted ? text.slice(at + 1, close).replaceAll('""', '"') : text.slice(at, close);
    at = isQuoted ? close + 1 : close;
    const end = text[at] === '\n' ? at + 1 : text.startsWith('\r\n', at) ? at + 2 : null;
    if (end === null && text[at] !== ',') return { fields, end, isOpen: false };
    fields.push(field);
    if (end !== null) return { fields, end, isOpen: false };
    at += 1;
  }
}

/** The end of an unquoted field: at a comma, a quote or a line end. */
function plainEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !',"\n'.includes(text[at] ?? '')) at += 1;
  return text[at] === '\n' && text[at - 1] === '\r' && at > start ? at - 1 : at;
}

/** The position of the quote that closes the one at `open`, or a position too far away to read on; -1 when there is none. */
function closingQuote(text: string, open: number): number {
  for (let at = open + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0 || quote - open > longestField || text[quote + 1] !== '"') return quote;
    at = quote + 2;
  }
}
