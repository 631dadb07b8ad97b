// Defines the nine graphs of a virtual or real server: from rows to a picture.
// Pure: the same request makes the same picture, in Node and in a browser.

import type { Series } from '../../model/series.js';
import { coloursOf } from '../look/theme.js';
import { placeMarks } from '../series/mark.js';
import { formatNeverKept, missingOf, neverKeptRemark } from '../series/never-kept.js';
import { type GraphKind, isOutward } from '../series/quantity.js';
import { outboundRemark } from '../series/seen-trace.js';
import { type Figures, highestOf, lowestOf, traceFigures, traceSum } from '../series/trace.js';
import { comparisons, type EarlierRows, earlierRows, earlierStyle } from './comparison.js';
import { gapsOf, unansweredText, withReasons } from './gap.js';
import { contentOf, type GraphContent, lengthOf } from './graph/graph-content.js';
import {
  earlierLayers,
  plainLayers,
  type QuantityRows,
  stackLayers,
  styleOf,
  withEarlier,
} from './graph/graph-layers.js';
import { percentileRemark, type ShownRows, withPercentile } from './graph/graph-percentiles.js';
import type { GraphRequest } from './graph-request.js';
import { formatFooter, formatNoData, formatShows, headingOf } from './heading.js';
import { legendLines, plotBox } from './layout.js';
import { formatCells, legendColumns } from './legend-cells.js';
import { extremesWith, limitLines } from './limit/limit-line.js';
import { peaksOf } from './peak.js';
import { type Box, drawingVersion, type Layer, type Legend, type Picture, type Style } from './picture.js';
import { timeAxis } from './time-axis.js';
import { valueAxis, withSigns } from './value-axis.js';

/** Defines one graph of one archive. Throws a `UserError` if the archive lacks a data source that the graph shows. */
export function defineGraph(request: GraphRequest): Picture {
  const content = contentOf(request);
  const { kind, series, quantities, nothing, isEmpty } = content;
  const shown = quantities.filter(({ quantity }) => !request.hidden?.has(quantity.label));
  const earlier = earlierOf(request, kind);
  const legend = legendOf(request, kind, { shown: quantities, earlier, series });
  const plot = plotBox(request, legendLines(legend, request.tile));
  const layers = kind.stacked
    ? stackLayers(request, shown, { series, plot })
    : withEarlier(plainLayers(request, shown, { series, plot }), earlierLayers(request, earlier, plot));
  const { span, tile } = request;
  const highest = Math.max(0, ...layers.map(({ values }) => highestOf(values)));
  const lowest = Math.min(0, ...layers.map(({ values }) => lowestOf(values)));
  const limits = limitLines(request.capacities, { type: request.type, tile, lowest, highest });
  return {
    ...frameOf(request, plot),
    ...(isEmpty && isOfPast(request, series.lastS) ? noTimeAxis : {}),
    heading: headingOf(request.subject, formatShows(kind, span) + earlierWords(request, earlier)),
    valueAxis: withSigns(valueAxis(...extremesWith(limits, [lowest, highest]), plot.bottom - plot.top)),
    layers,
    limits,
    peaks: peaksOf(
      layers.filter(isMax),
      layers.filter((layer) => !isMax(layer)),
    ),
    gaps: isEmpty ? [] : gapsIn(request, content),
    marks: isEmpty ? [] : placeMarks(request.marks ?? [], { span, widthPx: plot.right - plot.left, tile }),
    legend,
    footer: footerOf(request, content),
    sentence: nothing.length > 0 ? formatNeverKept(nothing) : isEmpty ? formatNoData({ ...request, series }) : null,
  };
}

function gapsIn(request: GraphRequest, { series, quantities, kept }: GraphContent): Picture['gaps'] {
  const { startS, stepS } = series;
  const rows = { startS, stepS, length: lengthOf(quantities) };
  const isUnknown = (row: number) => kept.some(({ trace }) => trace.unknown[row] === 1);
  const isUnanswered = unansweredIn(series, quantities);
  const gaps = gapsOf(rows, (row) => {
    if (isUnanswered(row)) return unansweredText;
    return isUnknown(row) ? unknownText(request, kept, { ...rows, row }) : '';
  });
  return withReasons(gaps, request.reasons ?? []);
}

/** Whether all probes of a row were lost, so that there was no answer to time. */
function unansweredIn({ dataSources, columns }: Series, shown: readonly QuantityRows[]): (row: number) => boolean {
  const timed = shown.find(({ quantity }) => quantity.where !== undefined)?.quantity;
  if (timed?.where === undefined) return () => false;
  const [times, losses] = [timed.dataSource, timed.where.dataSource].map((name) => columns[dataSources.indexOf(name)]);
  return (row) => Number.isNaN(times?.[row]) && losses?.[row] === 100;
}

