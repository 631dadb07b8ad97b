// One row of the CSV of "show stat": fields between commas. One in quotes may hold commas, quotes (twice) and line ends.
// A row that is not well formed costs its first line only, so that a stray quote does not swallow the rows below it.

/** A row taken apart. */
export interface SplitRow {
  /** All of them where it is well formed, else those before the first that is not. */
  readonly fields: readonly string[];
  /** It is well formed, and has as many fields as are wanted. */
  readonly isWhole: boolean;
  readonly isMisquoted: boolean;
  /** Its quote stays open up to the end of the text. */
  readonly isOpen: boolean;
  /** Where the next row begins, and how many lines further. */
  readonly next: number;
  readonly lines: number;
}

/** Reads the row that begins at `at`, whose first line is `raw` and ends at `end`. */
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
  // A row of several lines that is not well formed may have swallowed others: only its first line is dropped.
  if (quoted.end === null) {
    return { fields: quoted.fields, isWhole: false, ...plain, isMisquoted: true, isOpen: quoted.isOpen };
  }
  const isWhole = quoted.fields.length === count;
  if (!isWhole) return { fields: quoted.fields, isWhole, ...plain };
  const lines = text.slice(at, quoted.end).split('\n').length - 1;
  return { fields: quoted.fields, isWhole, ...plain, next: quoted.end, lines };
}

/** A buffer of HAProxy, which a line has to fit into, is far smaller. */
const longestField = 2 ** 18;

/** The fields before the first that is not well formed; `end` is behind the line end, null where there is such a one. */
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

/** Where a field without quotes ends: at a comma, a quote or a line end. */
function plainEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !',"\n'.includes(text[at] ?? '')) at += 1;
  return text[at] === '\n' && text[at - 1] === '\r' && at > start ? at - 1 : at;
}

/** Where the quote that opens at `open` is closed, or is too far away to be read on; -1 where it never is. */
function closingQuote(text: string, open: number): number {
  for (let at = open + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0 || quote - open > longestField || text[quote + 1] !== '"') return quote;
    at = quote + 2;
  }
}
