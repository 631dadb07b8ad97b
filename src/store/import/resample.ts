// Makes rows from rows of other lengths, as `rrdtool create --source` fills an archive (rrd_create.c, 1.7). Donor archives are tried in
// order; each one that covers the whole row fills, second by second, what the earlier ones left open. A mean weighs values by their
// seconds; a maximum takes the greatest. A row is known when more than half of its seconds are. As in rrdtool, a donor that would need all
// of its rows for one row is skipped.
//
// Unlike rrdtool, this covers no gaps. A longer row is known even when part of it is not, and rrdtool would put its value where shorter
// rows say that nothing was read. Here it counts only for time without shorter rows, or before they begin: what lies before a donor's first
// known row is not a gap, since the donor may have been added or lengthened later. A longer row that contains this first known row counts
// for no time before it: it may describe nothing else.

import { type Cf, xff } from '../../model/archive.js';

/** Rows of one data source in one round-robin archive: row i covers `rowS` seconds up to `startS + (i + 1) * rowS`. */
export interface Donor {
  readonly rowS: number;
  readonly startS: number;
  readonly values: Float64Array;
  /** Index of the first known row; the number of rows when none is known. */
  readonly firstKnown: number;
}

/** The rows of a column to fill, laid out like a donor's. */
export interface ColumnRequest {
  readonly cf: Cf;
  readonly rowS: number;
  readonly startS: number;
  readonly rows: number;
}

/** Rows, and for each the length of the longest row used for it when that is longer than the row itself; else 0. */
export interface ColumnRows {
  readonly values: Float64Array;
  readonly fromRowS: Float64Array;
}

/** Fills rows from donors in order: first the one with the rows' own length, then the shortest first. */
export function resample(donors: readonly Donor[], { cf, rowS, startS, rows }: ColumnRequest): ColumnRows {
  const asked = donors.map((donor) => ({ ...donor, beginsS: beginsOf(donors, donor) }));
  const values = new Float64Array(rows).fill(Number.NaN);
  const fromRowS = new Float64Array(rows);
  const filling = new Filling(cf);
  for (let row = 0; row < rows; row += 1) {
    filling.begin(startS + row * rowS, startS + (row + 1) * rowS);
    for (const donor of asked) filling.take(donor);
    if (filling.knownS <= Math.floor(xff * rowS)) continue;
    values[row] = filling.value;
    fromRowS[row] = filling.longestS > rowS ? filling.longestS : 0;
  }
  return { values, fromRowS };
}

/** The begin of the known rows of shorter donors that reach further back. */
function beginsOf(donors: readonly Donor[], { rowS }: Donor): readonly number[] {
  return donors
    .filter((one) => one.rowS < rowS && one.firstKnown > 0 && one.firstKnown < one.values.length)
    .map((one) => one.startS + one.firstKnown * one.rowS);
}

interface DonorColumn extends Donor {
  readonly beginsS: readonly number[];
}

interface Gap {
  readonly fromS: number;
  readonly toS: number;
  /** Length of the unknown row. */
  readonly rowS: number;
}

/** One row while it is being filled. */
class Filling {
  readonly #cf: Cf;
  /** Stretches of the row that are still unknown: begin, end, begin, end. */
  #open: number[] = [];
  #gaps: Gap[] = [];
  #fromS = 0;
  #toS = 0;
  #sum = 0;
  #greatest = Number.NEGATIVE_INFINITY;
  /** Seconds that are known. */
  knownS = 0;
  longestS = 0;

  constructor(cf: Cf) {
    this.#cf = cf;
  }

  begin(fromS: number, toS: number): void {
    [this.#fromS, this.#toS, this.#open, this.#gaps] = [fromS, toS, [fromS, toS], []];
    [this.#sum, this.#greatest, this.knownS, this.longestS] = [0, Number.NEGATIVE_INFINITY, 0, 0];
  }

  get value(): number {
    return this.#cf === 'AVERAGE' ? this.#sum / this.knownS : this.#greatest;
  }

  /** Takes everything that a donor can give. */
  take({ rowS, startS, values, firstKnown, beginsS }: DonorColumn): void {
    if (this.#open.length === 0) return;
    const first = Math.floor((this.#fromS - startS) / rowS);
    const last = Math.ceil((this.#toS - startS) / rowS) - 1;
    if (first < 0 || last >= values.length || last - first + 1 === values.length) return;
    for (const gap of this.#gaps) if (gap.rowS < rowS) this.#close(gap.fromS, gap.toS);
    for (let row = first; row <= last; row += 1) {
      const value = values[row] ?? Number.NaN;
      const [fromS, toS] = [startS + row * rowS, startS + (row + 1) * rowS];
      // rrdtool can hold an infinite rate; no director reports one, and no graph can show it.
      if (!Number.isFinite(value)) {
        if (row >= firstKnown) this.#gaps.push({ fromS, toS, rowS });
        continue;
      }
      const newS = this.#close(Math.max(fromS, ...beginsS.filter((beginS) => beginS < toS && beginS > fromS)), toS);
      if (newS === 0) continue;
      this.#sum += value * newS;
      this.knownS += newS;
      this.#greatest = Math.max(this.#greatest, value);
      this.longestS = Math.max(this.longestS, rowS);
    }
  }

  /** Closes a stretch and returns how many of its seconds were open. */
  #close(fromS: number, toS: number): number {
    let newS = 0;
    const open: number[] = [];
    for (let i = 0; i < this.#open.length; i += 2) {
      const [beginS = 0, endS = 0] = this.#open.slice(i, i + 2);
      const [cutS, sinceS] = [Math.max(beginS, fromS), Math.min(endS, toS)];
      if (cutS >= sinceS) {
        open.push(beginS, endS);
        continue;
      }
      newS += sinceS - cutS;
      if (beginS < cutS) open.push(beginS, cutS);
      if (sinceS < endS) open.push(sinceS, endS);
    }
    this.#open = open;
    return newS;
  }
}
