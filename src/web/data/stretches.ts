// Turns a stretch of time into the rows that show it.

import type { ArchiveInfo } from '../../model/archive.js';
import type { Retention } from '../../model/retention.js';
import type { SeriesSource } from '../../model/series.js';
import { type Period, periods } from '../../render/define/graph-request.js';
import { rangeSet } from '../../render/files/content/range-set.js';
import type { SpanRows } from '../../render/files/content/span-set.js';
import { standingSet } from '../../render/files/standing-picture.js';
import type { Stretch } from '../view.js';

/** The basis for choosing rows: the time of the director's newest reading, pixels, and the zone for the span's label. */
export interface Ground {
  readonly lastS: number;
  readonly widthPx: number;
  readonly timeZone: string;
}

/** The rows that show a stretch: for a period, as long as those of its pictures; for a range, about one per pixel. */
export async function rowsOfStretch(
  source: SeriesSource,
  { archive, stretch }: { archive: Pick<ArchiveInfo, 'retention'>; stretch: Stretch },
  { lastS, widthPx, timeZone }: Ground,
): Promise<SpanRows> {
  // The pictures in files stand still once an archive is gone; whoever asks now asks for the time up to now.
  if (stretch.kind === 'period') return standingSet('', { ...archive, goneS: null }, { period: stretch.period, lastS });
  const { startS, untilS, age } = stretch;
  const rows = await rangeSet(source, {
    startS,
    untilS,
    lastS,
    timeZone,
    wishS: finestRowS(archive.retention, untilS - startS, widthPx),
  });
  return age === undefined ? rows : { ...rows, span: { ...rows.span, label: ageLabel(age) } };
}

/** An age as the label of a span: "3 h" for `3h`. */
export function ageLabel(age: string): string {
  return age.replace(/(?<=\d)(?=[a-z])/, ' ');
}

/** The length of the finest rows that number at most two per pixel. */
function finestRowS({ stepS, rras }: Retention, spanS: number, widthPx: number): number {
  const lengths = rras.map(({ pdpPerRow }) => pdpPerRow * stepS);
  return lengths.find((rowS) => spanS / rowS <= 2 * widthPx) ?? lengths.at(-1) ?? stepS;
}

/** Short spans that are offered beside the periods, as ages. */
export const shortAges = ['1h', '3h', '6h'] as const;

/** Each period by name, with its label: "24 h". */
export function periodNames(): readonly { readonly period: Period; readonly label: string }[] {
  return (Object.keys(periods) as Period[]).map((period) => ({ period, label: periods[period].label }));
}
