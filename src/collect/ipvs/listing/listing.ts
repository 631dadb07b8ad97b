// A listing of ipvsadm(8): three header lines, then a line for every virtual and every real server.
//
//   IP Virtual Server version 1.2.1 (size=4096)
//   Prot LocalAddress:Port Scheduler Flags
//     -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
//
// The second and third identify the listing. No line wraps, and long addresses push the columns right, so lines are split on blanks.
// Artefacts of a terminal are ignored: carriage returns at line ends, blank lines. See print_title() in ipvsadm.c.

/** The expected listing: its name in messages and its header, split on blanks and joined with one. */
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

/** A text, its name in messages, and the listing wanted from it. */
export interface ListingText {
  readonly text: string;
  readonly layout: Layout;
  readonly source: string;
}

/** Why a line, or a part of it, is unreadable; the caller adds its position and its text. */
export class LineProblem extends Error {}

/** Longer than any line that ipvsadm can print; longer lines are not parsed. */
export const longestLine = 1024;

const [blank, tab] = [32, 9];

/** The words of `text` from `start` to `end`. By hand: this runs for every line, and a regular expression takes three times as long. */
export function splitWords(text: string, start: number, end: number): string[] {
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
