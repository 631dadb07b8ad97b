// The entries of a listing of ipvsadm(8): each service with the real servers on the lines below its own.
//
// An unreadable line costs its own entry. A service's also costs the real servers below it: they never belong to the previous one.
// The kernel lists its table by position, so while entries come and go one may be listed twice: if its lines agree, the first counts; if
// they contradict each other, the entry is unreadable.

import type { RealServerId, ServiceId } from '../../../model/names/identity.js';
import { realServerName, serviceName } from '../../../model/names/name.js';
import type { Note } from '../../../model/note.js';
import { CollectError } from '../../collect-error.js';
import { isRealServer, parseRealServerHead, parseServiceHead, suspectsOf } from './entry-head.js';
import { type LineNote, LineNotes } from './line-notes.js';
import { type Layout, LineProblem } from './listing.js';
import { forEachLine, type Line } from './listing-lines.js';

/** A service and its real servers, by key. */
export interface Block<R> {
  readonly id: ServiceId;
  readonly realServers: Map<string, R>;
  /** Real servers with unreadable values, by key. */
  readonly refused: Map<string, RealServerId>;
  /** Whether a line may belong to one of its real servers, of unknown identity. */
  hasStray: boolean;
}

/** The parsers for the lines of one kind of listing; `service` and `realServer` throw a `LineProblem`. */
export interface Grammar<R, S extends Block<R>> {
  readonly layout: Layout;
  readonly service: (id: ServiceId, words: readonly string[], from: number) => S;
  readonly realServer: (id: RealServerId, words: readonly string[]) => R;
  /** Can two lines, in their order, belong to the same entry of one table? */
  readonly isSameService: (first: S, second: S) => boolean;
  readonly isSameRealServer: (first: R, second: R) => boolean;
}

/** A listing, entry by entry. */
export interface Entries<S> {
  readonly services: ReadonlyMap<string, S>;
  /** Services with unreadable values, by key. */
  readonly refused: ReadonlyMap<string, ServiceId>;
  /** Services that a line with an unknown protocol may belong to. */
  readonly suspects: ReadonlyMap<string, ServiceId>;
  /** Number of lines with an unknown service. */
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
  /** The service of the next real servers: null when those of the line above are omitted, and before the first one. */
  block: S | null;
  /** The one before it. */
  before: S | null;
  /** Whether `block` is listed for the second time. */
  isAgain: boolean;
  /** The note on the service's line above, when that is omitted. */
  above: LineNote | null;
  strayLines: number;
  isTorn: boolean;
  /** The newest line, if it is program output. */
  saying: string | null;
}

/** Parses a listing; messages call the text `source`. Throws a `CollectError`; a listing without a service is valid. */
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
  // Entries may be missing after it.
  const isTorn = reading.isTorn || (saying !== null && dying.test(saying));
  const notes = reading.notes.all();
  const first = notes.find(({ kind }) => kind === 'refused');
  if (services.size + refused.size + suspects.size === 0 && first !== undefined) {
    throw new CollectError('bad-line', `nothing in ${source} can be read: ${first.text}`);
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
    // If one of two lines is unreadable, it is unknown whether they agree.
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
    if (reading.above === null) throw new LineProblem('a real server before any service');
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

/** An unreadable line, and the reason. */
interface BadLine {
  readonly words: readonly string[];
  readonly line: Line;
  readonly problem: LineProblem;
}

/** Omits the entry of a line. */
function leaveOut<R, S extends Block<R>>(reading: Reading<R, S>, bad: BadLine): void {
  const { block, notes } = reading;
  if (!isRealServer(bad.words)) {
    leaveOutService(reading, bad);
    return;
  }
  if (block === null) {
    // Below an omitted service, or before the first.
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
  // A line end was lost: the next lines belong to a service within this line.
  reading.before = block;
  reading.block = null;
  reading.above = note;
  reading.strayLines += 1;
}

const [serviceMark, realServerMark] = [/(?:TCP|UDP|SCTP|FWM)$/, /->$/];

/** May an unreadable line be two lines, the second of which begins with a word of this kind? */
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

/** The last words of a program that was ended early, from a shell or from ssh(1). */
const dying =
  /^(Killed|Terminated|Aborted|Hangup|Quit|Alarm clock|Segmentation fault|Bus error|Broken pipe|Connection .*(reset|closed by remote host|timed out|lost)|Timeout)/i;

/**
 * Is a line program output within the listing ("Killed", "Connection to lb1 closed.")? A damaged line of ipvsadm has a number in it, or
 * does not begin like a sentence.
 */
function isProse({ words, line }: BadLine): boolean {
  return (
    line.tooLong === null &&
    /^[A-Z][a-z']{2,}/.test(words[0] ?? '') &&
    words.every((word) => /^["'(]?[A-Za-z]/.test(word))
  );
}

/** Omits a line with an unknown service; it may have been one of the real servers above it. */
function leaveOutStray<R, S extends Block<R>>(reading: Reading<R, S>, bad: BadLine): void {
  reading.above = reading.notes.addRefused(bad, { entry: null, what: 'an entry' });
  const suspects = suspectsOf(bad.words);
  for (const id of suspects) reading.suspects.set(serviceName(id), id);
  if (suspects.length > 0) return;
  reading.strayLines += 1;
  // A line that begins like a service's was not a real server of the one above.
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
