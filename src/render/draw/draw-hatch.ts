// The hatch of unknown rows: faint rising lines over the whole height of the plot, with a word if it fits.

import { layoutOf } from '../define/layout.js';
import type { Box, Gap, Picture } from '../define/picture.js';
import { firstFitting, fontOf, type Pen } from './pen.js';

const spacingPx = 6;

/** Draws the hatch and its words. */
export function drawHatch(pen: Pen, picture: Picture, family: string): void {
  const boxes = picture.gaps.map((gap) => ({ gap, box: boxOf(gap, picture) }));
  pen.strokeStyle = picture.colours.hatch;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const { box } of boxes) risingLines(pen, box);
  pen.stroke();
  pen.font = fontOf(family, layoutOf(picture.tile).fontPx);
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  for (const { gap, box } of boxes) drawWord(pen, { text: gap.text, box, picture });
}

// At least a pixel wide: a gap must be visible, however long the span.
function boxOf({ startS, endS }: Gap, { plot, span }: Picture): Box {
  const perS = (plot.right - plot.left) / (span.endS - span.startS);
  const left = Math.max(plot.left, Math.round(plot.left + (startS - span.startS) * perS));
  const right = Math.min(plot.right, Math.round(plot.left + (endS - span.startS) * perS));
  return { left: Math.min(left, plot.right - 1), right: Math.max(right, left + 1), top: plot.top, bottom: plot.bottom };
}

/** Adds lines x + y = n * spacing to the path, clipped to the box; n is global, so that adjacent boxes join. */
export function risingLines(pen: Pen, { left, top, right, bottom }: Box): void {
  for (let n = Math.ceil((left + top) / spacingPx); n * spacingPx <= right + bottom; n++) {
    const sum = n * spacingPx;
    const fromX = Math.max(left, sum - bottom);
    const toX = Math.min(right, sum - top);
    if (toX <= fromX) continue;
    pen.moveTo(fromX, sum - fromX);
    pen.lineTo(toX, sum - toX);
  }
}

function drawWord(pen: Pen, { text, box, picture }: { text: string; box: Box; picture: Picture }): void {
  // "14 of 15 services", or "14 of 15" if there is less room; other texts would mislead if shortened.
  const short = /^\d+ of \d+/.exec(text);
  const fitting = firstFitting(pen, [text, short?.[0] ?? ''], box.right - box.left - 12);
  const width = pen.measureText(fitting).width;
  if (fitting === '') return;
  const x = (box.left + box.right) / 2;
  // At the edge that the data reaches least often, so that it does not cover a partial stack.
  const { minimum, maximum } = picture.valueAxis;
  const y = -minimum > maximum ? box.bottom - 14 : box.top + 14;
  pen.fillStyle = picture.colours.card;
  pen.fillRect(Math.round(x - width / 2) - 4, Math.round(y) - 8, Math.round(width) + 8, 16);
  pen.fillStyle = picture.colours.muted;
  pen.fillText(fitting, x, y);
}