function footerOf(request: GraphRequest, { kind, series, nothing, newestRow, isEmpty }: GraphContent): string {
  const { timeZone, tile } = request;
  const { sampled, sampledOf } = kind;
  const timeS = isEmpty ? null : series.startS + (newestRow + 1) * series.stepS;
  return [
    formatFooter({ timeS, isNeverKept: nothing.length > 0, series, timeZone, sampled, sampledOf, tile }),
    ...(tile || !kind.quantities.some(isOutward) ? [] : [outboundRemark(request.outbounds ?? [])]),
    ...(tile || isEmpty ? [] : [percentileRemark(kind, shownRows(request, series))]),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** No lines and no labels. */
export const noTimeAxis = { timeAxis: { lines: [], labels: [] } } as const;

/**
 * Is an empty picture one of time after the newest reading? A file of it may never change, as that of a service gone for good, so
 * it has no axis that would suggest otherwise; a page shows the span that was asked for.
 */
export function isOfPast({ span, bare }: Pick<GraphRequest, 'span' | 'bare'>, lastS: number): boolean {
  return bare !== true && lastS > 0 && lastS <= span.startS;
}

function isMax({ style }: Layer): boolean {
  return style.form === 'max';
}

// The label of an unknown row. In imported rows from before the first reading, a quantity may never have been kept.
function unknownText(
  { imported }: GraphRequest,
  shown: readonly QuantityRows[],
  { startS, stepS, row }: { readonly startS: number; readonly stepS: number; readonly row: number },
): string {
  if (imported === undefined || startS + (row + 1) * stepS <= imported.sinceS) return 'unknown';
  const unknown = shown.filter(({ trace }) => trace.unknown[row] === 1);
  const isMissing = ({ quantity }: QuantityRows) =>
    missingOf(imported, quantity, startS + (row + 1) * stepS).length > 0;
  return unknown.every(isMissing) ? neverKeptRemark : 'unknown';
}

type Frame = Pick<
  Picture,
  'version' | 'sizePx' | 'pixelRatio' | 'tile' | 'bare' | 'theme' | 'colours' | 'plot' | 'span' | 'timeAxis' | 'note'
>;

/** The fields of a picture that follow from its request alone. */
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

/** A tile's legend has no room for earlier lines. */
function earlierWords({ tile, comparison }: GraphRequest, earlier: readonly EarlierRows[]): string {
  return tile && comparison !== undefined && earlier.length > 0 ? `, grey: ${comparisons[comparison.ago].name}` : '';
}

/** The earlier lines of a graph; a sum of earlier quantities would hide behind the present one. */
function earlierOf({ comparison, span }: GraphRequest, { stacked, quantities }: GraphKind): readonly EarlierRows[] {
  return comparison === undefined || stacked ? [] : earlierRows(comparison, quantities, span);
}

function shownRows({ p95, imported }: GraphRequest, series: Series): ShownRows {
  return { series, p95, imported };
}

interface LegendRows {
  readonly shown: readonly QuantityRows[];
  readonly earlier: readonly EarlierRows[];
  readonly series: Series;
}

function legendOf(request: GraphRequest, kind: GraphKind, { shown, earlier, series }: LegendRows): Legend {
  const { stepS, pdpS } = series;
  const { inks, text } = coloursOf(request.theme);
  const columns = legendColumns(kind, {
    tile: request.tile,
    isConsolidated: stepS > pdpS,
    hasMaxima: request.max !== null,
    min: request.bare === true,
  });
  const entries: { name: string; style: Style; remark: string; figures: Figures | null }[] = shown.map((one) => ({
    name: one.quantity.label,
    style: styleOf(kind.stacked ? 'stack' : one.quantity.form, inks[one.quantity.ink]),
    remark: one.remark,
    figures:
      one.remark === ''
        ? withPercentile(traceFigures(one.trace, one.max, series), one.quantity, shownRows(request, series))
        : null,
  }));
  if (kind.stacked) {
    const summed = shown.filter(({ quantity }) => !request.hidden?.has(quantity.label));
    const ofRows = traceFigures(traceSum(summed.map(({ trace }) => trace)), null, series);
    const sum = series.stepS > series.pdpS ? { ...ofRows, maximum: Number.NaN } : ofRows;
    const style: Style = { form: 'band', fill: '', edge: text, pattern: 'plain' };
    entries.push({ name: 'sum', style, remark: '', figures: sum });
  }
  for (const { name, trace, max, quantity, rows } of request.tile ? [] : earlier) {
    const figures = withPercentile(traceFigures(trace, max, rows), quantity, {
      series: rows,
      p95: request.comparison?.p95,
      imported: request.imported,
    });
    entries.push({ name, style: earlierStyle(request.theme), remark: '', figures });
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
