// The cells of a heat map. A row is as high as space permits, at least a pixel; higher rows are separated by a line in the
// card's colour. Unknown cells are hatched in their row alone.

import type { Box, HeatCell, Picture } from '../define/picture.js';
import { risingLines } from './draw-hatch.js';
import type { Pen } from './pen.js';

const separatedPx = 6;

/** Draws the cells of a heat map; does nothing for any other picture. */
export function drawHeat(pen: Pen, picture: Picture): void {
  const { heat, colours } = picture;
  if (heat === undefined) return;
  for (const cell of heat.cells) {
    if (cell.fill === null) continue;
    const { left, top, right, bottom } = boxOf(cell, picture, heat.rows);
    pen.fillStyle = cell.fill;
    pen.fillRect(left, top, right - left, bottom - top);
  }
  pen.strokeStyle = colours.hatch;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const cell of heat.cells) if (cell.fill === null) risingLines(pen, boxOf(cell, picture, heat.rows));
  pen.stroke();
}

function boxOf({ row, startS, endS }: HeatCell, { plot, span }: Picture, rows: number): Box {
  const heightPx = (plot.bottom - plot.top) / rows;
  const perS = (plot.right - plot.left) / (span.endS - span.startS);
  const top = Math.round(plot.top + row * heightPx);
  const bottom = Math.max(top + 1, Math.round(plot.top + (row + 1) * heightPx) - (heightPx < separatedPx ? 0 : 1));
  const left = Math.max(plot.left, Math.round(plot.left + (startS - span.startS) * perS));
  const right = Math.min(plot.right, Math.round(plot.left + (endS - span.startS) * perS));
  return { left, top, right: Math.max(right, Math.min(left + 1, plot.right)), bottom };
}
