// The legend: a table below the plot with right-aligned figures; in a tile, one line.

import { layoutOf } from '../define/layout.js';
import type { ColourScale, LegendRow, Picture } from '../define/picture.js';
import { drawStrokes } from './draw-pattern.js';
import { firstFitting, fontOf, type Pen, scaledFont, shorterHosts } from './pen.js';

const samplePx = 10;
const cellGapPx = 16;

/** Draws the legend of a picture. */
export function drawLegend(pen: Pen, picture: Picture, family: string): void {
  if (picture.sentence !== null) return;
  pen.font = fontOf(family, layoutOf(picture.tile).fontPx);
  pen.textBaseline = 'alphabetic';
  if (picture.tile) drawLine(pen, picture);
  else if (picture.legend.labels === 'before') drawFigures(pen, picture);
  else drawTable(pen, picture);
}

// ■ in   last 812 M   avg 640 M: a label before each figure.
function drawFigures(pen: Pen, picture: Picture): void {
  const { legend, colours } = picture;
  const { marginPx, legendRowPx } = layoutOf(false);
  const nameX = marginPx + samplePx + 6;
  const baseline = (row: number) => legendTop(picture) + row * legendRowPx + 11;
  legend.rows.forEach((row, index) => {
    drawSample(pen, row, { x: marginPx, baseline: baseline(index), picture });
    drawText(pen, row.name, { x: nameX, y: baseline(index), colour: colours.text, align: 'left' });
    drawText(pen, row.remark, { x: nameX + 42, y: baseline(index), colour: colours.muted, align: 'left' });
  });
  let x = nameX + Math.max(28, ...legend.rows.map(({ name }) => pen.measureText(name).width)) + 14;
  legend.columns.forEach((label, column) => {
    const labelPx = pen.measureText(label).width;
    const cellPx = Math.max(0, ...legend.rows.map(({ cells }) => pen.measureText(cells[column] ?? '').width));
    const right = x + labelPx + 5 + Math.max(cellPx, 38);
    legend.rows.forEach((row, index) => {
      if (row.cells.length === 0) return;
      drawText(pen, label, { x, y: baseline(index), colour: colours.muted, align: 'left' });
      drawText(pen, row.cells[column] ?? '', { x: right, y: baseline(index), colour: colours.text, align: 'right' });
    });
    x = right + cellGapPx + 2;
  });
}

// Columns with their labels once above them, rows side by side in blocks.
function drawTable(pen: Pen, picture: Picture): void {
  const { legend, colours, sizePx } = picture;
  const { marginPx, legendRowPx } = layoutOf(false);
  const perBlock = Math.ceil(legend.rows.length / legend.across);
  const blockPx = (sizePx.width - 2 * marginPx - (legend.across - 1) * 2 * cellGapPx) / legend.across;
  const widths = legend.columns.map((label, column) =>
    Math.max(
      pen.measureText(label).width,
      ...legend.rows.map(({ cells }) => pen.measureText(cells[column] ?? '').width),
    ),
  );
  const top = legendTop(picture) + 11;
  if (legend.scale !== undefined) drawScale(pen, legend.scale, { x: marginPx, baseline: top, colour: colours.muted });
  for (let block = 0; block * perBlock < legend.rows.length; block++) {
    const left = marginPx + block * (blockPx + 2 * cellGapPx);
    const rights = widths.map(
      (_, column) => left + blockPx - widths.slice(column + 1).reduce((sum, width) => sum + width + cellGapPx, 0),
    );
    legend.columns.forEach((label, column) => {
      drawText(pen, label, { x: rights[column] ?? 0, y: top, colour: colours.muted, align: 'right' });
    });
    const nameEnd = (rights[0] ?? left) - (widths[0] ?? 0) - cellGapPx / 2;
    legend.rows.slice(block * perBlock, (block + 1) * perBlock).forEach((row, index) => {
      const y = top + (index + 1) * legendRowPx;
      drawSample(pen, row, { x: left, baseline: y, picture });
      drawName(pen, row, { x: left + samplePx + 6, y, end: nameEnd, picture });
      row.cells.forEach((cell, column) => {
        drawText(pen, cell, { x: rights[column] ?? 0, y, colour: colours.text, align: 'right' });
      });
    });
  }
}

