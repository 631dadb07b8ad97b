// The definition of the nine graphs of a virtual or real server: from rows to a picture, and to chart.js.
// Pure: the same request makes the same picture, in Node and in a browser.

import type { Series } from '../model/series.js';
import { type Graph, graphOf } from './configuration.js';
import { gapsOf, withReasons } from './gap.js';
import type { GraphRequest } from './graph-request.js';
import { formatFooter, formatNoData, formatShows, headingOf } from './heading.js';
import { legendLines, plotBox } from './layout.js';
import { formatCells, legendColumns } from './legend-cells.js';
import { placeMarks } from './mark.js';
import { pathOf } from './path.js';
import { type Box, drawingVersion, type Layer, type Legend, type Picture, type Style } from './picture.js';
import { type GraphKind, graphKinds, type Quantity, quantitiesOf } from './quantity.js';
import { outboundRemark, seenTraces } from './seen-trace.js';
import { coloursOf, type Ink } from './theme.js';
import { timeAxis } from './time-axis.js';
import { type Figures, figuresOf, highestOf, rowsWithin, sumOf, type Trace } from './trace.js';
import { valueAxis } from './value-axis.js';

// A quantity with its rows; `remark` where there is nothing to see of them.
interface Shown {
  readonly quantity: Quantity;
  readonly trace: Trace;
  readonly max: Trace | null;
  readonly remark: string;
}

/** Defines one graph of one archive. Throws a `UserError` where the archive lacks a data source that it shows. */
export function defineGraph(request: GraphRequest): Graph {
  const whole = graphKinds[request.type];
  const kind = { ...whole, quantities: quantitiesOf(whole, request.average.dataSources) };
  const series = rowsWithin(request.average, request.span);
  const quantities = shownOf(request, kind, series);
  const shown = quantities.filter(({ quantity }) => !request.hidden?.has(quantity.label));
  const rows = { startS: series.startS, stepS: series.stepS, length: quantities[0]?.trace.values.length ?? 0 };
  const isUnknown = (row: number) => quantities.some(({ trace }) => trace.unknown[row] === 1);
  const newestRow = findLast(rows.length, (row) => quantities.some(({ trace }) => trace.unknown[row] === 0));
  const legend = legendOf(request, kind, { shown: quantities, series });
  const plot = plotBox(request, legendLines(legend, request.tile));
  const layers = kind.stacked
    ? stackLayers(request, shown, { series, plot })
    : plainLayers(request, shown, { series, plot });
  const { span, timeZone, tile } = request;
  const empty = newestRow < 0;
  return graphOf({
    ...frameOf(request, plot),
    // What stands still, as the picture of a service that is gone for good, has no axis that would seem to go on.
    ...(empty && series.lastS > 0 && series.lastS <= span.startS ? { timeAxis: { lines: [], labels: [] } } : {}),
    heading: headingOf(request.subject, formatShows(kind, span)),
    valueAxis: valueAxis(0, Math.max(0, ...layers.map(({ values }) => highestOf(values))), plot.bottom - plot.top),
    layers,
    gaps: empty
      ? []
      : withReasons(
          gapsOf(rows, (row) => (isUnknown(row) ? 'unknown' : '')),
          request.reasons ?? [],
        ),
    marks: empty ? [] : placeMarks(request.marks ?? [], { span, widthPx: plot.right - plot.left, tile }),
    legend,
    footer: [
      formatFooter({
        timeS: empty ? null : series.startS + (newestRow + 1) * series.stepS,
        series,
        timeZone,
        sampled: kind.sampled,
        sampledOf: kind.sampledOf,
        tile,
      }),
      ...(tile || kind.quantities.every(({ label }) => label !== 'out')
        ? []
        : [outboundRemark(request.outbounds ?? [])]),
    ]
      .filter((part) => part !== '')
      .join(' · '),
    sentence: empty ? formatNoData(series, span, timeZone) : null,
  });
}

type Frame = Pick<
  Picture,
  'version' | 'sizePx' | 'pixelRatio' | 'tile' | 'bare' | 'theme' | 'colours' | 'plot' | 'span' | 'timeAxis' | 'note'
>;

/** What a picture has from its request alone. */
export function frameOf(
  request: Pick<GraphRequest, 'sizePx' | 'pixelRatio' | 'tile' | 'bare' | 'theme' | 'span' | 'timeZone' | 'note'>,
  plot: Box,
): Frame {
  const { sizePx, pixelRatio, tile, theme, span, timeZone, note } = request;
  return {
    version: drawingVersion,
    sizePx,
    pixelRatio,
    tile,
    ...(request.bare ? { bare: true } : {}),
    theme,
    colours: coloursOf(theme),
    plot,
    span,
    timeAxis: timeAxis({ startS: span.startS, endS: span.endS, timeZone, widthPx: plot.right - plot.left }),
    note,
  };
}

