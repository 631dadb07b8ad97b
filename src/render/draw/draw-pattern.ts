// Patterns over an area, for members of a page that share a hue: lines clipped to the area. Lower layers of the stack
// are painted afterwards and cover the excess.

import type { Box, Picture } from '../define/picture.js';
import type { Pattern } from '../look/member-looks.js';
import type { Pen } from './pen.js';
import { type Line, traceLine } from './trace-line.js';

// Directions (dx, dy) and the spacing of the lines of each pattern, in pixels.
const strokes: Readonly<
  Record<Pattern, readonly { readonly dx: number; readonly dy: number; readonly apartPx: number }[]>
> = {
  plain: [],
  falling: [{ dx: 1, dy: 1, apartPx: 5 }],
  level: [{ dx: 1, dy: 0, apartPx: 4 }],
  upright: [{ dx: 0, dy: 1, apartPx: 4 }],
  crossed: [
    { dx: 1, dy: -1, apartPx: 6 },
    { dx: 1, dy: 1, apartPx: 6 },
  ],
  squared: [
    { dx: 1, dy: 0, apartPx: 5 },
    { dx: 0, dy: 1, apartPx: 5 },
  ],
  wide: [{ dx: 1, dy: 1, apartPx: 11 }],
  steep: [{ dx: 1, dy: 3, apartPx: 6 }],
};

/** Draws a pattern over an area, from zero to its line. */
export function drawPattern(pen: Pen, area: Line, { pattern, picture }: { pattern: Pattern; picture: Picture }): void {
  const { plot, span, valueAxis, colours } = picture;
  const perX = (plot.right - plot.left) / (span.endS - span.startS);
  const perY = -(plot.bottom - plot.top) / (valueAxis.maximum - valueAxis.minimum);
  const left = plot.left - span.startS * perX;
  pen.save();
  pen.beginPath();
  pen.rect(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top);
  pen.clip();
  pen.beginPath();
  traceLine(pen, area, { left, perX, zero: plot.bottom - valueAxis.minimum * perY, perY });
  pen.clip();
  drawStrokes(pen, pattern, plot);
  pen.strokeStyle = colours.pattern;
  pen.lineWidth = 1;
  pen.stroke();
  pen.restore();
}

/** Adds the lines of a pattern within a box to a new path; the caller clips and strokes. */
export function drawStrokes(pen: Pick<Pen, 'beginPath' | 'moveTo' | 'lineTo'>, pattern: Pattern, box: Box): void {
  pen.beginPath();
  const reach = box.right - box.left + box.bottom - box.top;
  for (const { dx, dy, apartPx } of strokes[pattern]) {
    const length = Math.hypot(dx, dy);
    // Lines with normal (-dy, dx): offsets along it from the box's centre.
    const [nx, ny] = [-dy / length, dx / length];
    const [cx, cy] = [Math.round((box.left + box.right) / 2) + 0.5, Math.round((box.top + box.bottom) / 2) + 0.5];
    for (let offset = -Math.ceil(reach / 2 / apartPx) * apartPx; offset <= reach / 2; offset += apartPx) {
      const [x, y] = [cx + nx * offset, cy + ny * offset];
      pen.moveTo(x - (dx / length) * reach, y - (dy / length) * reach);
      pen.lineTo(x + (dx / length) * reach, y + (dy / length) * reach);
    }
  }
}
