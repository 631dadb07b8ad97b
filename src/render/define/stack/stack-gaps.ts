// The gaps of a stack: time before its first reading, and time in which only some of its members are known.

import type { Stack } from '../../series/stack-parts.js';
import type { StackRows } from '../../series/stack-rows.js';
import { gapsOf } from '../gap.js';
import { formatBefore } from '../heading.js';
import type { Gap } from '../picture.js';

/** The worst case, for the footer: a narrow hatch has no room for its words. '' if all members are known. */
export function partialRemark({ rows, of }: Stack): string {
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

/**
 * Time before the first reading, and time in which some of the services are unknown, with the lowest number known, and the
 * number there were.
 */
export function stackGaps({ rows, of }: Stack, timeZone: string): Gap[] {
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
