// Compares the rows of the archives with those that a receiver has. Rows change after they were sent when rows are imported, readings removed (rewind), or damage
// repaired; a receiver may also have lost some.

import { isWanted, type SeriesRows, seriesKey } from '../engine/series/row-series.js';
import type { Cursor, CursorSpan } from './cursor/cursor.js';
import { floorTo } from './plan/levels.js';
import { type Piece, piecesOf } from './plan/pieces.js';
import { OutdatedPlan, readRows } from './read-rows.js';
import { tableOf } from './read-table.js';
import { isSameValue, type PresentGround, readPresent } from './receiver/present-rows.js';
import type { LendSource } from './sender.js';

/** The archives, and the receiver with its position. */
export interface VerifyGround extends PresentGround {
  readonly lend: LendSource;
  readonly cursor: Pick<Cursor, 'fromS' | 'toS' | 'longerSinceS' | 'late' | 'tooOld'>;
  /** Rows that end at or before this time are not compared. */
  readonly sinceS: number;
  /** Called with the end of each span that has been compared, newest first. */
  readonly onProgress: (doneS: number, wholeS: number) => void;
}

/** How the rows of an archive differ. */
export interface ArchiveDifferences {
  readonly archive: string;
  /** Known rows that the receiver lacks. */
  missing: number;
  /** Rows of which it has another value. */
  differing: number;
  /** Unknown rows of which it has a value. */
  surplus: number;
  /** The ends of the first and the last of them, epoch seconds. */
  firstS: number;
  lastS: number;
}

/** The result. */
export interface Verified {
  /** Known rows that were compared. */
  readonly rows: number;
  /** Archives with differences, in the order of lists. */
  readonly differences: readonly ArchiveDifferences[];
}

const dayS = 86_400;

/** Attempts to compare a span whose oldest rows expire meanwhile. */
const mostAttempts = 3;

/** Compares all rows that were sent. Throws a `PassingError`, or what reading the archives throws. */
export async function verifyPushed(ground: VerifyGround): Promise<Verified> {
  const { cursor, sinceS, onProgress } = ground;
  const tally = new Tally(cursor.tooOld);
  const startS = Math.max(cursor.fromS, sinceS);
  for (let endS = cursor.toS; endS > startS; ) {
    const from = Math.max(floorTo(endS - 1, dayS), startS);
    const isThere = await compareSpan({ startS: from, endS }, ground, tally);
    if (!isThere) break;
    endS = from;
    onProgress(cursor.toS - endS, cursor.toS - startS);
  }
  return { rows: tally.rows, differences: [...tally.byArchive.values()] };
}

/** Compares the rows of a span; false if none as old are kept any more. */
async function compareSpan(
  span: { readonly startS: number; readonly endS: number },
  ground: VerifyGround,
  tally: Tally,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const listed = await ground.lend((source) => source.list());
    const table = tableOf(listed, { sinceS: ground.sinceS, longerSinceS: ground.cursor.longerSinceS });
    if (table === null || span.endS <= table.oldestS) return false;
    const { late } = ground.cursor;
    const sent = table.archives.map((one) => ({ ...one, lastS: Math.min(one.lastS, late[one.name] ?? one.lastS) }));
    const pieces = piecesOf({ ...span, startS: Math.max(span.startS, table.oldestS) }, sent, table.levels);
    try {
      const own = new Tally(ground.cursor.tooOld);
      for (const piece of pieces) await comparePiece(piece, ground, own);
      tally.add(own);
      return true;
    } catch (error) {
      if (!(error instanceof OutdatedPlan) || attempt === mostAttempts) throw error;
    }
  }
}

async function comparePiece(piece: Piece, { lend, ...ground }: VerifyGround, tally: Tally): Promise<void> {
  const series = await lend((source) => readRows(source, piece));
  const present = await readPresent(series, ground);
  for (const one of series) tally.compare(one, present.get(seriesKey(one)) ?? new Map());
}

/** Counts rows and their differences. Rows that were too old to be sent may be missing. */
class Tally {
  rows = 0;
  readonly #tooOld: CursorSpan | null;
  readonly byArchive = new Map<string, ArchiveDifferences>();

  constructor(tooOld: CursorSpan | null) {
    this.#tooOld = tooOld;
  }

  compare(series: SeriesRows, present: ReadonlyMap<number, number>): void {
    const { archive, firstS, rowS, values } = series;
    for (const [i, value] of values.entries()) {
      if (!isWanted(series, i)) continue;
      const timeS = firstS + i * rowS;
      const found = present.get(timeS);
      if (found === undefined && this.#isTooOld(timeS)) continue;
      if (!Number.isNaN(value)) this.rows += 1;
      if (Number.isNaN(value)) {
        if (found !== undefined) this.#of(archive, timeS).surplus += 1;
      } else if (found === undefined) this.#of(archive, timeS).missing += 1;
      else if (!isSameValue(found, value)) this.#of(archive, timeS).differing += 1;
    }
  }

  #isTooOld(timeS: number): boolean {
    return this.#tooOld !== null && timeS > this.#tooOld.fromS && timeS <= this.#tooOld.toS;
  }

  add(other: Tally): void {
    this.rows += other.rows;
    for (const { archive, missing, differing, surplus, firstS, lastS } of other.byArchive.values()) {
      this.#of(archive, firstS);
      const own = this.#of(archive, lastS);
      own.missing += missing;
      own.differing += differing;
      own.surplus += surplus;
    }
  }

  #of(archive: string, timeS: number): ArchiveDifferences {
    const own = this.byArchive.get(archive) ?? {
      ...{ archive, missing: 0, differing: 0, surplus: 0 },
      ...{ firstS: timeS, lastS: timeS },
    };
    own.firstS = Math.min(own.firstS, timeS);
    own.lastS = Math.max(own.lastS, timeS);
    this.byArchive.set(archive, own);
    return own;
  }
}
