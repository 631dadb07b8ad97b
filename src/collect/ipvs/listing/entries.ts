// The entries of a listing of ipvsadm(8): each virtual server with the real servers whose lines stand below its own.
//
// A line that cannot be read costs its own entry. Where that is a virtual server, it costs the real servers below it too: they are
// never those of the one before. The kernel tells its table by position, so while others come and go an entry may be listed twice:
// where its lines agree, the first stands; where they contradict each other, the entry cannot be read.

import type { RealServerId, ServiceId } from '../../../model/names/identity.js';
import { realServerName, serviceName } from '../../../model/names/name.js';
import type { Note } from '../../../model/note.js';
import { CollectError } from '../../collect-error.js';
import { isRealServer, parseRealServerHead, parseServiceHead, suspectsOf } from './entry-head.js';
import { type LineNote, LineNotes } from './line-notes.js';
import { type Layout, LineProblem } from './listing.js';
import { forEachLine, type Line } from './listing-lines.js';

/** A virtual server and its real servers, by key. */
export interface Block<R> {
  readonly id: ServiceId;
  readonly realServers: Map<string, R>;
  /** Real servers whose values could not be read, by key. */
  readonly refused: Map<string, RealServerId>;
  /** Whether there is a line that may be of a real server of it, and nobody knows of which. */
  hasStray: boolean;
}

/** How the lines of one kind of listing are read; `service` and `realServer` throw a `LineProblem`. */
export interface Grammar<R, S extends Block<R>> {
  readonly layout: Layout;
  readonly service: (id: ServiceId, words: readonly string[], from: number) => S;
  readonly realServer: (id: RealServerId, words: readonly string[]) => R;
  /** May two lines, in their order, be of the same entry of one table? */
  readonly isSameService: (first: S, second: S) => boolean;
  readonly isSameRealServer: (first: R, second: R) => boolean;
}

/** A listing, entry by entry. */
export interface Entries<S> {
  readonly services: ReadonlyMap<string, S>;
  /** Virtual servers whose values could not be read, by key. */
  readonly refused: ReadonlyMap<string, ServiceId>;
  /** Those that a line may be of whose protocol is not known. */
  readonly suspects: ReadonlyMap<string, ServiceId>;
  /** Lines of which nobody knows the virtual server. */
  readonly strayLines: number;
  /** Whether an entry is listed twice: others may be missing then. */
  readonly isTorn: boolean;
  readonly notes: readonly Note[];
}

interface Reading<R, S extends Block<R>> {
  readonly grammar: Grammar<R, S>;
  readonly services: Map<string, S>;
  readonly refused: Map<string, ServiceId>;
  readonly suspects: Map<string, ServiceId>;
  readonly notes: LineNotes;
  /** Whose real servers come next: null where those of the line above are left out, and before the first virtual server. */
  block: S | null;
  /** The one before it. */
  before: S | null;
  /** Whether `block` is listed for a second time. */
  isAgain: boolean;
  /** The note on the virtual server's line above, where that is left out. */
  above: LineNote | null;
  strayLines: number;
  isTorn: boolean;
  /** The newest line, where it is what a program says. */
  saying: string | null;
}

/** Reads a listing; `source` is what messages call the text. Throws a `CollectError`; no virtual server at all is a listing too. */
export function parseEntries<R, S extends Block<R>>(text: string, source: string, grammar: Grammar<R, S>): Entries<S> {
  const reading: Reading<R, S> = {
    grammar,
    services: new Map(),
    refused: new Map(),
    suspects: new Map(),
    notes: new LineNotes(source),
    block: null,
    before: null,
    isAgain: false,
    above: null,
    strayLines: 0,
    isTorn: false,
    saying: null,
  };
  const remarks = forEachLine({ text, layout: grammar.layout, source }, (words, line) => {
    reading.saying = null;
    try {
      if (line.tooLong !== null) throw new LineProblem(`longer than any line of ipvsadm (${line.tooLong} characters)`);
      if (isRealServer(words)) addRealServer(reading, words);
      else addService(reading, words);
    } catch (error) {
      if (!(error instanceof LineProblem)) throw error;
      leaveOut(reading, { words, line, problem: error });
    }
  });
  const { services, refused, suspects, strayLines, saying } = reading;
  // Entries may be missing behind it.
  const isTorn = reading.isTorn || (saying !== null && dying.test(saying));
  const notes = reading.notes.all();
  const first = notes.find(({ kind }) => kind === 'refused');
  if (services.size + refused.size + suspects.size === 0 && first !== undefined) {
    throw new CollectError('bad-line', `nothing of ${source} can be read: ${first.text}`);
  }
  return { services, refused, suspects, strayLines, isTorn, notes: [...remarks, ...notes] };
}

function addService<R, S extends Block<R>>(reading: Reading<R, S>, words: readonly string[]): void {
  const { grammar, services, refused } = reading;
  const { id, key, length } = parseServiceHead(words);
  endBlock(reading);
  const service = grammar.service(id, words, length);
  const first = services.get(key);
  if (first === undefined) {
    // Where one of two lines cannot be read, nobody knows whether they agree.
    if (refused.has(key)) throw new LineProblem(contradiction);
    services.set(key, service);
    reading.block = service;
    return;
  }
  reading.isTorn = true;
  if (!grammar.isSameService(first, service)) throw new LineProblem(contradiction);
  reading.block = first;
  reading.isAgain = true;
  reading.notes.addRepeated(serviceName(id));
}

