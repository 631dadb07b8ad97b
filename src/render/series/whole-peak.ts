// The greatest values of a stack's whole. Rows of several steps are means, which hide peaks, and the greatest values of parts do
// not add up to that of their sum. But the whole has an archive of its own, the director's or the service's, that keeps it.

import type { Series } from '../../model/series.js';
import type { Span, StackType } from '../define/graph-request.js';
import { graphKinds } from './quantity.js';
import { columnOf, rowsWithin } from './trace.js';

/** One column per quantity of the stack, in its rows; NaN if unknown. Null if its rows hide no peak, as those of one step. */
export type WholePeak = readonly Float64Array[] | null;

/** The greatest values of a whole, from the MAX of its rows; null if there are none. */
export function wholePeak(max: Series | null, type: StackType, span: Pick<Span, 'startS' | 'endS'>): WholePeak {
  if (max === null) return null;
  const series = rowsWithin(max, span);
  return graphKinds[type].quantities.map(({ dataSource, scale }) =>
    columnOf(series, dataSource).map((value) => value * scale),
  );
}
