// The judgement of a source without a form of its own, while it is made: which archives were read, are missing, are gone, or are back.

import type { About } from '../../model/archive.js';
import type { ArchiveChange, KnownArchive, KnownOther, Reading } from '../../model/cycle.js';
import type { LedgerEvent } from '../../model/ledger-event.js';
import { serviceOf } from '../../model/names/name.js';
import type { Judgement } from '../judge.js';

/** An archive that was read. */
export interface ReadArchive {
  readonly name: string;
  readonly about: About;
  /** One per data source; NaN if unknown. */
  readonly values: Float64Array;
  /** To be compared with in the next cycle. */
  readonly counters?: readonly bigint[];
}

/** The draft of a judgement. */
export class Draft {
  readonly gone: Map<string, number>;
  readonly #timeS: number;
  readonly #readings: Reading[] = [];
  readonly #archives: ArchiveChange[] = [];
  readonly #events: LedgerEvent[] = [];

  constructor(gone: ReadonlyMap<string, number>, timeS: number) {
    this.gone = new Map(gone);
    this.#timeS = timeS;
  }

  /** Reads an archive; after a return the time away is unknown. */
  keep({ name, about, values, counters = [] }: ReadArchive, before: KnownArchive | undefined): KnownArchive {
    const timeS = this.#timeS;
    const goneS = before === undefined ? this.gone.get(name) : undefined;
    const sinceS = before?.lastS ?? goneS ?? timeS - 1;
    const known = goneS === undefined ? values : new Float64Array(values.length).fill(Number.NaN);
    this.#readings.push({ archive: name, sinceS, timeS, values: known });
    const isSame = before !== undefined && isSameAbout(before.about, about);
    if (!isSame || before.absentS !== null) this.#archives.push({ name, about, lastS: null, goneS: null });
    if (before === undefined && name === serviceOf(name)) {
      this.#events.push({ timeS, archive: name, kind: goneS === undefined ? 'appeared' : 'back' });
    }
    if (goneS !== undefined) this.gone.delete(name);
    return { about, counters, lastS: timeS, absentS: null };
  }

  /** Misses an archive for the first time. */
  miss(name: string, own: KnownArchive): KnownArchive {
    this.#archives.push({ name, about: own.about, lastS: own.lastS, goneS: null });
    return { ...own, absentS: this.#timeS };
  }

  /** Takes an archive for gone. */
  remove(name: string, { about, lastS, absentS }: KnownArchive, detail?: string): void {
    const timeS = this.#timeS;
    this.#archives.push({ name, about, lastS, goneS: absentS ?? timeS });
    if (name === serviceOf(name)) {
      this.#events.push({ timeS, archive: name, kind: 'gone', ...(detail !== undefined && { detail }) });
    }
    this.gone.set(name, lastS);
  }

  /** Adds events that the source itself reports. */
  add(events: readonly LedgerEvent[]): void {
    this.#events.push(...events);
  }

  /** The judgement. */
  outcome(known: KnownOther): Judgement<KnownOther> {
    return { known, readings: this.#readings, archives: this.#archives, events: this.#events, gone: this.gone };
  }
}

function isSameAbout(a: About, b: About): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