function endBlock<R, S extends Block<R>>(reading: Reading<R, S>): void {
  reading.before = reading.block ?? reading.before;
  reading.block = null;
  reading.isAgain = false;
  reading.above = null;
}

const contradiction = 'it is listed twice, and the lines do not agree';

function addRealServer<R, S extends Block<R>>(reading: Reading<R, S>, words: readonly string[]): void {
  const { block, grammar } = reading;
  if (block === null) {
    if (reading.above === null) throw new LineProblem('a real server before any virtual server');
    reading.above.below += 1;
    return;
  }
  const { id, key } = parseRealServerHead(words);
  const server = grammar.realServer(id, words);
  const first = block.realServers.get(key);
  if (first === undefined) {
    if (block.refused.has(key)) throw new LineProblem(contradiction);
    block.realServers.set(key, server);
    return;
  }
  reading.isTorn = true;
  if (!grammar.isSameRealServer(first, server)) throw new LineProblem(contradiction);
  if (!reading.isAgain) reading.notes.addRepeated(nameOf(block, id));
}

/** A line that cannot be read, and why. */
interface BadLine {
  readonly words: readonly string[];
  readonly line: Line;
  readonly problem: LineProblem;
}

/** Leaves out the entry of a line. */
function leaveOut<R, S extends Block<R>>(reading: Reading<R, S>, bad: BadLine): void {
  const { block, notes } = reading;
  if (!isRealServer(bad.words)) {
    leaveOutService(reading, bad);
    return;
  }
  if (block === null) {
    // Below one that is left out, or first of all.
    if (reading.above !== null) reading.above.below += 1;
    else leaveOutStray(reading, bad);
    return;
  }
  const head = headOr(() => parseRealServerHead(bad.words));
  if (head === null) {
    block.hasStray = true;
    notes.addRefused(bad, { entry: null, what: `a real server of ${serviceName(block.id)}` });
    return;
  }
  block.realServers.delete(head.key);
  const isNew = !block.refused.has(head.key);
  block.refused.set(head.key, head.id);
  const note = isNew ? notes.addRefused(bad, { entry: nameOf(block, head.id) }) : { below: 0 };
  if (isHidden(bad, realServerMark)) block.hasStray = true;
  if (!isHidden(bad, serviceMark)) return;
  // A line end was lost: what comes next is of a virtual server that stands in this line.
  reading.before = block;
  reading.block = null;
  reading.above = note;
  reading.strayLines += 1;
}

const [serviceMark, realServerMark] = [/(?:TCP|UDP|SCTP|FWM)$/, /->$/];

/** May a line that cannot be read be two lines, the second of which begins with such a word? */
function isHidden({ words, line }: BadLine, mark: RegExp): boolean {
  return line.tooLong !== null || words.slice(1).some((word) => mark.test(word));
}

function leaveOutService<R, S extends Block<R>>(reading: Reading<R, S>, bad: BadLine): void {
  const { services, refused, notes } = reading;
  if (isProse(bad)) {
    reading.saying = bad.line.text();
    notes.addProse(bad);
    return;
  }
  endBlock(reading);
  const head = headOr(() => parseServiceHead(bad.words));
  if (head === null) {
    leaveOutStray(reading, bad);
    return;
  }
  const { id, key } = head;
  services.delete(key);
  const isNew = !refused.has(key);
  refused.set(key, id);
  const note = { entry: serviceName(id) };
  reading.above = isNew ? notes.addRefused(bad, note) : { below: 0 };
  if (isHidden(bad, serviceMark)) reading.strayLines += 1;
}

/** The last words of a program that did not come to its end, from a shell or from ssh(1). */
const dying =
  /^(Killed|Terminated|Aborted|Hangup|Quit|Alarm clock|Segmentation fault|Bus error|Broken pipe|Connection .*(reset|closed by remote host|timed out|lost)|Timeout)/i;

/**
 * Is a line what a program says among the listing ("Killed", "Connection to lb1 closed.")? What is left of a line of ipvsadm has a number
 * in it, or does not begin like a sentence.
 */
function isProse({ words, line }: BadLine): boolean {
  return (
    line.tooLong === null &&
    /^[A-Z][a-z']{2,}/.test(words[0] ?? '') &&
    words.every((word) => /^["'(]?[A-Za-z]/.test(word))
  );
}

/** Leaves out a line of which nobody knows the virtual server; it may have been one of the real servers above it. */
function leaveOutStray<R, S extends Block<R>>(reading: Reading<R, S>, bad: BadLine): void {
  reading.above = reading.notes.addRefused(bad, { entry: null, what: 'an entry' });
  const suspects = suspectsOf(bad.words);
  for (const id of suspects) reading.suspects.set(serviceName(id), id);
  if (suspects.length > 0) return;
  reading.strayLines += 1;
  // A line that begins as a virtual server's was no real server of the one above.
  if (reading.before !== null && !serviceMark.test(bad.words[0] ?? '')) reading.before.hasStray = true;
}

function nameOf({ id }: { readonly id: ServiceId }, realServer: RealServerId): string {
  return `${serviceName(id)}/${realServerName(realServer)}`;
}

function headOr<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof LineProblem) return null;
    throw error;
  }
}
