// A line of points as a path: straight or stepped, open or down to a floor, interrupted at unknown points. For steps, only the
// corners reach the pen: between equal values there is nothing to draw.

import type { Pen } from './pen.js';

/** The position of values on the canvas: `left + perX * x`, `zero + perY * y`. */
export interface Ground {
  readonly left: number;
  readonly perX: number;
  readonly zero: number;
  readonly perY: number;
}

/** A line: NaN in `y` interrupts it; `stepped`: a point's `y` holds since the point before; `isArea`: down to zero. */
export interface Line {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly stepped: boolean;
  readonly isArea: boolean;
}

/** Adds a line to the current path; each stretch of an area is a closed subpath. */
export function traceLine(pen: Pen, { points, stepped, isArea }: Line, { left, perX, zero, perY }: Ground): void {
  let isDown = false;
  let x = 0;
  let y = 0;
  const lift = () => {
    if (isDown && stepped) pen.lineTo(x, y);
    if (isDown && isArea) pen.lineTo(x, zero);
    isDown = false;
  };
  for (const point of points) {
    const toX = left + perX * point.x;
    const toY = zero + perY * point.y;
    if (Number.isNaN(toY)) {
      lift();
      continue;
    }
    if (!isDown) {
      pen.moveTo(toX, isArea ? zero : toY);
      if (isArea) pen.lineTo(toX, toY);
      isDown = true;
    } else if (!stepped) {
      pen.lineTo(toX, toY);
    } else if (toY !== y) {
      pen.lineTo(x, y);
      pen.lineTo(x, toY);
    }
    x = toX;
    y = toY;
  }
  lift();
}
