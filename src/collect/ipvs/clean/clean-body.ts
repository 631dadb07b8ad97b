// The lines of a clean listing: the text begins with its header of three lines, and ends with the end of a line. What stands before a header,
// several listings in a text, and what was cut off are for ../listing/listing-body.ts.

import { type Layout, splitWords } from '../listing/listing.js';
import { LineScanner, notClean } from './line-scanner.js';

const firstWords = 'IP Virtual Server version ';

/** More than the header of any ipvsadm. */
const maxHeaderBytes = 1024;

const lineEnd = 10;

/** A scanner at the first line below the header. Throws `notClean`. */
export function cleanBody(bytes: Buffer, { title, columns }: Layout): LineScanner {
  const head = bytes.toString('latin1', 0, Math.min(bytes.length, maxHeaderBytes));
  const lines = head.split('\n', 4);
  const [first = '', second = '', third = ''] = lines;
  const isHeader = lines.length === 4 && first.startsWith(firstWords) && normalized(second) === title;
  if (!isHeader || normalized(third) !== columns || bytes[bytes.length - 1] !== lineEnd) throw notClean;
  return new LineScanner(bytes, first.length + second.length + third.length + 3);
}

function normalized(line: string): string {
  return splitWords(line, 0, line.length).join(' ');
}

/** The number of lines from a byte on. */
export function countLines(bytes: Buffer, from: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(lineEnd, from); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) lines += 1;
  return lines;
}
