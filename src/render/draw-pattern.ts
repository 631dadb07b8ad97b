// Patterns over an area, for services that share a colour in one stack: lines clipped to the area. What stands below
// it in the stack is painted afterwards and covers what is not its own.

import type { Pen } from './pen.js';
import type { Box, Layer, Picture } from './picture.js';
import type { Pattern } from './theme.js';

// Directions (dx, dy) and the distance of the lines of each pattern, in pixels.
const strokes: Readonly<
  Record<Pattern, readonly { readonly dx: number; readonly dy: number; readonly apartPx: number }[]>
> = {
  plain: [],
  rising: [{ dx: 1, dy: -1, apartPx: 5 }],
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
  wide: [{ dx: 1, dy: -1, apartPx: 11 }],
  steep: [{ dx: 1, dy: -3, apartPx: 6 }],
};

/** Draws the pattern of a layer over its area, from zero to its line. */
export function drawPattern(pen: Pen, layer: Layer, { plot, span, valueAxis, colours }: Picture): void {
  const perS = (plot.right - plot.left) / (span.endS - span.startS);
  const perUnit = (plot.bottom - plot.top) / (valueAxis.maximum - valueAxis.minimum);
  const xOf = (timeS: number) => Math.min(plot.right, Math.max(plot.left, plot.left + (timeS - span.startS) * perS));
  const yOf = (value: number) => plot.bottom - (value - valueAxis.minimum) * perUnit;
  pen.save();
  pen.beginPath();
  for (let index = 1; index < layer.values.length; index++) {
    const value = layer.values[index] ?? Number.NaN;
    const before = layer.values[index - 1] ?? Number.NaN;
    if (Number.isNaN(value) || Number.isNaN(before)) continue;
    const left = xOf(layer.timesS[index - 1] ?? 0);
    pen.rect(left, yOf(0), xOf(layer.timesS[index] ?? 0) - left, yOf(value) - yOf(0));
  }
  pen.clip();
  drawStrokes(pen, layer.style.pattern, plot);
  pen.strokeStyle = colours.pattern;
  pen.lineWidth = 1;
  pen.stroke();
  pen.restore();
}

/** Adds the lines of a pattern within a box to a new path; the caller clips and strokes. */
export function drawStrokes(pen: Pen, pattern: Pattern, box: Box): void {
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