const swatchPx = 6;

// 0 ▁▂▃▄ 1.37 M, before the labels of the columns.
function drawScale(pen: Pen, scale: ColourScale, at: { x: number; baseline: number; colour: string }): void {
  const { x, baseline: y, colour } = at;
  drawText(pen, scale.from, { x, y, colour, align: 'left' });
  const left = Math.round(x + pen.measureText(scale.from).width + 5);
  scale.colours.forEach((fill, index) => {
    pen.fillStyle = fill;
    pen.fillRect(left + index * swatchPx, y - 9, swatchPx, 10);
  });
  drawText(pen, scale.to, { x: left + scale.colours.length * swatchPx + 5, y, colour, align: 'left' });
}

function drawLine(pen: Pen, picture: Picture): void {
  const { legend, colours, sizePx } = picture;
  const { marginPx, legendRowPx } = layoutOf(true);
  const y = legendTop(picture) + legendRowPx - 4;
  let x = marginPx;
  if (legend.scale !== undefined) {
    drawScale(pen, legend.scale, { x, baseline: y, colour: colours.muted });
    return;
  }
  for (const row of legend.rows) {
    const figures =
      row.remark !== '' ? [row.remark] : legend.columns.map((label, column) => `${label} ${row.cells[column] ?? ''}`);
    const text = legend.labels === 'before' ? figures.join('  ') : '';
    const namePx = pen.measureText(row.name).width;
    const end = x + samplePx + 4 + namePx + (text === '' ? 0 : 6 + pen.measureText(text).width);
    if (end > sizePx.width - marginPx) return;
    drawSample(pen, row, { x, baseline: y, picture });
    drawText(pen, row.name, { x: x + samplePx + 4, y, colour: colours.text, align: 'left' });
    drawText(pen, text, { x: x + samplePx + 10 + namePx, y, colour: colours.muted, align: 'left' });
    x = end + 12;
  }
}

function drawName(pen: Pen, row: LegendRow, at: { x: number; y: number; end: number; picture: Picture }): void {
  const { colours } = at.picture;
  const namePx = pen.measureText(row.name).width;
  const font = pen.font;
  // An address is never truncated; a long one is set in smaller type.
  if (namePx > at.end - at.x) pen.font = scaledFont(font, (at.end - at.x) / namePx);
  drawText(pen, row.name, { x: at.x, y: at.y, colour: colours.text, align: 'left' });
  pen.font = font;
  const x = at.x + namePx + 6;
  const hosts = firstFitting(pen, shorterHosts(row.hosts), at.end - x);
  drawText(pen, hosts, { x, y: at.y, colour: colours.muted, align: 'left' });
}

function drawSample(pen: Pen, row: LegendRow, at: { x: number; baseline: number; picture: Picture }): void {
  const { form, fill, edge, pattern } = row.style;
  const box = { left: at.x, top: at.baseline - 9, right: at.x + samplePx, bottom: at.baseline + 1 };
  if (form === 'line' || form === 'thin') {
    pen.fillStyle = edge;
    pen.fillRect(box.left, box.top + 4, samplePx, form === 'thin' ? 1 : 2);
    return;
  }
  if (fill === '') return;
  pen.fillStyle = form === 'area' ? edge : fill;
  pen.fillRect(box.left, box.top, samplePx, samplePx);
  if (form === 'area') {
    pen.fillStyle = fill;
    pen.fillRect(box.left, box.top + 2, samplePx, samplePx - 2);
  }
  if (pattern === 'plain') return;
  pen.save();
  pen.beginPath();
  pen.rect(box.left, box.top, samplePx, samplePx);
  pen.clip();
  drawStrokes(pen, pattern, box);
  pen.strokeStyle = at.picture.colours.pattern;
  pen.lineWidth = 1;
  pen.stroke();
  pen.restore();
}

function drawText(pen: Pen, text: string, at: { x: number; y: number; colour: string; align: 'left' | 'right' }): void {
  if (text === '') return;
  pen.fillStyle = at.colour;
  pen.textAlign = at.align;
  pen.fillText(text, at.x, at.y);
}

function legendTop({ plot, tile }: Picture): number {
  const layout = layoutOf(tile);
  return plot.bottom + layout.timeLabelPx + (tile ? 0 : 3);
}
