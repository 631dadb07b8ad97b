// Defines the stacks: the director's, with every service, and a service's, with every real server, so that the share of each is
// visible. In is above zero, out below, if both are counted. While a part is unknown, the total covers the known ones, and is
// hatched. If the scheduler promises shares, pale bands mark where the borders between parts should be.

import type { Series } from '../../model/series.js';
import { coloursOf } from '../look/theme.js';
import { placeMarks } from '../series/mark.js';
import { type GraphKind, graphKinds, isOutward } from '../series/quantity.js';
import type { Stack, StackPart } from '../series/stack-parts.js';
import { frameOf, isOfPast, noTimeAxis } from './define-graph.js';
import { withReasons } from './gap.js';
import { pixelColumns } from './graph/graph-layers.js';
import type { GraphType } from './graph-request.js';
import { type FooterContent, formatFooter, formatNoData, formatShows, formatStep, headingOf } from './heading.js';
import { legendLines, plotBox } from './layout.js';
import { extremesWith, limitLines } from './limit/limit-line.js';
import { linePath } from './path.js';
import { peaksOf } from './peak.js';
import type { Box, Layer, Picture } from './picture.js';
import { fairLayers } from './stack/fair-bands.js';
import { partialRemark, stackGaps } from './stack/stack-gaps.js';
import { partStyle, shownParts, stackLegend } from './stack/stack-legend.js';
import type { StackRequest } from './stack/stack-request.js';
import { type ValueAxis, valueAxis } from './value-axis.js';

/** Defines one stack. */
export function defineStack(request: StackRequest): Picture {
  const kind = graphKinds[request.type];
  const { span, timeZone, tile } = request;
  const { rows } = request.stack;
  const legend = stackLegend(request, kind);
  const plot = plotBox(request, legendLines(legend, tile));
  const parts = layersOf(request, kind, plot);
  const newestRow = rows.known.findLastIndex((known) => known > 0);
  const newestS = newestRow < 0 ? null : rows.startS + (newestRow + 1) * rows.stepS;
  const series = { cf: 'AVERAGE' as const, stepS: rows.stepS, pdpS: rows.pdpS, lastS: request.stack.lastS };
  const maxima = peakLayers(request, kind, plot);
  const ends = [...parts, ...maxima].flatMap(({ values }) => extremesOf(values));
  const peaks = peaksOf(maxima, parts);
  const [lowest, highest] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const limits = isWhole(request) ? limitLines(request.capacities, { type: request.type, tile, lowest, highest }) : [];
  const gaps = newestS === null ? [] : withReasons(stackGaps(request.stack, timeZone), request.reasons ?? []);
  return {
    ...frameOf(request, plot),
    ...(newestS === null && isOfPast(request, request.subject.goneS ?? series.lastS) ? noTimeAxis : {}),
    heading: headingOf(request.subject, formatShows(stackWords({ ...request, of: request.stack.of }), span)),
    valueAxis: request.isShare
      ? shareAxis(lowest < 0)
      : valueAxis(...extremesWith(limits, ends), plot.bottom - plot.top),
    layers: [...maxima, ...parts, ...fairLayers(request, kind, plot)],
    limits,
    peaks,
    gaps,
    marks: newestS === null ? [] : placeMarks(request.marks ?? [], { span, widthPx: plot.right - plot.left, tile }),
    legend,
    footer:
      footerOf(request.stack, { timeS: newestS, series, timeZone, sampled: kind.sampled, tile }) +
      (peaks.length > 0 && !tile ? ' · pale behind: MAX of the total' : ''),
    sentence: newestS === null ? noDataIn(request, series) : null,
  };
}

// A service that was read may have had no real servers.
function noDataIn(request: StackRequest, series: Pick<Series, 'lastS' | 'stepS' | 'pdpS'>): string {
  const { stack, span, subject } = request;
  const isGone = subject.goneS !== undefined && subject.goneS !== null;
  if (stack.of === 'real servers' && stack.services === 0 && !isGone)
    return `No real servers: none in these ${span.label}.`;
  return formatNoData({ ...request, series });
}

