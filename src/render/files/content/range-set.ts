// Any span, in whole rows: fine enough for the view, and as fine as the archives' reach allows.

import { directorName } from '../../../model/names/name.js';
import type { Series, SeriesQuery, SeriesSource } from '../../../model/series.js';
import { UserError } from '../../../model/user-error.js';
import { formatLocal } from '../../look/local-time.js';
import type { SpanRows } from './span-set.js';

/** Start and end; `lastS` is the time of the director's newest reading, `wishS` the preferred row length. */
export interface Range {
  readonly startS: number;
  readonly untilS: number;
  readonly lastS: number;
  readonly wishS: number;
  readonly timeZone: string;
}

/** The rows of a span, with one length for all archives: that of the director's, or, without a director, of any other. */
export async function rangeSet(source: SeriesSource, range: Range): Promise<SpanRows> {
  const { startS, untilS, lastS, wishS, timeZone } = range;
  const query = { cf: 'AVERAGE', startS, endS: untilS - 1, stepS: wishS } as const;
  const { stepS: rowS, pdpS, startS: fromS, endS: toS } = await fetchDirector(source, query);
  const endS = Math.min(toS, Math.max(fromS + rowS, lastS - (lastS % rowS)));
  const label = [fromS, endS].map((timeS) => formatLocal(timeZone, timeS).slice(0, 16)).join(' – ');
  return { rowS, pdpS, span: { startS: fromS, endS, label } };
}

/** A machine that runs only HAProxy has no archive of the director. */
async function fetchDirector(source: SeriesSource, query: Omit<SeriesQuery, 'name'>): Promise<Series> {
  try {
    return await source.fetch({ ...query, name: directorName });
  } catch (error) {
    const [other] = error instanceof UserError && error.code === 'no-such-archive' ? await source.list() : [];
    if (other === undefined) throw error;
    return source.fetch({ ...query, name: other.name });
  }
}
