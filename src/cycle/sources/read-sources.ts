// Reads the sources of a cycle concurrently.

import type { CycleReads } from '../../interpret/interpret.js';
import type { KnownState } from '../../model/cycle.js';
import type { Note } from '../../model/note.js';
import type { UserError } from '../../model/user-error.js';
import type { Moment, Source, SourceOutcome } from './source.js';
import { type SourceOptions, sources } from './sources.js';

/** How to read the sources. */
export interface ReadOptions extends SourceOptions {
  /** Instead of the registered ones. */
  readonly sources?: readonly Source<SourceOptions>[];
}

/** The outcomes of one cycle. */
export interface SourcesRead extends Moment, CycleReads {
  /** Those of the requested sources. */
  readonly outcomes: readonly SourceOutcome[];
  /** Seconds that reading each took, by its name. */
  readonly tookS: ReadonlyMap<string, number>;
}

/** Reads them. */
export async function readSources(options: ReadOptions, previous: KnownState): Promise<SourcesRead> {
  const startS = Math.floor(options.nowS());
  const opened = (options.sources ?? sources).map(({ name, open, unasked, isBeside }) => ({
    name,
    read: open(options),
    unasked,
    isBeside,
  }));
  const tookS = new Map<string, number>();
  const isAlone = opened.filter(({ read, isBeside }) => read !== null && !isBeside).length === 1;
  const all = await Promise.all(
    opened.map(async ({ name, read, unasked }) => {
      if (read === null) return unasked;
      const startMs = performance.now();
      try {
        return await read({ previous, isAlone });
      } finally {
        tookS.set(name, (performance.now() - startMs) / 1000);
      }
    }),
  );
  const outcomes = all.filter((one) => 'problem' in one);
  const timed = outcomes.find(({ moment }) => moment !== null);
  const timeS = timed?.read.isRead ? timed.moment?.timeS : undefined;
  return {
    timeS: timeS ?? startS,
    host: timed?.moment?.host ?? null,
    outcomes,
    tookS,
    reads: all.map((one) => ('problem' in one ? one.read : one)),
  };
}

/** The errors of requested sources that could not be read. */
export function problemsOf({ outcomes }: SourcesRead): readonly UserError[] {
  return outcomes.flatMap(({ problem }) => problem ?? []);
}

/** Entries that were left out, and remarks. */
export function notesOf({ outcomes }: SourcesRead): readonly Note[] {
  return outcomes.flatMap(({ notes }) => notes);
}

/** Was any source read? */
export function isRead({ reads }: SourcesRead): boolean {
  return reads.some((read) => read.isRead);
}
