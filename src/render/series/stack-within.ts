// Cuts a stack to a shorter span, or extends it: a page shows at once what it has while finer rows are fetched.

import type { Span } from '../define/graph-request.js';
import type { Stack, StackPart } from './stack-parts.js';

/** The rows of a stack that overlap `span`. Missing rows are added as unknown: one service, which is unknown. */
export function stackWithin(stack: Stack, span: Pick<Span, 'startS' | 'endS'>): Stack {
  const { rows } = stack;
  const first = Math.floor((span.startS - rows.startS) / rows.stepS);
  const needed = (span.endS - rows.startS) / rows.stepS;
  // A row that overlaps the span is shown if it exists, and not missed otherwise.
  const end = Math.max(first, Math.floor(needed), Math.min(rows.length, Math.ceil(needed)));
  if (first === 0 && end === rows.length) return stack;
  const isLacking = (row: number) => first + row < 0 || first + row >= rows.length;
  const length = end - first;
  const present = Uint32Array.from({ length }, (_, row) => (isLacking(row) ? 1 : (rows.present[first + row] ?? 0)));
  const known = Uint32Array.from({ length }, (_, row) => rows.known[first + row] ?? 0);
  const parts = stack.parts.map((part) => partWithin(part, first, length));
  const peak =
    stack.peak?.map((column) => Float64Array.from({ length }, (_, row) => column[first + row] ?? Number.NaN)) ?? null;
  return { ...stack, rows: { ...rows, startS: rows.startS + first * rows.stepS, length, present, known }, parts, peak };
}

function partWithin(part: StackPart, first: number, length: number): StackPart {
  const values = part.values.map((column) => Float64Array.from({ length }, (_, row) => column[first + row] ?? 0));
  const known = Uint8Array.from({ length }, (_, row) => part.known[first + row] ?? 0);
  const sums = values.map((column) => column.reduce((sum, value) => sum + value, 0));
  return { ...part, values, known, sums, size: sums.reduce((total, sum) => total + sum, 0) };
}
