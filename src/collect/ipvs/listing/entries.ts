// The entries of a listing of ipvsadm(8): each service with the real servers on the lines below its own.
//
// An unreadable line costs its own entry. A service's also costs the real servers below it: they never belong to the previous one.
// The kernel lists its table by position, so while entries come and go one may be listed twice: if its lines agree, the first counts; if
// they contradict each other, the entry is unreadable.

import type { ServiceId } from '../../../model/names/identity.js';
import { serviceName } from '../../../model/names/name.js';
import type { Note } from '../../../model/note.js';
import { CollectError } from '../../collect-error.js';
import { type EntriesSoFar, endService, type Grammar, noEntries, type ServiceLines } from './entries-so-far.js';
import { isRealServer, parseRealServerHead, parseServiceHead } from './entry-head.js';
import { dying, leaveOut, nameOf } from './leave-out.js';
import { LineProblem } from './listing.js';
import { forEachLine } from './listing-lines.js';

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

/** Parses a listing; messages call the text `source`. Throws a `CollectError`; a listing without a service is valid. */
export function parseEntries<R, S extends ServiceLines<R>>(
  text: string,
  source: string,
  grammar: Grammar<R, S>,
): Entries<S> {
  const soFar = noEntries(grammar, source);
  const remarks = forEachLine({ text, layout: grammar.layout, source }, (words, line) => {
    soFar.saying = null;
    try {
      if (line.tooLong !== null) throw new LineProblem(`longer than any line of ipvsadm (${line.tooLong} characters)`);
      if (isRealServer(words)) addRealServer(soFar, words);
      else addService(soFar, words);
    } catch (error) {
      if (!(error instanceof LineProblem)) throw error;
      leaveOut(soFar, { words, line, problem: error });
    }
  });
  const { services, refused, suspects, strayLines, saying } = soFar;
  // Entries may be missing after it.
  const isTorn = soFar.isTorn || (saying !== null && dying.test(saying));
  const notes = soFar.notes.all();
  const first = notes.find(({ kind }) => kind === 'refused');
  if (services.size + refused.size + suspects.size === 0 && first !== undefined) {
    throw new CollectError('bad-line', `nothing in ${source} can be read: ${first.text}`);
  }
  return { services, refused, suspects, strayLines, isTorn, notes: [...remarks, ...notes] };
}

function addService<R, S extends ServiceLines<R>>(soFar: EntriesSoFar<R, S>, words: readonly string[]): void {
  const { grammar, services, refused } = soFar;
  const { id, key, length } = parseServiceHead(words);
  endService(soFar);
  const service = grammar.service(id, words, length);
  const first = services.get(key);
  if (first === undefined) {
    // If one of two lines is unreadable, it is unknown whether they agree.
    if (refused.has(key)) throw new LineProblem(contradiction);
    services.set(key, service);
    soFar.current = service;
    return;
  }
  soFar.isTorn = true;
  if (!grammar.isSameService(first, service)) throw new LineProblem(contradiction);
  soFar.current = first;
  soFar.isAgain = true;
  soFar.notes.addRepeated(serviceName(id));
}

const contradiction = 'it is listed twice, and the lines do not agree';

function addRealServer<R, S extends ServiceLines<R>>(soFar: EntriesSoFar<R, S>, words: readonly string[]): void {
  const { current, grammar } = soFar;
  if (current === null) {
    if (soFar.above === null) throw new LineProblem('a real server before any service');
    soFar.above.below += 1;
    return;
  }
  const { id, key } = parseRealServerHead(words);
  const server = grammar.realServer(id, words);
  const first = current.realServers.get(key);
  if (first === undefined) {
    if (current.refused.has(key)) throw new LineProblem(contradiction);
    current.realServers.set(key, server);
    return;
  }
  soFar.isTorn = true;
  if (!grammar.isSameRealServer(first, server)) throw new LineProblem(contradiction);
  if (!soFar.isAgain) soFar.notes.addRepeated(nameOf(current, id));
}
