// The legend of a stack: a row for each part and one for their sum, with figures, shares, and the shares that the scheduler
// promises.

import { formatColumn, noFigure } from '../../look/si-format.js';
import { coloursOf } from '../../look/theme.js';
import { type GraphKind, isOutward } from '../../series/quantity.js';
import type { StackPart } from '../../series/stack-parts.js';
import type { Theme } from '../graph-request.js';
import type { Legend, LegendRow, Style } from '../picture.js';
import { promisedShares } from './fair-bands.js';
import type { StackRequest } from './stack-request.js';

/** The parts that are not hidden. */
export function shownParts({ stack, hidden }: StackRequest): readonly StackPart[] {
  return hidden === undefined ? stack.parts : stack.parts.filter(({ name }) => !hidden.has(name));
}

/** The legend of parts: one row each, and one for their sum. */
export function stackLegend(request: StackRequest, kind: GraphKind): Legend {
  const { parts, rows } = request.stack;
  const knownRows = rows.known.filter((known) => known > 0).length;
  const newestRow = rows.known.findLastIndex((known) => known > 0);
  const isShown = parts.map(({ name }) => !request.hidden?.has(name));
  const total = parts.reduce((sum, { size }, index) => sum + (isShown[index] ? size : 0), 0);
  const mean = (quantity: number) =>
    parts.map((part) => (isUnseen(part, kind, quantity) ? Number.NaN : (part.sums[quantity] ?? 0) / knownRows));
  const last = parts.map(({ values, known }) => (known[newestRow] === 1 ? (values[0]?.[newestRow] ?? 0) : Number.NaN));
  const figures = kind.quantities.length > 1 ? kind.quantities.map((_, quantity) => mean(quantity)) : [last, mean(0)];
  const promised = promisedCells(request);
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
  const named = parts.map((part) => ({ name: part.name, hosts: part.hosts, style: partStyle(part, request.theme) }));
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

// The shares that the scheduler promised over the span, and their total; null if it promises none at its end.
function promisedCells({ stack }: StackRequest): readonly string[] | null {
  if (!stack.fair?.inForce) return null;
  return [...promisedShares(stack).map((share) => (share > 0 ? formatShare(share, 1) : noFigure)), formatShare(1, 1)];
}

/** Replies that this director never passes on, as with direct routing, are invisible here rather than zero. */
export function isUnseen({ sums }: StackPart, { quantities }: GraphKind, quantity: number): boolean {
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

/** The style of a part: the colour of its member, or that of the others. */
export function partStyle({ look }: StackPart, theme: Theme): Style {
  const { members, others } = coloursOf(theme);
  const fill = look === null ? others : (members[look.hue] ?? others);
  return { form: 'stack', fill, edge: fill, pattern: look?.pattern ?? 'plain' };
}

function formatShare(size: number, total: number): string {
  if (!(total > 0)) return noFigure;
  const percent = (100 * size) / total;
  return percent > 0 && percent < 0.1 ? '<0.1 %' : `${percent.toFixed(percent < 9.95 ? 1 : 0)} %`;
}
