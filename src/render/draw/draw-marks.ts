// Marks of events in the strip below the time axis, where they cover nothing: a shape for each kind, a number if it stands for
// several, and a pale dotted line up through the plot. A tile has room for ticks only.

import type { EventMark, MarkKind } from '../define/graph-request.js';
import { layoutOf } from '../define/layout.js';
import type { Picture } from '../define/picture.js';
import { fontOf, type Pen } from './pen.js';

/** More lines than this would look like a second grid. */
const maxLines = 24;
const dotsApartPx = 4;
const radiusPx = 3;

/** Draws the marks of a picture. */
export function drawMarks(pen: Pen, picture: Picture, family: string): void {
  const { marks, plot, span, tile } = picture;
  if (marks.length === 0) return;
  const perS = (plot.right - plot.left) / (span.endS - span.startS);
  const places = marks.map((mark) => {
    return { mark, x: Math.min(plot.right - 1, Math.round(plot.left + (mark.timeS - span.startS) * perS)) };
  });
  if (tile) {
    for (const { mark, x } of places) {
      pen.fillStyle = inkOf(mark, picture);
      pen.fillRect(x, plot.bottom + 1, 2, 4);
    }
    return;
  }
  if (marks.length <= maxLines) dottedLines(pen, picture, places);
  const y = plot.bottom + 2 + radiusPx;
  pen.font = fontOf(family, layoutOf(tile).fontPx - 3);
  pen.textAlign = 'left';
  pen.textBaseline = 'alphabetic';
  for (const { mark, x } of places) {
    drawShape(pen, mark.kind, { x: x + 0.5, y, ink: inkOf(mark, picture) });
    if (mark.count === 1) continue;
    pen.fillStyle = picture.colours.muted;
    pen.fillText(mark.count > 99 ? '99+' : String(mark.count), x + radiusPx + 2, y + radiusPx);
  }
}

function inkOf({ kind }: EventMark, { colours }: Picture): string {
  return kind === 'failed' || kind === 'reset' ? colours.note : colours.text;
}

function dottedLines(pen: Pen, { plot, colours }: Picture, places: readonly { readonly x: number }[]): void {
  pen.fillStyle = colours.gridStrong;
  for (const { x } of places) {
    for (let y = plot.bottom - dotsApartPx; y > plot.top; y -= dotsApartPx) pen.fillRect(x, y, 1, 1);
  }
}

function drawShape(
  pen: Pen,
  kind: MarkKind,
  at: { readonly x: number; readonly y: number; readonly ink: string },
): void {
  pen.fillStyle = at.ink;
  pen.strokeStyle = at.ink;
  pen.lineWidth = 1;
  pen.beginPath();
  outlines[kind](pen, at.x, at.y);
  if (kind === 'failed') {
    pen.lineWidth = 1.5;
    pen.stroke();
  } else if (kind === 'changed') pen.stroke();
  else pen.fill();
}

const r = radiusPx;

/** A triangle for a counter reset, a diamond for arrivals and departures, an empty square for a change, a cross for a failure. */
const outlines: Readonly<Record<MarkKind, (pen: Pen, x: number, y: number) => void>> = {
  reset: (pen, x, y) => polygon(pen, [x, y - r, x + r + 0.5, y + r, x - r - 0.5, y + r]),
  moved: (pen, x, y) => polygon(pen, [x, y - r - 0.5, x + r + 0.5, y, x, y + r + 0.5, x - r - 0.5, y]),
  changed: (pen, x, y) => pen.rect(x - 2, y - 2, 4, 4),
  failed: (pen, x, y) => {
    pen.moveTo(x - r, y - r);
    pen.lineTo(x + r, y + r);
    pen.moveTo(x - r, y + r);
    pen.lineTo(x + r, y - r);
  },
};

function polygon(pen: Pen, points: readonly number[]): void {
  for (let i = 0; i < points.length; i += 2) {
    if (i === 0) pen.moveTo(points[0] ?? 0, points[1] ?? 0);
    else pen.lineTo(points[i] ?? 0, points[i + 1] ?? 0);
  }
  pen.lineTo(points[0] ?? 0, points[1] ?? 0);
}
