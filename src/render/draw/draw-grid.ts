// The axes: pale lines over the drawing (they must be visible within areas too), labels, the zero line, the frame; and in an
// empty plot the sentence that says why.

import { layoutOf } from '../define/layout.js';
import type { Picture } from '../define/picture.js';
import type { TimeLabel } from '../define/time-axis.js';
import { fontOf, type Pen } from './pen.js';

/** Between a label and the edge of the card, and between two labels. */
const edgePx = 4;
const apartPx = 5;

/** Draws lines and labels of both axes. */
export function drawGrid(pen: Pen, picture: Picture, family: string): void {
  pen.lineWidth = 1;
  pen.textBaseline = 'alphabetic';
  const { fontPx } = layoutOf(picture.tile);
  pen.font = fontOf(family, fontPx);
  drawTimeAxis(pen, picture, family);
  pen.font = fontOf(family, fontPx);
  drawValueAxis(pen, picture);
  drawSentence(pen, picture, fontOf(family, fontPx + 2));
}

function drawValueAxis(pen: Pen, { plot, valueAxis, colours, sentence, heat }: Picture): void {
  const { minimum, maximum, ticks } = valueAxis;
  const perUnit = (plot.bottom - plot.top) / (maximum - minimum);
  const yOf = (value: number) => Math.round(plot.bottom - (value - minimum) * perUnit);
  pen.strokeStyle = colours.grid;
  pen.beginPath();
  for (const { value } of ticks) {
    // The rows of a heat map have names, and no values between them.
    if (value === 0 || sentence !== null || heat !== undefined) continue;
    pen.moveTo(plot.left, yOf(value) + 0.5);
    pen.lineTo(plot.right, yOf(value) + 0.5);
  }
  pen.stroke();
  pen.strokeStyle = colours.zero;
  pen.beginPath();
  pen.moveTo(plot.left, yOf(0) + 0.5);
  pen.lineTo(plot.right, yOf(0) + 0.5);
  pen.stroke();
  if (sentence !== null) return;
  pen.fillStyle = colours.muted;
  pen.textAlign = 'right';
  for (const { value, text } of ticks) pen.fillText(text, plot.left - 6, yOf(value) + 4);
}

function drawTimeAxis(pen: Pen, picture: Picture, family: string): void {
  const { plot, timeAxis, colours, tile } = picture;
  const { fontPx, markPx } = layoutOf(tile);
  const labels: PlacedLabel[] = [];
  // The strong labels are placed first; any other that would touch one is omitted.
  for (const strong of [true, false]) {
    pen.strokeStyle = strong ? colours.gridStrong : colours.grid;
    pen.beginPath();
    for (const line of timeAxis.lines) {
      if (line.strong !== strong) continue;
      const x = Math.min(plot.right - 1, Math.round(xOf(picture, line.atS))) + 0.5;
      pen.moveTo(x, plot.top);
      pen.lineTo(x, plot.bottom + 3);
    }
    pen.stroke();
    pen.fillStyle = strong ? colours.text : colours.muted;
    pen.font = fontOf(family, fontPx, strong ? 500 : 400);
    pen.textAlign = 'center';
    for (const label of timeAxis.labels) {
      if (label.strong !== strong) continue;
      const placed = placeLabel(pen, picture, label);
      if (labels.some((other) => placed.fromX < other.toX + apartPx && other.fromX < placed.toX + apartPx)) continue;
      labels.push(placed);
      pen.fillText(label.text, placed.x, plot.bottom + markPx + fontPx + 4);
    }
  }
}

/** Where a label is centred, and its extent. */
interface PlacedLabel {
  readonly x: number;
  readonly fromX: number;
  readonly toX: number;
}

// The last label is kept within the card.
function placeLabel(pen: Pen, picture: Picture, { atS, text }: TimeLabel): PlacedLabel {
  const half = pen.measureText(text).width / 2;
  const x = Math.min(xOf(picture, atS), picture.sizePx.width - edgePx - half);
  return { x, fromX: x - half, toX: x + half };
}

function xOf({ plot, span }: Picture, timeS: number): number {
  return plot.left + (timeS - span.startS) * ((plot.right - plot.left) / (span.endS - span.startS));
}

function drawSentence(pen: Pen, { plot, sentence, colours, tile }: Picture, font: string): void {
  if (sentence === null) return;
  pen.font = font;
  pen.textAlign = 'center';
  const x = (plot.left + plot.right) / 2;
  const y = (plot.top + plot.bottom) / 2 + 4;
  const colon = sentence.indexOf(': ') + 1;
  const lines = tile ? [sentence.slice(0, colon), sentence.slice(colon).trim()] : [sentence];
  lines.forEach((line, index) => {
    const width = pen.measureText(line).width;
    const baseline = y + (index - (lines.length - 1) / 2) * 16;
    pen.fillStyle = colours.card;
    pen.fillRect(x - width / 2 - 4, baseline - 12, width + 8, 16);
    pen.fillStyle = colours.muted;
    pen.fillText(line, x, baseline);
  });
}