// Problems come first; the rest is then as short as in a tile, since both do not fit.
function footerOf(stack: Stack, newest: FooterContent): string {
  const sentence = newest.tile ? '' : (stack.fair?.sentence ?? '');
  if (sentence === '') return formatFooter(newest) + (newest.tile ? '' : partialRemark(stack));
  return [
    sentence,
    formatFooter({ ...newest, tile: true }),
    ...(newest.sampled ? [`sampled every ${formatStep(newest.series.pdpS)}`] : []),
  ].join(' · ');
}

/** The title of a stack, and its unit. */
export function stackWords({
  type,
  isShare,
  of,
}: {
  readonly type: GraphType;
  readonly isShare?: boolean;
  readonly of?: Stack['of'];
}): { readonly title: string; readonly unit: string } {
  const { title, unit, quantities } = graphKinds[type];
  if (of === 'processors') {
    const together = quantities.length > 1 ? ', in and out together' : '';
    return { title: `${title} by processor${together}`, unit: isShare === true ? '% of all' : unit };
  }
  const both = quantities.length > 1 ? `${title} in above, out below` : title;
  const byWhom = of === 'real servers' ? `${both}, by real server` : both;
  return { title: byWhom, unit: isShare === true ? '% of all' : unit };
}

/** The axis of shares: up to 100 % above, and also below if there is something to show. */
function shareAxis(isBelow: boolean): ValueAxis {
  const values = isBelow ? [-100, -50, 0, 50, 100] : [0, 25, 50, 75, 100];
  const ticks = values.map((value) => ({ value, text: value === 0 ? '0' : `${Math.abs(value)} %` }));
  return { minimum: isBelow ? -100 : 0, maximum: 100, ticks };
}

// Painted from the top of the stack down, each to zero; lower layers cover the excess.
function layersOf(request: StackRequest, kind: GraphKind, plot: Box): Layer[] {
  const { rows } = request.stack;
  const parts = shownParts(request);
  return kind.quantities.flatMap((own, quantity) => {
    const sign = isOutward(own) ? -1 : 1;
    const scale = request.isShare ? sharesOf(parts, quantity, rows.length) : null;
    let below = new Float64Array(rows.length).map((_, row) => ((rows.known[row] ?? 0) > 0 ? 0 : Number.NaN));
    const layers = parts.map((part): Layer => {
      below = below.map((value, row) => value + sign * (part.values[quantity]?.[row] ?? 0) * (scale?.[row] ?? 1));
      const path = linePath({ ...rows, values: below }, request.span, pixelColumns(request, plot));
      return { ...path, label: `${part.name} ${own.label}`, style: partStyle(part, request.theme), above: null };
    });
    return layers.reverse();
  });
}

/** Are amounts of the whole shown, neither shares nor some of the parts? */
function isWhole({ isShare, hidden }: Pick<StackRequest, 'isShare' | 'hidden'>): boolean {
  return isShare !== true && (hidden?.size ?? 0) === 0;
}

/** The greatest values of the whole, behind the parts: one layer per quantity, unless only some of the whole is shown. */
function peakLayers(request: StackRequest, kind: GraphKind, plot: Box): Layer[] {
  const { stack, span } = request;
  if (stack.peak === null || !isWhole(request)) return [];
  const { zero: edge, grid: fill } = coloursOf(request.theme);
  return stack.peak.map((column, quantity) => {
    const own = kind.quantities[quantity];
    const sign = own !== undefined && isOutward(own) ? -1 : 1;
    const path = linePath(
      { ...stack.rows, values: column.map((value) => sign * value) },
      span,
      pixelColumns(request, plot),
    );
    return {
      ...path,
      label: `max ${own?.label ?? ''}`,
      style: { form: 'max', fill, edge, pattern: 'plain' },
      above: null,
    };
  });
}

// Factors that turn the values of a row into percentages; a sum of zero stays zero.
function sharesOf(parts: readonly StackPart[], quantity: number, rows: number): Float64Array {
  return new Float64Array(rows).map((_, row) => {
    const total = parts.reduce((sum, { values }) => sum + (values[quantity]?.[row] ?? 0), 0);
    return total > 0 ? 100 / total : 1;
  });
}

function extremesOf(values: Float64Array): [number, number] {
  let least = 0;
  let greatest = 0;
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}
