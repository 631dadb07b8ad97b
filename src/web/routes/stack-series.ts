// A stack as rows for programs: one column per part, two if in and out are counted.

import { directorName } from '../../model/names/name.js';
import type { Series } from '../../model/series.js';
import type { StackType } from '../../render/define/graph-request.js';
import { graphKinds } from '../../render/series/quantity.js';
import type { Stack } from '../../render/series/stack-parts.js';
import type { SeriesParts } from './pieces.js';

/** Rows computed at a time. */
const rowsAtOnce = 500;

/**
 * The rows of a stack, in its unit or in percent; unknown if none of its services is known. Parts are named by their archives,
 * the rest "others". `name` is the archive of the stack.
 */
export function stackSeries(
  stack: Stack,
  { name = directorName, ...how }: { readonly name?: string; readonly type: StackType; readonly isShare: boolean },
): SeriesParts {
  const { rows, parts, lastS } = stack;
  const { quantities } = graphKinds[how.type];
  const dataSources = quantities.flatMap(({ label }) =>
    parts.map((part) => [part.archive ?? 'others', ...(quantities.length > 1 ? [label] : [])].join(' ')),
  );
  const { stepS, pdpS, startS, length } = rows;
  const whole = {
    name,
    cf: 'AVERAGE',
    stepS,
    pdpS,
    startS,
    endS: startS + length * stepS,
    lastS,
    dataSources,
  } as const;
  function* inParts(): Generator<Series> {
    for (let from = 0; from < length; from += rowsAtOnce) {
      const to = Math.min(length, from + rowsAtOnce);
      const columns = quantities.flatMap((_, quantity) =>
        partColumns(stack, { quantity, isShare: how.isShare, from, to }),
      );
      yield { ...whole, startS: startS + from * stepS, endS: startS + to * stepS, columns };
    }
  }
  return { ...whole, parts: inParts() };
}

interface StackRequest {
  readonly quantity: number;
  readonly isShare: boolean;
  readonly from: number;
  readonly to: number;
}

/** One quantity of all parts, in some rows. */
function partColumns({ rows, parts }: Stack, { quantity, isShare, from, to }: StackRequest): Float64Array[] {
  const valueAt = ({ values }: Stack['parts'][number], row: number): number => values[quantity]?.[row] ?? 0;
  const totals = Array.from({ length: to - from }, (_, i) =>
    parts.reduce((sum, one) => sum + valueAt(one, from + i), 0),
  );
  return parts.map((part) =>
    Float64Array.from(totals, (total, i) => {
      const row = from + i;
      if ((rows.known[row] ?? 0) === 0) return Number.NaN;
      const value = valueAt(part, row);
      return isShare ? (total > 0 ? (100 * value) / total : 0) : value;
    }),
  );
}
