// Stretches of unknown rows, merged, each with its known reason.

import { neverKeptRemark } from '../series/never-kept.js';
import type { UnknownReason } from './graph-request.js';
import type { Gap } from './picture.js';

/** The text of a stretch in which all probes were lost. */
export const unansweredText = 'no answer';

/** Stretches of rows for which `textOf` returns a text; '' stands for none. Row i begins at startS + i * stepS. */
export function gapsOf(
  rows: { readonly startS: number; readonly stepS: number; readonly length: number },
  textOf: (row: number) => string,
): Gap[] {
  const gaps: Gap[] = [];
  for (let row = 0; row < rows.length; row++) {
    const text = textOf(row);
    if (text === '') continue;
    const startS = rows.startS + row * rows.stepS;
    const before = gaps.at(-1);
    const joins = before !== undefined && before.endS === startS && before.text === text;
    if (joins) gaps.pop();
    gaps.push({ startS: joins ? before.startS : startS, endS: startS + rows.stepS, text });
  }
  return gaps;
}

/** Gaps with their reasons instead of "unknown", if a reason covers more than half of the gap; more specific texts stay. */
export function withReasons(gaps: readonly Gap[], reasons: readonly UnknownReason[]): Gap[] {
  return gaps.map((gap) => {
    if (gap.text === neverKeptRemark || gap.text === unansweredText) return gap;
    const reason = reasons.find(
      ({ startS, endS }) => Math.min(endS, gap.endS) - Math.max(startS, gap.startS) > (gap.endS - gap.startS) / 2,
    );
    return reason === undefined ? gap : { ...gap, text: reason.text };
  });
}
