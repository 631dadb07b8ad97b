// Rows that a receiver will not take, in words: which, why, and the other way to bring them there.

import { tooOldText } from '../model/finding/push-finding.js';
import type { Cursor } from './cursor/cursor.js';

/** A message about each refusal that the position has and an earlier one had not. */
export function newRefusals(before: Cursor | null, cursor: Cursor | null, receiver: string): readonly string[] {
  if (cursor === null) return [];
  const { tooOld, refused } = cursor;
  const texts: string[] = [];
  if (tooOld !== null && (tooOld.fromS !== before?.tooOld?.fromS || tooOld.toS !== before.tooOld.toS))
    texts.push(`${receiver} ${tooOldText(tooOld)}`);
  if (refused !== null && refused.samples !== before?.refused?.samples)
    texts.push(`${receiver} ${refusedText(refused)}`);
  return texts;
}

/** A sentence about the receiver and values that it refused. */
function refusedText({ samples, text }: NonNullable<Cursor['refused']>): string {
  return `refused ${samples} samples, because it has other or later values of the same rows (${text})`;
}
