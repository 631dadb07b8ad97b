// The figures of a legend: its columns, and their cells with one unit prefix per column.

import { formatColumn } from '../look/si-format.js';
import type { GraphKind } from '../series/quantity.js';
import type { Figures } from '../series/trace.js';

/** A column of figures, by its label. */
export type FigureColumn = 'last' | 'min' | 'avg' | 'max' | 'p95' | 'total';

/** The circumstances of a legend: the size, whether rows are of several steps, whether their maxima are known, whether `min` is shown. */
export interface LegendScope {
  readonly tile: boolean;
  readonly isConsolidated: boolean;
  readonly hasMaxima: boolean;
  readonly min: boolean;
}

/**
 * The columns of a graph's legend; a tile has room for two. A sum has no maximum of its own: over rows of several steps it
 * would be the greatest average, so only its parts have one. `min` adds the least row.
 */
export function legendColumns(
  kind: Pick<GraphKind, 'p95' | 'total' | 'stacked'>,
  { tile, isConsolidated, hasMaxima, min }: LegendScope,
): FigureColumn[] {
  if (kind.stacked && isConsolidated && !hasMaxima) return ['last', 'avg'];
  if (tile) return ['last', 'max'];
  if (kind.stacked && isConsolidated) return ['last', 'avg', 'max'];
  const least = min ? (['min'] as const) : [];
  return [
    'last',
    ...least,
    'avg',
    'max',
    ...(kind.p95 ? (['p95'] as const) : []),
    ...(kind.total ? (['total'] as const) : []),
  ];
}

/** Cells by row and column; a row without figures does not affect the choice of prefix. */
export function formatCells(
  rows: readonly (Figures | null)[],
  { columns, total }: { readonly columns: readonly FigureColumn[]; readonly total: GraphKind['total'] },
): string[][] {
  const byColumn = columns.map((column) => {
    const values = rows.map((figures) => (figures === null ? Number.NaN : figureOf(figures, column)));
    if (column !== 'total' || total === null) return formatColumn(values);
    return formatColumn(
      values.map((value) => value * total.scale),
      total.unit,
    );
  });
  return rows.map((_, row) => byColumn.map((cells) => cells[row] ?? ''));
}

function figureOf(figures: Figures, column: FigureColumn): number {
  if (column === 'avg') return figures.mean;
  if (column === 'min') return figures.minimum;
  if (column === 'max') return figures.maximum;
  return figures[column];
}
