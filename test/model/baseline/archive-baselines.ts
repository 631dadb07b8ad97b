// The baselines of an archive as objects, which tests compare: from columns, and into them.

import { baselineRates, byRate, type HourBaseline } from '../../../src/model/baseline/baseline.js';
import { type BaselineColumns, baselineCell, emptyBaselines } from '../../../src/model/baseline/baseline-columns.js';

/** The baselines of an archive for the hour of a time, and for the hours around it. */
export interface ArchiveBaselines {
  readonly name: string;
  readonly before: HourBaseline;
  readonly at: HourBaseline;
  readonly after: HourBaseline;
}

/** The baselines of all archives of columns. */
export function archivesOf({ names, weeks, medians, spreads }: BaselineColumns): readonly ArchiveBaselines[] {
  return names.map((name, archive) => {
    const hourAt = (hour: number): HourBaseline =>
      byRate((_, rate) => {
        const cell = baselineCell(archive, hour, rate);
        return { weeks: weeks[cell] ?? -1, median: medians[cell] ?? -1, spread: spreads[cell] ?? -1 };
      });
    return { name, before: hourAt(0), at: hourAt(1), after: hourAt(2) };
  });
}

/** Columns of archives. */
export function columnsOf(all: readonly ArchiveBaselines[]): BaselineColumns {
  const columns = emptyBaselines(all.map(({ name }) => name));
  for (const [archive, { before, at, after }] of all.entries()) {
    for (const [hour, own] of [before, at, after].entries()) {
      for (const [rate, name] of baselineRates.entries()) {
        const cell = baselineCell(archive, hour, rate);
        columns.weeks[cell] = own[name].weeks;
        columns.medians[cell] = own[name].median;
        columns.spreads[cell] = own[name].spread;
      }
    }
  }
  return columns;
}
