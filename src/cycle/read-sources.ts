// Reads the sources of a cycle concurrently.

import type { CycleReading } from '../interpret/interpret.js';
import type { SourceName } from '../interpret/judge.js';
import type { KnownState } from '../model/cycle.js';
import type { Note } from '../model/note.js';
import { UserError } from '../model/user-error.js';
import { type DirectorOptions, directorSource, isLocal } from './director-source.js';
import { haproxySource } from './haproxy-source.js';
import { faultOf, type Moment, type SourceOutcome } from './source.js';

/** The sources to read, and how to read them. */
export interface SourceOptions extends DirectorOptions {
  /** Null when HAProxy is not requested; see `HaproxyOptions`. */
  readonly haproxy: string | null;
  readonly haproxyCa?: string | null;
}

/** The outcomes of one cycle; null for a source that was not requested. */
export interface SourcesRead extends Moment {
  readonly outcomes: { readonly [S in SourceName]: SourceOutcome<S> | null };
}

/** Reads them. */
export async function readSources(options: SourceOptions, previous: KnownState): Promise<SourcesRead> {
  const { haproxy: address, haproxyCa = null } = options;
  const startS = Math.floor(options.nowS());
  const [director, haproxy] = await Promise.all([
    directorSource(options).read(previous),
    address === null ? null : haproxySource({ haproxy: address, haproxyCa }).read(previous),
  ]);
  const moment =
    director.read instanceof UserError ? { timeS: startS, host: director.moment?.host ?? null } : director.moment;
  const isAbsent = haproxy !== null && isWithoutTable(director, options, previous);
  return {
    ...(moment ?? { timeS: startS, host: null }),
    outcomes: { director: isAbsent ? { ...director, read: null } : director, haproxy },
  };
}

/** A machine with only HAProxy is not a failing director: its table never had an entry, and it has none now. */
function isWithoutTable(
  { read }: SourceOutcome<'director'>,
  options: SourceOptions,
  { director }: KnownState,
): boolean {
  if (!(read instanceof UserError) || !isLocal(options) || director.services.size > 0) return false;
  return read.code === 'no-ipvsadm' || read.code === 'module-not-loaded';
}

/** The outcomes of the requested sources. */
export function outcomesOf({ outcomes }: SourcesRead): readonly SourceOutcome<SourceName>[] {
  return [outcomes.director, outcomes.haproxy].filter((outcome) => outcome !== null);
}

/** The errors of requested sources that could not be read. */
export function problemsOf(sources: SourcesRead): readonly UserError[] {
  return outcomesOf(sources).flatMap(({ read }) => (read instanceof UserError ? [read] : []));
}

/** Entries that were left out, and remarks. */
export function notesOf(sources: SourcesRead): readonly Note[] {
  return outcomesOf(sources).flatMap(({ notes }) => notes);
}

/** Was any source read? */
export function isRead(sources: SourcesRead): boolean {
  return outcomesOf(sources).some(({ read }) => read !== null && !(read instanceof UserError));
}

/** The input of `interpretCycle`. */
export function cycleReadingOf({ timeS, host, outcomes }: SourcesRead): CycleReading {
  const [director, haproxy] = [outcomes.director?.read ?? null, outcomes.haproxy?.read ?? null];
  return {
    timeS,
    host,
    director: director instanceof UserError ? faultOf(director) : director,
    haproxy: haproxy instanceof UserError ? faultOf(haproxy) : haproxy,
  };
}
