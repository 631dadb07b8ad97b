// The layers of a graph: an area or a line for each quantity with the band up to its maxima, or stacked areas.

import type { Series } from '../../../model/series.js';
import { coloursOf, type Ink } from '../../look/theme.js';
import type { Quantity } from '../../series/quantity.js';
import { type Trace, traceSum } from '../../series/trace.js';
import { type EarlierRows, earlierStyle } from '../comparison.js';
import type { GraphRequest } from '../graph-request.js';
import { linePath, type Path } from '../path.js';
import type { Box, Layer, Style } from '../picture.js';

const unseenFill = '#00000000';

/** A quantity with its rows; `remark` replaces figures if there are none to see. */
export interface QuantityRows {
  readonly quantity: Quantity;
  readonly trace: Trace;
  readonly max: Trace | null;
  readonly remark: string;
}

interface Ground {
  readonly series: Series;
  readonly plot: Box;
}

/** A layer for each visible quantity, with its band. */
export function plainLayers(request: GraphRequest, shown: readonly QuantityRows[], { series, plot }: Ground): Layer[] {
  const { inks } = coloursOf(request.theme);
  const path = (trace: Trace) =>
    linePath({ ...series, values: trace.values }, request.span, pixelColumns(request, plot));
  return shown.flatMap(({ quantity, trace, max, remark }) => {
    if (remark !== '') return [];
    const ink = inks[quantity.ink];
    const line: Layer = { ...path(trace), label: quantity.label, style: styleOf(quantity.form, ink), above: null };
    return [...(max === null ? [] : bandOf({ trace, max, quantity, ink }, path)), line];
  });
}

/** The lines of an earlier span, unless they or their quantities are hidden. */
export function earlierLayers(request: GraphRequest, earlier: readonly EarlierRows[], plot: Box): Layer[] {
  const { hidden, span, theme } = request;
  return earlier
    .filter(({ name, quantity }) => !hidden?.has(name) && !hidden?.has(quantity.label))
    .map(({ name, trace, series }) => {
      const path = linePath({ ...series, values: trace.values }, span, pixelColumns(request, plot));
      return { ...path, label: name, style: earlierStyle(theme), above: null };
    });
}

/** Earlier lines lie behind the present ones, and before areas, which would hide them wherever there is more now than then. */
export function withEarlier(layers: readonly Layer[], earlier: readonly Layer[]): readonly Layer[] {
  const line = layers.findIndex(({ style }) => style.form === 'line');
  return line < 0 ? [...layers, ...earlier] : layers.toSpliced(line, 0, ...earlier);
}

interface BandRows extends Pick<QuantityRows, 'quantity' | 'trace'> {
  readonly max: Trace;
  readonly ink: Ink;
}

// The band from the means to the maxima, in rows in which both are known. Behind an area it reaches down to zero, and the area
// covers it. A line covers nothing, so the band ends at the line, or, in rows where the band lacks it, at an invisible line of
// its own.
function bandOf({ trace, max, quantity, ink }: BandRows, path: (trace: Trace) => Path): Layer[] {
  const isKnown = (row: number) => !Number.isNaN(trace.values[row]) && !Number.isNaN(max.values[row]);
  const rows = Array.from(trace.values, (_, row) => isKnown(row));
  if (!rows.includes(true)) return [];
  const within = (one: Trace): Trace => ({
    ...one,
    values: one.values.map((value, row) => (rows[row] ? value : Number.NaN)),
  });
  const label = `${quantity.label} max`;
  const band = (above: string | null): Layer => ({ ...path(within(max)), label, style: styleOf('max', ink), above });
  if (quantity.form !== 'line') return [band(null)];
  if (trace.values.every((value, row) => rows[row] || Number.isNaN(value))) return [band(quantity.label)];
  const floor = `${quantity.label} below max`;
  const unseen: Style = { form: 'band', fill: unseenFill, edge: unseenFill, pattern: 'plain' };
  return [{ ...path(within(trace)), label: floor, style: unseen, above: null }, band(floor)];
}

/** Painted from the top of the stack down, each to zero; lower layers cover the excess. */
export function stackLayers(request: GraphRequest, shown: readonly QuantityRows[], { series, plot }: Ground): Layer[] {
  const { inks } = coloursOf(request.theme);
  return shown
    .map(({ quantity }, index) => {
      const sum = traceSum(shown.slice(0, index + 1).map(({ trace }) => trace));
      const path = linePath({ ...series, values: sum.values }, request.span, pixelColumns(request, plot));
      return { ...path, label: quantity.label, style: styleOf('stack', inks[quantity.ink]), above: null };
    })
    .reverse();
}

/** Width of the plot in device pixels. */
export function pixelColumns(request: Pick<GraphRequest, 'pixelRatio'>, plot: Box): number {
  return Math.max(1, Math.round((plot.right - plot.left) * request.pixelRatio));
}

/** The style of a quantity with this colour. */
export function styleOf(form: Style['form'], ink: Ink): Style {
  if (form === 'max') return { form, fill: ink.band, edge: ink.solid, pattern: 'plain' };
  return { form, fill: form === 'stack' ? ink.solid : ink.fill, edge: ink.edge, pattern: 'plain' };
}
