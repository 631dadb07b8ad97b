// Some services of a simulated director over its whole history, packed for the store: the work that is divided among threads.

import type { Director } from '../demo/director.js';
import type { ServicePast } from '../demo/past/past.js';
import type { ArchiveHistory } from '../store/backfill.js';
import { packHistory } from '../store/rows/pack-history.js';

/** Services `from` up to `to`, up to the reading at `endS`. */
export interface SectionToPack {
  readonly from: number;
  readonly to: number;
  readonly endS: number;
}

/** The packed services, as plain data. */
export interface PackedSection {
  readonly pasts: readonly ServicePast[];
  readonly histories: readonly ArchiveHistory[];
  /** Their contribution to the director's readings. */
  readonly sums: Sums;
}

/** The director's readings, and the input of its kernel's readings (`GrowthColumns`). */
export interface Sums {
  readonly timesS: Float64Array;
  readonly sinceS: Float64Array;
  readonly columns: readonly Float64Array[];
  readonly tally: readonly Float64Array[];
}

/** Packs a section. */
export function packSection(director: Director, { from, to, endS }: SectionToPack): PackedSection {
  const { pasts, history } = director.section({ from, to }, endS);
  const archives = new Map(pasts.flatMap((past) => [...past.archives]));
  const histories: ArchiveHistory[] = [];
  let sums: Sums = { timesS: new Float64Array(0), sinceS: new Float64Array(0), columns: [], tally: [] };
  for (const { name, timesS, sinceS, columns, tally } of history()) {
    if (tally !== undefined) {
      sums = { timesS, sinceS, columns, tally };
      continue;
    }
    const change = archives.get(name);
    if (change === undefined || timesS.length === 0) continue;
    const { about, lastS, goneS } = change;
    histories.push({ name, about, lastS, goneS, readings: packHistory({ timesS, sinceS, values: columns }, endS) });
  }
  return { pasts, histories, sums };
}
