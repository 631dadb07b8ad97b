// The rows of a graph, and how much is known of them.

import type { Series } from '../../../model/series.js';
import { missingOf, neverKeptRemark } from '../../series/never-kept.js';
import { type GraphKind, graphKinds, quantitiesOf } from '../../series/quantity.js';
import { seenTraces } from '../../series/seen-trace.js';
import { rowsWithin } from '../../series/trace.js';
import type { GraphRequest } from '../graph-request.js';
import type { QuantityRows } from './graph-layers.js';

/** The rows of a graph, and how much is known of them. */
export interface GraphContent {
  readonly kind: GraphKind;
  readonly series: Series;
  readonly quantities: readonly QuantityRows[];
  /** The quantities that were ever kept. */
  readonly kept: readonly QuantityRows[];
  /** Missing data sources, if the graph has nothing else to show. */
  readonly nothing: readonly string[];
  /** The newest row of which anything is known; -1 if there is none. */
  readonly newestRow: number;
  readonly isEmpty: boolean;
}

/** The content of a graph. Throws a `UserError` if the archive lacks a data source that it shows. */
export function contentOf(request: GraphRequest): GraphContent {
  const whole = graphKinds[request.type];
  const kind = { ...whole, quantities: quantitiesOf(whole, request.average.dataSources) };
  const series = rowsWithin(request.average, request.span);
  const quantities = quantityRows(request, kind, series);
  const kept = quantities.filter(({ remark }) => remark !== neverKeptRemark);
  const nothing = neverKeptOf(request, kind, quantities);
  const newestRow = findLast(lengthOf(quantities), (row) => kept.some(({ trace }) => trace.unknown[row] === 0));
  return { kind, series, quantities, kept, nothing, newestRow, isEmpty: newestRow < 0 || nothing.length > 0 };
}

/** How many rows there are. */
export function lengthOf([first]: readonly QuantityRows[]): number {
  return first?.trace.values.length ?? 0;
}

function quantityRows(request: GraphRequest, kind: GraphKind, series: Series): QuantityRows[] {
  const { outbounds = [] } = request;
  // A maximum of parts is not the maximum of the whole, so ratios and sums have no band; the legend has the maxima of a sum's parts.
  const maxSeries = request.max === null ? null : rowsWithin(request.max, request.span);
  // Maxima are drawn where the means are.
  const everywhere = kind.quantities.map(({ where: _, ...quantity }) => quantity);
  const maxima = maxSeries === null ? [] : seenTraces(maxSeries, everywhere, outbounds);
  return seenTraces(series, kind.quantities, outbounds).flatMap(({ trace, remark }, i) => {
    const quantity = kind.quantities[i];
    if (quantity === undefined) return [];
    const isMissing = missingOf(request.imported, quantity, request.span.endS).length > 0;
    if (isMissing && trace.values.every(Number.isNaN)) return { quantity, trace, remark: neverKeptRemark, max: null };
    return { quantity, trace, remark, max: quantity.per === undefined ? (maxima[i]?.trace ?? null) : null };
  });
}

// Missing data sources, if a graph has nothing else to show, or if a sum would lack a part.
function neverKeptOf(
  { imported, span }: GraphRequest,
  kind: GraphKind,
  shown: readonly QuantityRows[],
): readonly string[] {
  const missing = shown.filter(({ remark }) => remark === neverKeptRemark);
  const isAll = missing.length === shown.length || kind.stacked;
  return isAll ? missing.flatMap(({ quantity }) => missingOf(imported, quantity, span.endS)) : [];
}

// The last row that satisfies `isTrue`; -1 if there is none.
function findLast(rows: number, isTrue: (row: number) => boolean): number {
  for (let row = rows - 1; row >= 0; row--) if (isTrue(row)) return row;
  return -1;
}
