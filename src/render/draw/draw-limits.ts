// The capacity lines of a picture: dashed, each with its number at the left end, above the line. A line beyond the axis is only its number, at
// the top, with an arrow.

import { layoutOf } from '../define/layout.js';
import type { LimitLine, Picture } from '../define/picture.js';
import { fontOf, type Pen } from './pen.js';

const dashPx = [6, 4];
const insetPx = 4;
const edgePx = 3;

/** Draws the capacity lines of a picture. */
export function drawLimits(pen: Pen, picture: Picture, family: string): void {
  if (picture.sentence !== null) return;
  pen.font = fontOf(family, layoutOf(picture.tile).fontPx - 1);
  pen.textBaseline = 'alphabetic';
  pen.textAlign = 'left';
  for (const line of picture.limits) drawLimit(pen, picture, line);
}

function drawLimit(pen: Pen, picture: Picture, { value, text, isStated, isOff }: LimitLine): void {
  const { plot, valueAxis, colours, tile } = picture;
  const { fontPx } = layoutOf(tile);
  const colour = isStated ? colours.text : colours.muted;
  const perUnit = (plot.bottom - plot.top) / (valueAxis.maximum - valueAxis.minimum);
  const y = isOff ? plot.top : Math.round(plot.bottom - (value - valueAxis.minimum) * perUnit) + 0.5;
  if (!isOff) {
    pen.strokeStyle = colour;
    pen.lineWidth = 1;
    pen.setLineDash(dashPx);
    pen.beginPath();
    pen.moveTo(plot.left, y);
    pen.lineTo(plot.right, y);
    pen.stroke();
    pen.setLineDash([]);
  }
  if (text === '') return;
  // Near the top there is no room above the line.
  const isBelow = y - fontPx < plot.top;
  const words = isOff ? `${text} (above)` : text;
  const textY = isBelow ? y + fontPx : y - 3;
  pen.strokeStyle = colours.card;
  pen.lineWidth = edgePx;
  pen.lineJoin = 'round';
  pen.strokeText(words, plot.left + insetPx, textY);
  pen.fillStyle = colour;
  pen.fillText(words, plot.left + insetPx, textY);
}
