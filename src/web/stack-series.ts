// A stack as rows for programs: a column for each part, two where in and out are counted.

import { directorName } from '../model/name.js';
import type { Series } from '../model/series.js';
import type { StackType } from '../render/graph-request.js';
import { graphKinds } from '../render/quantity.js';
import type { Stack } from '../render/stack-parts.js';

/**
 * The rows of a stack, in its unit or as parts of a hundred; unknown where none of its services is known. The parts are named
 * by their archives, the rest "others".
 */
export function stackSeries(
  { rows, parts, lastS }: Stack,
  { type, isShare }: { readonly type: StackType; readonly isShare: boolean },
): Series {
  const { quantities } = graphKinds[type];
  const dataSources: string[] = [];
  const columns: Float64Array[] = [];
  quantities.forEach(({ label }, quantity) => {
    const totals = rows.known.length === 0 ? [] : Array.from(rows.known, (_, row) => sumAt(row, quantity));
    for (const part of parts) {
      const name = part.archive ?? 'others';
      dataSources.push(quantities.length > 1 ? `${name} ${label}` : name);
      columns.push(
        Float64Array.from({ length: rows.length }, (_, row) => {
          if ((rows.known[row] ?? 0) === 0) return Number.NaN;
          const value = part.values[quantity]?.[row] ?? 0;
          const total = totals[row] ?? 0;
          return isShare ? (total > 0 ? (100 * value) / total : 0) : value;
        }),
      );
    }
  });
  const endS = rows.startS + rows.length * rows.stepS;
  return {
    name: directorName,
    cf: 'AVERAGE',
    stepS: rows.stepS,
    pdpS: rows.pdpS,
    startS: rows.startS,
    endS,
    lastS,
    dataSources,
    columns,
  };

  function sumAt(row: number, quantity: number): number {
    return parts.reduce((sum, { values }) => sum + (values[quantity]?.[row] ?? 0), 0);
  }
}
