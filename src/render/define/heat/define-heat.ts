// Defines the heat maps of the director's processors: one row each, so that a saturated processor is seen before the total
// shows it. Colours range from a pale one for zero to that of the greatest row of the span.

import { formatFigure } from '../../look/si-format.js';
import { coloursOf, heatColours } from '../../look/theme.js';
import { placeMarks } from '../../series/mark.js';
import { graphKinds } from '../../series/quantity.js';
import type { Stack, StackPart } from '../../series/stack-parts.js';
import { highestOf } from '../../series/trace.js';
import { frameOf } from '../define-graph.js';
import { defineStack, stackWords } from '../define-stack.js';
import { gapsOf, withReasons } from '../gap.js';
import { pixelColumns } from '../graph/graph-layers.js';
import { formatBefore, formatFooter, formatNoData, formatShows, headingOf } from '../heading.js';
import { legendLines, plotBox } from '../layout.js';
import type { ColourScale, Gap, Legend, Picture } from '../picture.js';
import { shownParts, stackLegend } from '../stack/stack-legend.js';
import type { StackRequest } from '../stack/stack-request.js';
import { type ValueAxis, valueAxis } from '../value-axis.js';
import { amountsOf, heatOf, levelOf } from './heat.js';

/** Most rows in the legend of a picture: the busiest. A page has room for all of them. */
const maxListed = 8;
const minLabelPx = 14;

/** Defines a picture of several archives together: processors as a heat map, anything else as a stack. */
export function defineTogether(request: StackRequest): Picture {
  return request.stack.of === 'processors' ? defineHeat(request) : defineStack(request);
}

function defineHeat(request: StackRequest): Picture {
  const { span, timeZone, tile, theme, stack } = request;
  const { rows } = stack;
  const kind = graphKinds[request.type];
  const parts = shownParts(request);
  const amounts = amountsOf(parts, rows, request.isShare === true);
  const highest = Math.max(0, ...amounts.map(highestOf));
  const colours = heatColours(theme);
  const means = new Map(parts.map((part, row) => [part, meanOf(amounts[row] ?? new Float64Array())]));
  const legend = heatLegend(request, { colours, highest, means });
  const plot = plotBox(request, legendLines(legend, tile));
  const newestRow = rows.known.findLastIndex((known) => known > 0);
  const isEmpty = newestRow < 0;
  const series = { cf: 'AVERAGE' as const, stepS: rows.stepS, pdpS: rows.pdpS, lastS: stack.lastS };
  const timeS = isEmpty ? null : rows.startS + (newestRow + 1) * rows.stepS;
  return {
    ...frameOf(request, plot),
    heading: {
      ...headingOf(request.subject, ''),
      endpoint: 'Processors',
      shows: formatShows(stackWords({ ...request, of: stack.of }), span),
    },
    valueAxis: isEmpty ? valueAxis(0, 0, 0) : rowsAxis(parts, plot.bottom - plot.top),
    layers: [],
    peaks: [],
    limits: [],
    ...(isEmpty
      ? {}
      : { heat: heatOf(amounts, { rows, span, columns: pixelColumns(request, plot), colours, highest }) }),
    gaps: isEmpty ? [] : withReasons(gaps(stack, timeZone), request.reasons ?? []),
    marks: isEmpty ? [] : placeMarks(request.marks ?? [], { span, widthPx: plot.right - plot.left, tile }),
    legend,
    footer: formatFooter({ timeS, series, timeZone, sampled: kind.sampled, tile }),
    sentence: isEmpty ? formatNoData({ ...request, series }) : null,
  };
}

/** The axis of rows, top down, labelled with their numbers as far as there is room. */
function rowsAxis(parts: readonly StackPart[], heightPx: number): ValueAxis {
  const every = Math.max(1, Math.ceil((minLabelPx * parts.length) / heightPx));
  const ticks = parts.flatMap(({ name }, row) =>
    row % every === 0 ? [{ value: parts.length - row - 0.5, text: numberOf(name) }] : [],
  );
  return { minimum: 0, maximum: Math.max(1, parts.length), ticks };
}

/** "Processor 3" is 3. */
function numberOf(name: string): string {
  return name.slice(name.lastIndexOf(' ') + 1);
}

/** Colours, the amount that takes the last of them, and the mean of each shown part. */
interface Shades {
  readonly colours: readonly string[];
  readonly highest: number;
  readonly means: ReadonlyMap<StackPart, number>;
}

/** The mean over the known rows; 0 if there is none. */
function meanOf(column: Float64Array): number {
  const known = column.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function heatLegend(request: StackRequest, { colours, highest, means }: Shades): Legend {
  const kind = graphKinds[request.type];
  const { parts } = request.stack;
  const legend = stackLegend(request, kind);
  const bySize = parts.toSorted((a, b) => b.size - a.size);
  const listed = request.bare ? parts : parts.filter((part) => bySize.indexOf(part) < maxListed);
  const edge = coloursOf(request.theme).border;
  const own = parts.flatMap((part, index) => {
    const row = legend.rows[index];
    if (row === undefined || !listed.includes(part)) return [];
    const fill = colours[levelOf(means.get(part) ?? 0, { colours, highest })] ?? '';
    return [{ ...row, style: { form: 'stack', fill, edge, pattern: 'plain' } as const }];
  });
  const total = legend.rows.slice(parts.length);
  const unit = request.isShare ? ' %' : '';
  const scale: ColourScale = { colours, from: '0', to: `${formatFigure(highest)}${unit}` };
  return { ...legend, rows: [...own, ...total], ...(highest > 0 ? { scale } : {}) };
}

/** Stretches in which every part is unknown. An unknown row of a single part is hatched in its own row. */
function gaps({ rows }: Stack, timeZone: string): Gap[] {
  const before = formatBefore(rows.firstS, timeZone);
  return gapsOf(rows, (row) => {
    if ((rows.known[row] ?? 0) > 0) return '';
    if (rows.startS + row * rows.stepS < rows.firstS) return before;
    return (rows.present[row] ?? 0) > 0 ? 'unknown' : '';
  });
}