// The last row of which something is true; -1 where there is none.
function findLast(rows: number, isTrue: (row: number) => boolean): number {
  for (let row = rows - 1; row >= 0; row--) if (isTrue(row)) return row;
  return -1;
}

function shownOf(request: GraphRequest, kind: GraphKind, series: Series): Shown[] {
  const { outbounds = [] } = request;
  // A maximum of parts is not the maximum of the whole: no band for ratios and sums.
  const maxSeries = request.max === null || kind.stacked ? null : rowsWithin(request.max, request.span);
  const maxima = maxSeries === null ? [] : seenTraces(maxSeries, kind.quantities, outbounds);
  return seenTraces(series, kind.quantities, outbounds).flatMap(({ trace, remark }, i) => {
    const quantity = kind.quantities[i];
    if (quantity === undefined) return [];
    return { quantity, trace, remark, max: quantity.per === undefined ? (maxima[i]?.trace ?? null) : null };
  });
}

interface Ground {
  readonly series: Series;
  readonly plot: Box;
}

function plainLayers(request: GraphRequest, shown: readonly Shown[], { series, plot }: Ground): Layer[] {
  const { inks } = coloursOf(request.theme);
  const path = (trace: Trace) => pathOf({ ...series, values: trace.values }, request.span, columnsOf(request, plot));
  return shown.flatMap(({ quantity, trace, max, remark }) => {
    if (remark !== '') return [];
    const ink = inks[quantity.ink];
    const line: Layer = { ...path(trace), label: quantity.label, style: styleOf(quantity.form, ink), above: null };
    if (max === null) return [line];
    // Behind an area the band reaches down to zero and the area covers it; a line has nothing to cover it with.
    const above = quantity.form === 'line' ? quantity.label : null;
    const band: Layer = { ...path(max), label: `${quantity.label} max`, style: styleOf('band', ink), above };
    return [band, line];
  });
}

// Painted from the top of the stack down, each to zero: what stands below covers what is not its own.
function stackLayers(request: GraphRequest, shown: readonly Shown[], { series, plot }: Ground): Layer[] {
  const { inks } = coloursOf(request.theme);
  return shown
    .map(({ quantity }, index) => {
      const sum = sumOf(shown.slice(0, index + 1).map(({ trace }) => trace));
      const path = pathOf({ ...series, values: sum.values }, request.span, columnsOf(request, plot));
      return { ...path, label: quantity.label, style: styleOf('stack', inks[quantity.ink]), above: null };
    })
    .reverse();
}

function legendOf(
  request: GraphRequest,
  kind: GraphKind,
  { shown, series: { stepS, pdpS } }: { readonly shown: readonly Shown[]; readonly series: Series },
): Legend {
  const { inks, text } = coloursOf(request.theme);
  const columns = legendColumns(kind, {
    tile: request.tile,
    isConsolidated: stepS > pdpS,
    min: request.bare === true,
  });
  const entries: { name: string; style: Style; remark: string; figures: Figures | null }[] = shown.map((one) => ({
    name: one.quantity.label,
    style: styleOf(kind.stacked ? 'stack' : one.quantity.form, inks[one.quantity.ink]),
    remark: one.remark,
    figures: one.remark === '' ? figuresOf(one.trace, one.max, stepS) : null,
  }));
  if (kind.stacked) {
    const summed = shown.filter(({ quantity }) => !request.hidden?.has(quantity.label));
    const sum = figuresOf(sumOf(summed.map(({ trace }) => trace)), null, stepS);
    const style: Style = { form: 'band', fill: '', edge: text, pattern: 'plain' };
    entries.push({ name: 'sum', style, remark: '', figures: sum });
  }
  const cells = formatCells(
    entries.map(({ figures }) => figures),
    { columns, total: kind.total },
  );
  const rows = entries.map(({ name, style, remark, figures }, row) => ({
    name,
    style,
    hosts: [],
    cells: figures === null ? [] : (cells[row] ?? []),
    remark,
  }));
  return { labels: 'before', across: 1, columns, rows };
}

/** Device pixels that the plot is wide. */
export function columnsOf(request: Pick<GraphRequest, 'pixelRatio'>, plot: Box): number {
  return Math.max(1, Math.round((plot.right - plot.left) * request.pixelRatio));
}

function styleOf(form: Style['form'], ink: Ink): Style {
  return { form, fill: form === 'band' ? ink.band : ink.fill, edge: ink.edge, pattern: 'plain' };
}
