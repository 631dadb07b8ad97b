// The rows of a long span, read on demand: a slow client holds some rows, and not a hundred days of them.

import type { Series, SeriesQuery } from '../../model/series.js';
import type { Site } from '../site.js';

/** Rows read at a time. */
const rowsAtOnce = 480;

/** Whole rows of `rowS` seconds. */
interface WholeRows {
  readonly startS: number;
  readonly endS: number;
  readonly rowS: number;
}

/** The rows of a span in parts. Throws if they are replaced meanwhile, since the parts would not match. */
export async function* rowsInParts(
  { source, collecting }: Pick<Site, 'source' | 'collecting'>,
  wanted: Pick<SeriesQuery, 'name' | 'cf'>,
  { startS, endS, rowS }: WholeRows,
): AsyncGenerator<Series> {
  const { generation } = collecting();
  for (let fromS = startS; fromS < endS; fromS += rowsAtOnce * rowS) {
    const toS = Math.min(endS, fromS + rowsAtOnce * rowS);
    const part = await source.fetch({ ...wanted, startS: fromS, endS: toS - 1, stepS: rowS });
    if (part.stepS !== rowS || collecting().generation !== generation) {
      throw new Error(`the rows of ${wanted.name} were replaced while they were being sent`);
    }
    yield part;
  }
}

/** Maps each value as it arrives. */
export async function* mappedLater<T, U>(values: AsyncIterable<T>, make: (value: T) => U): AsyncGenerator<U> {
  for await (const value of values) yield make(value);
}
