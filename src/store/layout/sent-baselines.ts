// Baselines as they are sent on the socket: in columns, because a thousand services have 15,000 of them, which take longer as objects than
// to read. They are stored as 4-byte floats, so nothing is lost.

import {
  type ArchiveBaselines,
  baselineRates,
  type HourBaseline,
  hourBaseline,
} from '../../model/baseline/baseline.js';

/** Baselines in columns: of each archive, three hours of five rates. */
export interface SentBaselines {
  readonly names: readonly string[];
  readonly weeks: Uint8Array;
  readonly medians: Float32Array;
  readonly spreads: Float32Array;
}

const rates = baselineRates.length;
const perArchive = 3 * rates;

/** Baselines in their sent form. */
export function sentBaselines(all: readonly ArchiveBaselines[]): SentBaselines {
  const count = all.length * perArchive;
  const weeks = new Uint8Array(count);
  const [medians, spreads] = [new Float32Array(count), new Float32Array(count)];
  for (const [i, { before, at, after }] of all.entries()) {
    for (const [hour, own] of [before, at, after].entries()) {
      for (const [rate, name] of baselineRates.entries()) {
        const cell = i * perArchive + hour * rates + rate;
        weeks[cell] = own[name].weeks;
        medians[cell] = own[name].median;
        spreads[cell] = own[name].spread;
      }
    }
  }
  return { names: all.map(({ name }) => name), weeks, medians, spreads };
}

/** Baselines from their sent form. */
export function baselinesFrom({ names, weeks, medians, spreads }: SentBaselines): readonly ArchiveBaselines[] {
  const hourAt = (from: number): HourBaseline =>
    hourBaseline((_, rate) => {
      const cell = from + rate;
      return { weeks: weeks[cell] ?? 0, median: medians[cell] ?? Number.NaN, spread: spreads[cell] ?? Number.NaN };
    });
  return names.map((name, i) => {
    const from = i * perArchive;
    return { name, before: hourAt(from), at: hourAt(from + rates), after: hourAt(from + 2 * rates) };
  });
}
