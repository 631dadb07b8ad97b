// Reads both listings of ipvsadm(8) at once into columns, if they are clean: nothing but whole lines in ipvsadm's own form, no entry twice,
// and the same entries at the same places in both. Nearly all readings are so; the others are left to the careful readers (../listing,
// ../join.ts), which are slow, but say what is wrong, and of which entry.
//
// The counters' listing comes first; the table's adds its words to the rows whose entries it repeats.

import { countersPerEntry, counterWords } from '../../../model/table/counter-words.js';
import { hasRepeated } from '../../../model/table/find-service.js';
import { forms, isSameEntry } from '../../../model/table/identity-words.js';
import { newColumns, rowsOf, serviceCount, type TableColumns, TextIndex } from '../../../model/table/table-columns.js';
import { LineProblem, statsLayout, tableLayout } from '../listing/listing.js';
import { largestWeight, maxConnections, parseForwarding, parseSetUp } from '../listing/parse-table.js';
import { cleanBody, countLines } from './clean-body.js';
import { type LineScanner, notClean } from './line-scanner.js';

type Draft = ReturnType<typeof newColumns>;

/** The table of two listings; null if they are not clean. */
export function readClean(stats: Buffer, table: Buffer): TableColumns | null {
  try {
    const draft = readStatsListing(cleanBody(stats, statsLayout));
    if (hasRepeated(draft)) return null;
    return { ...draft, texts: readTableListing(cleanBody(table, tableLayout), draft), lacks: new Map() };
  } catch (error) {
    if (error === notClean || error instanceof LineProblem) return null;
    throw error;
  }
}

const [letterF, letterS, letterT, letterU, blank] = [70, 83, 84, 85, 32];

/** Reads the head of a service's line up to its next word, as the identity of that row. */
function readServiceHead(scanner: LineScanner, identities: Uint32Array, row: number): void {
  const first = scanner.byte();
  if (first === letterF) {
    scanner.word('FWM');
    scanner.mark(identities, row);
    return;
  }
  if (first === letterT) scanner.word('TCP');
  else if (first === letterU) scanner.word('UDP');
  else if (first === letterS) scanner.word('SCTP');
  else throw notClean;
  const form = first === letterT ? forms.tcp : first === letterU ? forms.udp : forms.sctp;
  scanner.endpoint(identities, row, form);
  scanner.blanks();
}

/** Reads the head of a real server's line up to its next word. */
function readServerHead(scanner: LineScanner, identities: Uint32Array, row: number): void {
  scanner.arrow();
  scanner.endpoint(identities, row, forms.realServer);
  scanner.blanks();
}

/** Reads the counters' listing. */
function readStatsListing(scanner: LineScanner): Draft {
  const end = scanner.bytes.length;
  const rows = countLines(scanner.bytes, scanner.at);
  const draft = newColumns(rows, rows);
  const { starts, identities, counters } = draft;
  let services = 0;
  for (let row = 0; scanner.at < end; row += 1) {
    const lineStart = scanner.at;
    if (scanner.byte() !== blank) {
      readServiceHead(scanner, identities, row);
      starts[services] = row;
      services += 1;
    } else if (services === 0) throw notClean;
    else readServerHead(scanner, identities, row);
    for (let i = 0; i < countersPerEntry; i += 1) {
      if (i > 0) scanner.blanks();
      scanner.counter(counters, row * counterWords + 2 * i);
    }
    scanner.endLine(lineStart);
  }
  starts[services] = rows;
  return { ...draft, starts: starts.slice(0, services + 1) };
}

/** Reads the table's listing into the rows of the counters', and returns its texts. */
function readTableListing(scanner: LineScanner, draft: Draft): readonly string[] {
  const { setUps, weights, connections } = draft;
  const texts = new TextReader(scanner);
  for (let service = 0; service < serviceCount(draft); service += 1) {
    const [start, end] = rowsOf(draft, service);
    for (let row = start; row < end; row += 1) {
      const lineStart = scanner.at;
      readSameHead(scanner, draft, row, row === start);
      if (row === start) setUps[row] = texts.restOfLine(parseSetUp);
      else {
        setUps[row] = texts.word(parseForwarding);
        weights[row] = readNumber(scanner, largestWeight);
        connections[2 * row] = readNumber(scanner, maxConnections);
        connections[2 * row + 1] = readNumber(scanner, maxConnections);
      }
      scanner.endLine(lineStart);
    }
  }
  if (scanner.at !== scanner.bytes.length) throw notClean;
  return texts.texts;
}

const found = new Uint32Array(5);

/** Reads the head of a line, which must be that of the row. */
function readSameHead(scanner: LineScanner, { identities }: Draft, row: number, isService: boolean): void {
  if (isService) readServiceHead(scanner, found, 0);
  else readServerHead(scanner, found, 0);
  if (!isSameEntry(found, 0, identities, row)) throw notClean;
}

function readNumber(scanner: LineScanner, largest: number): number {
  scanner.blanks();
  return scanner.number(largest);
}

/** Reads words that recur line after line: each is checked and kept once. */
class TextReader {
  readonly #scanner: LineScanner;
  /** Words and texts that were checked; the two are checked differently. */
  readonly #words = new Map<string, number>();
  readonly #rests = new Map<string, number>();
  readonly #index = new TextIndex();
  /** The newest word: its place, its length, and its index. */
  #last = { at: 0, length: 0, index: 0 };

  constructor(scanner: LineScanner) {
    this.#scanner = scanner;
  }

  get texts(): readonly string[] {
    return this.#index.texts;
  }

  /** The index of the next word, which `parse` checks. */
  word(parse: (text: string) => string): number {
    const { bytes, at } = this.#scanner;
    if (this.#scanner.repeats(this.#last.at, this.#last.length)) return this.#last.index;
    const end = bytes.indexOf(blank, at);
    if (end < 0) throw notClean;
    this.#last = { at, length: end - at, index: this.#take(end, parse, this.#words) };
    return this.#last.index;
  }

  /** The index of the words up to the end of the line. */
  restOfLine(parse: (text: string) => string): number {
    return this.#take(this.#scanner.bytes.indexOf('\n', this.#scanner.at), parse, this.#rests);
  }

  #take(end: number, parse: (text: string) => string, known: Map<string, number>): number {
    const { bytes, at } = this.#scanner;
    const text = bytes.toString('latin1', at, end);
    const index = known.get(text) ?? this.#index.indexOf(parse(text));
    known.set(text, index);
    this.#scanner.at = end;
    return index;
  }
}
