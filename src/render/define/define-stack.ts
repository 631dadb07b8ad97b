// Defines the stacks: the director's, with every service, and a service's, with every real server, so that the share of each is
// visible. In is above zero, out below, if both are counted. While a part is unknown, the total covers the known ones, and is
// hatched. If the scheduler promises shares, pale bands mark where the borders between parts should be.

import { formatColumn, noFigure } from '../look/si-format.js';
import { coloursOf, serviceColour } from '../look/theme.js';
import { placeMarks } from '../series/mark.js';
import { type GraphKind, graphKinds, isOutward } from '../series/quantity.js';
import type { Part, Stack } from '../series/stack-parts.js';
import type { StackRows } from '../series/stack-sums.js';
import { frameOf } from './define-graph.js';
import { fairLayers } from './fair-bands.js';
import { gapsOf, withReasons } from './gap.js';
import { pixelColumns } from './graph-layers.js';
import type { GraphType, StackRequest, Theme } from './graph-request.js';
import {
  formatBefore,
  formatFooter,
  formatNoData,
  formatShows,
  formatStep,
  headingOf,
  type Newest,
} from './heading.js';
import { legendLines, plotBox } from './layout.js';
import { linePath } from './path.js';
import type { Box, Gap, Layer, Legend, LegendRow, Picture, Style } from './picture.js';
import { type ValueAxis, valueAxis } from './value-axis.js';

/** Defines one stack. */
export function defineStack(request: StackRequest): Picture {
  const kind = graphKinds[request.type];
  const { span, timeZone, tile } = request;
  const { rows } = request.stack;
  const legend = legendOf(request, kind);
  const plot = plotBox(request, legendLines(legend, tile));
  const parts = layersOf(request, kind, plot);
  const newestRow = rows.known.findLastIndex((known) => known > 0);
  const newestS = newestRow < 0 ? null : rows.startS + (newestRow + 1) * rows.stepS;
  const series = { cf: 'AVERAGE' as const, stepS: rows.stepS, pdpS: rows.pdpS, lastS: request.stack.lastS };
  const ends = parts.flatMap(({ values }) => extremesOf(values));
  const gaps = newestS === null ? [] : withReasons(stackGaps(request.stack, timeZone), request.reasons ?? []);
  return {
    ...frameOf(request, plot),
    heading: headingOf(request.subject, formatShows(stackWords({ ...request, of: request.stack.of }), span)),
    valueAxis: request.isShare
      ? shareAxis(Math.min(0, ...ends) < 0)
      : valueAxis(Math.min(0, ...ends), Math.max(0, ...ends), plot.bottom - plot.top),
    layers: [...parts, ...fairLayers(request, kind, plot)],
    gaps,
    marks: newestS === null ? [] : placeMarks(request.marks ?? [], { span, widthPx: plot.right - plot.left, tile }),
    legend,
    footer: footerOf(request.stack, { timeS: newestS, series, timeZone, sampled: kind.sampled, tile }),
    sentence: newestS === null ? formatNoData(series, span, timeZone) : null,
  };
}

// Problems come first; the rest is then as short as in a tile, since both do not fit.
function footerOf(stack: Stack, newest: Newest): string {
  const sentence = newest.tile ? '' : (stack.fair?.sentence ?? '');
  if (sentence === '') return formatFooter(newest) + (newest.tile ? '' : partialRemark(stack));
  return [
    sentence,
    formatFooter({ ...newest, tile: true }),
    ...(newest.sampled ? [`sampled every ${formatStep(newest.series.pdpS)}`] : []),
  ].join(' · ');
}

/** The parts that are not hidden. */
export function shownParts({ stack, hidden }: StackRequest): readonly Part[] {
  return hidden === undefined ? stack.parts : stack.parts.filter(({ name }) => !hidden.has(name));
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
      return { ...path, label: `${part.name} ${own.label}`, style: styleOf(part, request.theme), above: null };
    });
    return layers.reverse();
  });
}

// Factors that turn the values of a row into percentages; a sum of zero stays zero.
function sharesOf(parts: readonly Part[], quantity: number, rows: number): Float64Array {
  return new Float64Array(rows).map((_, row) => {
    const total = parts.reduce((sum, { values }) => sum + (values[quantity]?.[row] ?? 0), 0);
    return total > 0 ? 100 / total : 1;
  });
}

