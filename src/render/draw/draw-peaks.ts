// The peaks of a picture: a dot where each is, and its value beside it, on the side with more room. The words have an edge in the
// card's colour, so that they are legible over any area.

import { layoutOf } from '../define/layout.js';
import type { Peak, Picture } from '../define/picture.js';
import { fontOf, type Pen } from './pen.js';

const dotPx = 3;
const apartPx = 5;
const edgePx = 3;

/** Draws the peaks of a picture. */
export function drawPeaks(pen: Pen, picture: Picture, family: string): void {
  if (picture.sentence !== null) return;
  pen.font = fontOf(family, layoutOf(picture.tile).fontPx - 1);
  pen.textBaseline = 'middle';
  for (const peak of picture.peaks) drawPeak(pen, picture, peak);
  pen.textBaseline = 'alphabetic';
}

function drawPeak(pen: Pen, { plot, span, valueAxis, colours }: Picture, { timeS, value, text }: Peak): void {
  const x = plot.left + ((timeS - span.startS) / (span.endS - span.startS)) * (plot.right - plot.left);
  const { minimum, maximum } = valueAxis;
  const y = plot.bottom - ((value - minimum) / (maximum - minimum)) * (plot.bottom - plot.top);
  pen.fillStyle = colours.text;
  pen.fillRect(Math.round(x - dotPx / 2), Math.round(y - dotPx / 2), dotPx, dotPx);
  const isLeft = x + apartPx + pen.measureText(text).width > plot.right;
  pen.textAlign = isLeft ? 'right' : 'left';
  const textX = x + (isLeft ? -apartPx : apartPx);
  pen.strokeStyle = colours.card;
  pen.lineWidth = edgePx;
  pen.lineJoin = 'round';
  pen.strokeText(text, textX, y + 1);
  pen.fillText(text, textX, y + 1);
}
