// Chooses the labels of a drawing that have room: none covers a box, or covers or touches another label.

import type { Box } from './layout.js';

/** A label, centred at a point on its baseline. */
export interface Label {
  readonly words: string;
  readonly x: number;
  readonly y: number;
}

/** Points that a character takes at the size of labels, and the height of a line. */
const characterPt = 5.2;
const linePt = 10;
/** Points between two labels beside each other, so that they do not read as one number. */
const gapPt = 8;

/** The labels that cover no box, and are clear of the labels before them in the list: put the most important first. */
export function placeLabels<L extends Label>(labels: readonly L[], boxes: readonly Box[]): ReadonlySet<L> {
  const taken: Box[] = [];
  const placed = new Set<L>();
  for (const label of labels) {
    const own = boxOf(label);
    const roomy = { ...own, x: own.x - gapPt, width: own.width + 2 * gapPt };
    if (boxes.some((other) => overlaps(own, other)) || taken.some((other) => overlaps(roomy, other))) continue;
    taken.push(own);
    placed.add(label);
  }
  return placed;
}

function boxOf({ words, x, y }: Label): Box {
  const width = words.length * characterPt;
  return { x: x - width / 2, y: y - linePt + 2, width, height: linePt };
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