/** The legend of parts: one row each, and one for their sum. */
export function legendOf(request: StackRequest, kind: GraphKind): Legend {
  const { parts, rows } = request.stack;
  const knownRows = rows.known.filter((known) => known > 0).length;
  const newestRow = rows.known.findLastIndex((known) => known > 0);
  const isShown = parts.map(({ name }) => !request.hidden?.has(name));
  const total = parts.reduce((sum, { size }, index) => sum + (isShown[index] ? size : 0), 0);
  const mean = (quantity: number) =>
    parts.map((part) => (isUnseen(part, kind, quantity) ? Number.NaN : (part.sums[quantity] ?? 0) / knownRows));
  const last = parts.map(({ values, known }) => (known[newestRow] === 1 ? (values[0]?.[newestRow] ?? 0) : Number.NaN));
  const figures = kind.quantities.length > 1 ? kind.quantities.map((_, quantity) => mean(quantity)) : [last, mean(0)];
  const promised = promisedShares(request);
  const columns = [
    ...(kind.quantities.length > 1 ? kind.quantities.map(({ label }) => `${label} avg`) : ['last', 'avg']),
    'share',
    ...(promised === null ? [] : [request.stack.fair?.inForce?.isByWeight ? 'by weight' : 'evenly']),
  ];
  const cells = figures.map((column) =>
    formatColumn([...column, sumOfKnown(column.filter((_, index) => isShown[index]))]),
  );
  const shares = [
    ...parts.map(({ size }, index) => (isShown[index] ? formatShare(size, total) : noFigure)),
    formatShare(total, total),
  ];
  const named = parts.map((part) => ({ name: part.name, hosts: part.hosts, style: styleOf(part, request.theme) }));
  named.push(totalOf(request));
  const legendRows = named.map(
    (row, index): LegendRow => ({
      ...row,
      cells: [
        ...cells.map((column) => column[index] ?? ''),
        shares[index] ?? '',
        ...(promised === null ? [] : [promised[index] ?? '']),
      ],
      remark: '',
    }),
  );
  return { labels: 'above', across: 2, columns, rows: legendRows };
}

// The shares that the scheduler promises at the end of the span, and their total; null if it promises none.
function promisedShares({ stack }: StackRequest): readonly string[] | null {
  const inForce = stack.fair?.inForce ?? null;
  if (inForce === null) return null;
  return [...inForce.shares.map((share) => (share > 0 ? formatShare(share, 1) : noFigure)), formatShare(1, 1)];
}

/** Replies that this director never passes on, as with direct routing, are invisible here rather than zero. */
export function isUnseen({ sums }: Part, { quantities }: GraphKind, quantity: number): boolean {
  const isOut = quantities.map(isOutward);
  const hasIn = sums.some((sum, i) => isOut[i] === false && sum > 0);
  return isOut[quantity] === true && hasIn && sums[quantity] === 0;
}

/** The sum of the known values; NaN if there is none. */
export function sumOfKnown(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? Number.NaN : known.reduce((sum, value) => sum + value, 0);
}

// The number of services in the total: the shown parts, with "others" counted by its members.
function totalOf(request: StackRequest): Pick<LegendRow, 'name' | 'hosts' | 'style'> {
  const { stack, theme } = request;
  const named = stack.parts.filter(({ archive }) => archive !== null).length;
  const services = shownParts(request).reduce(
    (sum, { archive }) => sum + (archive === null ? stack.services - named : 1),
    0,
  );
  const style = { form: 'band', fill: '', edge: coloursOf(theme).text, pattern: 'plain' } as const;
  return { name: `total (${services})`, hosts: [], style };
}

function styleOf({ archive, pattern }: Part, theme: Theme): Style {
  const fill = archive === null ? coloursOf(theme).others : serviceColour(archive, theme);
  return { form: 'stack', fill, edge: fill, pattern };
}

function formatShare(size: number, total: number): string {
  if (!(total > 0)) return noFigure;
  const percent = (100 * size) / total;
  return percent > 0 && percent < 0.1 ? '<0.1 %' : `${percent.toFixed(percent < 9.95 ? 1 : 0)} %`;
}

// A narrow hatch has no room for its words, so the footer states the worst case.
function partialRemark({ rows, of }: Stack): string {
  const partial = Array.from(rows.known.keys()).filter((row) => isPartial(rows, row) && (rows.known[row] ?? 0) > 0);
  const worst = worstOf(rows, partial);
  return worst === null ? '' : ` · hatched: at worst ${rows.known[worst]} of ${rows.present[worst]} ${of} known`;
}

function isPartial({ known, present }: StackRows, row: number): boolean {
  return (known[row] ?? 0) < (present[row] ?? 0);
}

function worstOf({ known, present }: StackRows, candidates: readonly number[]): number | null {
  const share = (row: number) => (known[row] ?? 0) / (present[row] ?? 0);
  return candidates.reduce<number | null>((a, b) => (a === null || share(b) < share(a) ? b : a), null);
}

// Time before the first reading, and time in which some of the services are unknown, with the lowest number known, and the
// number there were.
function stackGaps({ rows, of }: Stack, timeZone: string): Gap[] {
  const before = formatBefore(rows.firstS, timeZone);
  const gaps = gapsOf(rows, (row) => {
    const isNone = rows.known[row] === 0;
    if (isNone && rows.startS + row * rows.stepS < rows.firstS) return before;
    if (!isPartial(rows, row)) return '';
    return isNone ? 'unknown' : 'partial';
  });
  return gaps.map((gap) => {
    if (gap.text !== 'partial') return gap;
    const first = Math.round((gap.startS - rows.startS) / rows.stepS);
    const count = Math.round((gap.endS - gap.startS) / rows.stepS);
    const worst =
      worstOf(
        rows,
        Array.from({ length: count }, (_, index) => first + index),
      ) ?? first;
    return { ...gap, text: `${rows.known[worst]} of ${rows.present[worst]} ${of}` };
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
