// The definition of the director's graphs: every service stacked, so that the share of each is seen. In above zero, out
// below, where both are counted. While a service is unknown, the total is of those that are known, and hatched.

import { type Graph, graphOf } from './configuration.js';
import { columnsOf, frameOf } from './define-graph.js';
import { gapsOf, withReasons } from './gap.js';
import type { StackMember, StackRequest } from './graph-request.js';
import { formatBefore, formatFooter, formatNoData, formatShows, headingOf } from './heading.js';
import { legendLines, plotBox } from './layout.js';
import { pathOf } from './path.js';
import type { Box, Gap, Layer, Legend, LegendRow } from './picture.js';
import { type GraphKind, graphKinds } from './quantity.js';
import { formatColumn, noFigure } from './si-format.js';
import { type Part, type StackRows, stackParts } from './stack-parts.js';
import { coloursOf } from './theme.js';
import { valueAxis } from './value-axis.js';

/** Defines one stack. Throws a `UserError` where a member lacks a data source that it shows. */
export function defineStack(request: StackRequest): Graph {
  const kind = graphKinds[request.type];
  const { span, timeZone, tile } = request;
  const { rows, parts } = stackParts(request, kind);
  const legend = legendOf(request, kind, { parts, rows });
  const plot = plotBox(request.sizePx, tile, legendLines(legend, tile));
  const layers = layersOf(request, kind, { parts, rows, plot });
  const newestRow = rows.known.findLastIndex((known) => known > 0);
  const newestS = newestRow < 0 ? null : rows.startS + (newestRow + 1) * rows.stepS;
  const series = { cf: 'AVERAGE' as const, stepS: rows.stepS, lastS: newestReadingS(request.members) };
  const ends = layers.flatMap(({ values }) => extremesOf(values));
  const gaps = newestS === null ? [] : withReasons(stackGaps(rows, timeZone), request.reasons ?? []);
  return graphOf({
    ...frameOf(request, plot),
    heading: headingOf(request.subject, formatShows({ ...kind, title: titleOf(kind) }, span)),
    valueAxis: valueAxis(Math.min(0, ...ends), Math.max(0, ...ends), plot.bottom - plot.top),
    layers,
    gaps,
    legend,
    footer:
      formatFooter({ timeS: newestS, series, timeZone, sampled: kind.sampled, tile }) +
      (tile ? '' : partialRemark(rows)),
    sentence: newestS === null ? formatNoData(series, span, timeZone) : null,
  });
}

function titleOf({ title, quantities }: GraphKind): string {
  return quantities.length > 1 ? `${title} in above, out below` : title;
}

interface Stack {
  readonly parts: readonly Part[];
  readonly rows: StackRows;
}

// Painted from the top of the stack down, each to zero: what stands below covers what is not its own.
function layersOf(request: StackRequest, kind: GraphKind, { parts, rows, plot }: Stack & { plot: Box }): Layer[] {
  return kind.quantities.flatMap(({ label }, quantity) => {
    const sign = quantity === 0 ? 1 : -1;
    let below = new Float64Array(rows.length).map((_, row) => ((rows.known[row] ?? 0) > 0 ? 0 : Number.NaN));
    const layers = parts.map((part): Layer => {
      below = below.map((value, row) => value + sign * (part.values[quantity]?.[row] ?? 0));
      const path = pathOf({ ...rows, values: below }, request.span, columnsOf(request, plot));
      return { ...path, label: `${part.name} ${label}`, style: part.style, above: null };
    });
    return layers.reverse();
  });
}

function legendOf(request: StackRequest, kind: GraphKind, { parts, rows }: Stack): Legend {
  const knownRows = rows.known.filter((known) => known > 0).length;
  const newestRow = rows.known.findLastIndex((known) => known > 0);
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  const mean = (quantity: number) =>
    parts.map((part) => (isUnseen(part, quantity) ? Number.NaN : (part.sums[quantity] ?? 0) / knownRows));
  const last = parts.map(({ values, known }) => (known[newestRow] === 1 ? (values[0]?.[newestRow] ?? 0) : Number.NaN));
  const figures = kind.quantities.length > 1 ? [mean(0), mean(1)] : [last, mean(0)];
  const columns = kind.quantities.length > 1 ? ['in avg', 'out avg', 'share'] : ['last', 'avg', 'share'];
  const cells = figures.map((column) => formatColumn([...column, sumOfKnown(column)]));
  const shares = [...parts.map(({ size }) => formatShare(size, total)), formatShare(total, total)];
  const { text } = coloursOf(request.theme);
  const named = [...parts.map(({ name, hosts, style }) => ({ name, hosts, style })), totalOf(request.members, text)];
  const legendRows = named.map(
    (row, index): LegendRow => ({
      ...row,
      cells: [...cells.map((column) => column[index] ?? ''), shares[index] ?? ''],
      remark: '',
    }),
  );
  return { labels: 'above', across: 2, columns, rows: legendRows };
}

// Replies that this director never passes on, as with direct routing, are not seen here rather than none.
function isUnseen({ sums: [inward = 0, out = 0] }: Part, quantity: number): boolean {
  return quantity === 1 && inward > 0 && out === 0;
}

function sumOfKnown(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? Number.NaN : known.reduce((sum, value) => sum + value, 0);
}

function totalOf(members: readonly StackMember[], edge: string): Pick<LegendRow, 'name' | 'hosts' | 'style'> {
  const name = `total (${members.length})`;
  return { name, hosts: [], style: { form: 'band', fill: '', edge, pattern: 'plain' } };
}

function formatShare(size: number, total: number): string {
  if (!(total > 0)) return noFigure;
  const percent = (100 * size) / total;
  return percent > 0 && percent < 0.1 ? '<0.1 %' : `${percent.toFixed(percent < 9.95 ? 1 : 0)} %`;
}

// A narrow hatch has no room for its words, so the footer says the worst of them.
function partialRemark(rows: StackRows): string {
  const partial = Array.from(rows.known.keys()).filter((row) => isPartial(rows, row) && (rows.known[row] ?? 0) > 0);
  const worst = worstOf(rows, partial);
  return worst === null ? '' : ` · hatched: at worst ${rows.known[worst]} of ${rows.present[worst]} services known`;
}

function isPartial({ known, present }: StackRows, row: number): boolean {
  return (known[row] ?? 0) < (present[row] ?? 0);
}

function worstOf({ known, present }: StackRows, candidates: readonly number[]): number | null {
  const share = (row: number) => (known[row] ?? 0) / (present[row] ?? 0);
  return candidates.reduce<number | null>((a, b) => (a === null || share(b) < share(a) ? b : a), null);
}

// Before anything was read, and where some of the services are unknown: as many as were known at worst, of how many
// there were.
function stackGaps(rows: StackRows, timeZone: string): Gap[] {
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
    return { ...gap, text: `${rows.known[worst]} of ${rows.present[worst]} services` };
  });
}

function newestReadingS(members: readonly StackMember[]): number {
  return members.reduce((newest, { series }) => Math.max(newest, series.lastS || 0), 0);
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
