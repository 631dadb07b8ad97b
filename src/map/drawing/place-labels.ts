// Chooses the labels of a drawing that have room: none covers another label or a box.

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

/** The labels that cover neither a box nor a label before them in the list: put the most important first. */
export function placeLabels<L extends Label>(labels: readonly L[], boxes: readonly Box[]): ReadonlySet<L> {
  const taken = [...boxes];
  const placed = new Set<L>();
  for (const label of labels) {
    const own = boxOf(label);
    if (taken.some((other) => overlaps(own, other))) continue;
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
