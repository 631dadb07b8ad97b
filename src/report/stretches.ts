// Chooses the rows behind the numbers of a span: in each part the finest that are kept, so that a year has 5-minute rows for
// the last hundred days, 2-hour rows before these, and day rows before those. An average of averages is then as exact as
// possible, and a maximum has its time. In imported archives finer rows may be unknown while longer ones are known, or be made
// from longer ones: longer-rows.ts substitutes these, and marks them.

import type { ArchiveInfo } from '../model/archive.js';
import { type Retention, reachOf } from '../model/retention.js';
import type { MonthSource, SeriesSource } from '../model/series.js';
import { rowsWithin } from '../render/series/trace.js';
import type { Rows } from './longer-rows.js';
import { fillFromLonger, markLonger } from './longer-rows.js';

/** The data source of a report. */
export type ReportSource = SeriesSource & MonthSource;

/** A part of a span with rows of one length. */
export interface Stretch {
  readonly startS: number;
  readonly endS: number;
  readonly rowS: number;
}

const dayS = 86_400;

/** Round-robin archives that are read; excludes those that reach no further back than finer ones, as 30-minute rows do. */
function lengthsOf(retention: Retention): readonly { readonly rowS: number; readonly rows: number }[] {
  const { stepS, rras } = retention;
  return rras
    .filter((rra, i) => rras.slice(0, i).every((finer) => reachOf(retention, finer) < reachOf(retention, rra)))
    .map(({ pdpPerRow, rows }) => ({ rowS: pdpPerRow * stepS, rows }));
}

/** The stretches of a span, oldest first; `lastS` is the time of the director's newest reading. */
export function stretchesOf(
  { startS, endS }: { readonly startS: number; readonly endS: number },
  lastS: number,
  retention: Retention,
): readonly Stretch[] {
  const lengths = lengthsOf(retention);
  const stretches: Stretch[] = [];
  let toS = endS;
  for (const [i, { rowS, rows }] of lengths.entries()) {
    const sinceS = lastS - (lastS % rowS) - rows * rowS;
    const isWhole = sinceS <= startS || i === lengths.length - 1;
    const fromS = isWhole ? startS : Math.ceil(sinceS / dayS) * dayS;
    if (fromS < toS) stretches.unshift({ startS: fromS, endS: toS, rowS });
    toS = Math.min(toS, fromS);
    if (isWhole) break;
  }
  return stretches;
}

/** Time since which all rows of a span are single steps; its end if there are none. */
export function fineSinceS(stretches: readonly Stretch[], { stepS }: Retention): number {
  const last = stretches.at(-1);
  return last?.rowS === stepS ? last.startS : (last?.endS ?? 0);
}

/** Reads the rows of an archive in some stretches. */
export async function readRows(
  source: SeriesSource,
  { name, imported, retention }: Pick<ArchiveInfo, 'name' | 'imported' | 'retention'>,
  stretches: readonly Stretch[],
): Promise<readonly Rows[]> {
  const all: Rows[] = [];
  for (const stretch of stretches) {
    const { startS, endS, rowS } = stretch;
    const { AVERAGE, MAX } = await source.fetchBoth({ name, startS, endS: endS - 1, stepS: rowS });
    const average = rowsWithin(AVERAGE, stretch);
    const max = MAX.columns === AVERAGE.columns ? average : rowsWithin(MAX, stretch);
    const rows = { rowS: average.stepS, average, max };
    if (imported === undefined || endS <= imported.sinceS) {
      all.push(rows);
      continue;
    }
    let filled = markLonger(rows, imported.longer);
    for (const { pdpPerRow } of retention.rras) {
      const longerS = pdpPerRow * retention.stepS;
      if (longerS <= average.stepS) continue;
      filled = fillFromLonger(filled, await source.fetchBoth({ name, startS, endS: endS - 1, stepS: longerS }));
    }
    all.push(filled);
  }
  return all;
}
