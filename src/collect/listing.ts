// A listing of ipvsadm(8): three header lines, then a line for every virtual and every real server.
//
//   IP Virtual Server version 1.2.1 (size=4096)
//   Prot LocalAddress:Port Scheduler Flags
//     -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
//
// The second and third tell which listing it is. No line wraps, and long addresses push the columns right, so lines are
// split on blanks. A listing whose last line has no end was cut. See print_title() in ipvsadm.c.

import { CollectError, quote } from './collect-error.js';

/** Which listing is expected: how it is called in messages and what heads it, split on blanks and joined with one. */
export interface Layout {
  readonly command: string;
  readonly title: string;
  readonly columns: string;
}

/** `ipvsadm -L -n --stats --exact`: the five counters. */
export const statsLayout: Layout = {
  command: 'ipvsadm -L -n --stats --exact',
  title: 'Prot LocalAddress:Port Conns InPkts OutPkts InBytes OutBytes',
  columns: '-> RemoteAddress:Port',
};

/** `ipvsadm -L -n`: scheduler, flags, forwarding, weight and concurrent connections. */
export const tableLayout: Layout = {
  command: 'ipvsadm -L -n',
  title: 'Prot LocalAddress:Port Scheduler Flags',
  columns: '-> RemoteAddress:Port Forward Weight ActiveConn InActConn',
};

/** Why one line is no part of a listing; `forEachEntry` adds where it stands and what it says. */
export class LineProblem extends Error {
  readonly code: 'bad-line' | 'duplicate';

  constructor(reason: string, code: 'bad-line' | 'duplicate' = 'bad-line') {
    super(reason);
    this.code = code;
  }
}

const firstWords = 'IP Virtual Server version ';

/** Longer than any line ipvsadm can print; what is longer is not taken apart. */
const longestLine = 1024;

const blank = 32;
const tab = 9;

/**
 * Calls `visit` with the words of every line below the header. A `LineProblem` it throws becomes a `CollectError` with
 * the line's number and text; a listing without its header, of another kind or cut off is one too.
 */
export function forEachEntry(
  { text, layout, source }: { readonly text: string; readonly layout: Layout; readonly source: string },
  visit: (words: readonly string[]) => void,
): void {
  let start = checkHeader(text, layout, source);
  if (!text.endsWith('\n')) {
    const lastLine = text.slice(text.lastIndexOf('\n') + 1);
    throw new CollectError('cut-off', `${source} is cut off: its last line, ${quote(lastLine)}, has no end; ${again}`);
  }
  for (let lineNumber = 4; start < text.length; lineNumber++) {
    const end = text.indexOf('\n', start);
    try {
      visit(splitWords(text, start, end));
    } catch (error) {
      if (!(error instanceof LineProblem)) throw error;
      const where = `line ${lineNumber} of ${source}`;
      throw new CollectError(error.code, `${where}, ${quote(text.slice(start, end))}: ${error.message}`, {
        cause: error,
      });
    }
    start = end + 1;
  }
}

const again = 'read it again; if it stays so, see whether the disk it comes from is full';

/** Where the first entry starts. */
function checkHeader(text: string, layout: Layout, source: string): number {
  const [first = '', title, columns, rest] = text.split('\n', 4);
  if (!first.startsWith(firstWords)) {
    if (text !== '' && firstWords.startsWith(text)) throw headerCut(source);
    const found = text === '' ? 'nothing at all' : `it begins with ${quote(first)}`;
    throw new CollectError(
      'no-header',
      `${source} is no listing of virtual servers: expected a first line "${firstWords}…", found ${found}; ` +
        `is the command ipvsadm, with nothing else written to its standard output?`,
    );
  }
  if (title === undefined || columns === undefined || rest === undefined) throw headerCut(source);
  const head = `${words(title)}\n${words(columns)}`;
  if (head !== `${layout.title}\n${layout.columns}`) throw otherListing(head, layout, source);
  return first.length + title.length + columns.length + 3;
}

function headerCut(source: string): CollectError {
  return new CollectError('cut-off', `${source} is cut off: it ends within its header of three lines; ${again}`);
}

function otherListing(head: string, layout: Layout, source: string): CollectError {
  const other = [statsLayout, tableLayout].find(({ title, columns }) => head === `${title}\n${columns}`);
  const found =
    other === undefined ? `the columns ${quote(head.replace('\n', ' / '), 160)}` : `that of "${other.command}"`;
  return new CollectError(
    'wrong-listing',
    `${source} is another listing than expected: the header of "${layout.command}" is wanted, found ${found}`,
  );
}

function words(line: string): string {
  return line.length > longestLine ? line : splitWords(line, 0, line.length).join(' ');
}

/** The words of `text` from `start` to `end`. By hand: this runs for every line, and a regular expression costs thrice. */
function splitWords(text: string, start: number, end: number): string[] {
  if (end - start > longestLine) throw new LineProblem(`longer than any line of ipvsadm (${end - start} characters)`);
  const found: string[] = [];
  let wordStart = -1;
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code !== blank && code !== tab) {
      if (wordStart < 0) wordStart = index;
    } else if (wordStart >= 0) {
      found.push(text.slice(wordStart, index));
      wordStart = -1;
    }
  }
  if (wordStart >= 0) found.push(text.slice(wordStart, end));
  return found;
}
